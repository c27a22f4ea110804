"""The printed equations over a support set: the last step of the sequence, and nothing else."""

import pytest
import torch
import torch.nn.functional as F

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.learners.printed_few_shot import PrintedFewShot

N_IN, WAY, N = 3, 2, 6


def learner_of():
    with initialised_with(seeded(0)):
        return PrintedFewShot(N_IN, n_way=WAY, n_support=N, n_hidden=5)


def task():
    g = seeded(1)
    support = Examples(torch.randn(N, N_IN, generator=g), torch.arange(N) % WAY)
    return support, torch.randn(4, N_IN, generator=g)


def test_it_is_the_last_step_of_the_printed_equations():
    learner, (support, x) = learner_of(), task()
    model = learner.adapt(support)
    tokens = torch.cat([support.x, F.one_hot(support.y, WAY).float()], -1)
    asked = torch.cat([x, torch.zeros(4, WAY)], -1)
    sequences = torch.cat([tokens.expand(4, N, -1), asked.unsqueeze(1)], 1)
    answers, weights = learner.printed(sequences)
    assert torch.allclose(model(x), answers[:, -1], atol=1e-6)
    assert torch.allclose(model.support_weights(x), weights[:, -1, :-1], atol=1e-6)


def test_fewer_rows_are_read_as_a_shorter_sequence():
    learner, (support, x) = learner_of(), task()
    short = Examples(support.x[:4], support.y[:4])
    weights = learner.adapt(short).support_weights(x)
    assert weights.shape == (4, 4)
    assert bool((weights.sum(-1) < 1).all())


def test_stacked_tasks_are_as_one_by_one():
    learner, (support, x) = learner_of(), task()
    other = Examples(support.x.flip(0), support.y.flip(0))
    both = Examples(torch.stack([support.x, other.x]), torch.stack([support.y, other.y]))
    found = learner.adapt(both)(torch.stack([x, x]))
    assert torch.allclose(found[1], learner.adapt(other)(x), atol=1e-6)


def test_too_many_rows_and_unknown_labels_are_refused():
    learner, (support, _) = learner_of(), task()
    with pytest.raises(ValueError, match=r"up to 6 support rows of 2 classes.*found 6 .* label 2"):
        learner.adapt(Examples(support.x, support.y + 1))
    more = Examples(torch.cat([support.x, support.x[:1]]), torch.cat([support.y, support.y[:1]]))
    with pytest.raises(ValueError, match="found 7 rows"):
        learner.adapt(more)
