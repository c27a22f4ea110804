"""Nets of modes learn side by side, and close what they do not need."""

import pytest
import torch

from metaxai_lab.classroom.mode_nets import Lessons, ModeNets, train_modes
from metaxai_lab.core import seeded


def test_each_row_gets_its_answers_alone_and_in_any_stack():
    nets = ModeNets(torch.randn(50, 4, generator=seeded(0)), generator=seeded(1))
    x = torch.randn(2, 3, 4, generator=seeded(2))
    assert nets(x).shape == (2, 3, 3)
    assert torch.allclose(nets(x)[1, 2], nets(x[1, 2][None])[0], atol=1e-5)


def test_shrinking_shortens_a_column_by_the_same_length_down_to_nothing():
    nets = ModeNets(torch.randn(50, 4, generator=seeded(0)), generator=seeded(1))
    with torch.no_grad():
        nets.first[0, 1] = 0.0
        nets.first[0, 1, 0] = 0.01
    before = nets.first.norm(dim=2)
    nets.shrink(0.05)
    after = nets.first.norm(dim=2)
    assert float(after[0, 1].detach()) == 0
    assert torch.allclose(after, (before - 0.05).clamp_min(0), atol=1e-6)


def test_nets_learn_which_column_decides_which_mode():
    g = seeded(0)
    x = torch.randn(4000, 4, generator=g)
    modes = torch.stack([x[:, 0] > 1.5, x[:, 2] < -1.5], 1)
    nets = train_modes(x, modes, lessons=Lessons(steps=300), generator=g)
    new = torch.randn(2000, 4, generator=g)
    right = (nets(new) > 0) == torch.stack([new[:, 0] > 1.5, new[:, 2] < -1.5], 1)
    assert float(right.float().mean()) > 0.97
    length = nets.first.norm(dim=2)
    assert length[0].argmax() == 0
    assert length[1].argmax() == 2


def test_without_failures_there_is_nothing_to_learn():
    with pytest.raises(ValueError, match="no run of these failed"):
        train_modes(torch.zeros(5, 2), torch.zeros(5, 3).bool(), generator=seeded(0))


def test_a_column_that_never_changed_in_training_is_closed_whatever_it_says_later():
    g = seeded(0)
    x = torch.randn(2000, 3, generator=g)
    x[:, 1] = 400.1
    nets = train_modes(x, x[:, :1] > 1.0, lessons=Lessons(steps=50), generator=g)
    other = x[:20].clone()
    other[:, 1] += 7.0
    assert torch.equal(nets(other), nets(x[:20]))
