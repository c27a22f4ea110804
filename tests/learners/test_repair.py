"""Reasons and penalties by hand, and a repair that moves the reasons."""

from copy import deepcopy

import jaxtyping
import pytest
import torch
from torch import nn

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import (
    AttentiveLearner,
    Marked,
    ProtoNet,
    attention_penalty,
    guided_loss,
    lead,
    meta_train,
    reason_penalty,
    reasons,
    share,
)

WEIGHTS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
ROW = torch.tensor([[1.0, 2.0, 1.0]])
STAMP = torch.tensor([[False, False, True]])


def linear(x):
    return x @ WEIGHTS


def test_outputs_that_agree_have_the_smallest_lead():
    assert lead(torch.zeros(4)) == pytest.approx(torch.log(torch.tensor(4.0)).item())


def test_reasons_of_a_linear_model_are_worked_out_by_hand():
    p = linear(ROW).softmax(-1)[0, 0] - 0.5
    torch.testing.assert_close(reasons(linear, ROW), torch.tensor([[1.0, -2.0, 3.0]]) * p)


def test_reasons_are_found_where_gradients_are_off():
    with torch.no_grad():
        assert reasons(linear, ROW).abs().sum() > 0


def test_a_share_is_a_part_of_the_sizes_and_nought_of_nothing():
    sizes = torch.tensor([[1.0, 1.0, 3.0], [0.0, 0.0, 0.0]])
    assert share(sizes, STAMP.expand(2, -1)).tolist() == pytest.approx([0.6, 0.0])


def test_the_penalty_of_a_linear_model_is_worked_out_by_hand():
    assert reason_penalty(linear, ROW, STAMP).item() == pytest.approx(0.5)


def test_being_less_sure_does_not_lower_the_penalty():
    faint = reason_penalty(lambda x: 0.01 * linear(x), ROW, STAMP)
    assert faint.item() == pytest.approx(0.5, abs=1e-4)


def test_the_penalty_has_a_gradient_that_a_learner_can_follow():
    weights = WEIGHTS.clone().requires_grad_()
    reason_penalty(lambda x: x @ weights, ROW, STAMP).backward()
    assert weights.grad is not None
    assert weights.grad[2, 0] > 0  # a smaller weight on the stamp is a smaller penalty


def test_attention_on_marked_cells_costs_minus_the_log_of_the_rest():
    with initialised_with(seeded(0)):
        learner = AttentiveLearner(2, dim=4, focus="uniform")
    x = torch.rand(2, 784, generator=seeded(1))
    model = learner.adapt(Examples(x, torch.tensor([0, 1])))
    marked = torch.zeros(2, 28, 28, dtype=torch.bool)
    marked[:, 0, :7] = True  # touches two of 49 cells
    wanted = -torch.log(torch.tensor(47 / 49)).item()
    assert attention_penalty(model, x, marked.flatten(1)).item() == pytest.approx(wanted, abs=1e-5)


def test_a_model_without_attention_is_refused():
    with pytest.raises(TypeError, match="has no attention to punish"):
        attention_penalty(linear, ROW, STAMP)


def test_nothing_marked_is_refused():
    with pytest.raises(ValueError, match="nothing is marked"):
        Marked(ROW, ~STAMP & STAMP)


def test_marks_of_another_shape_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"\(1, 3\) of the pictures; found \(2, 3\)"):
        Marked(ROW, STAMP.expand(2, -1))


def tasks(generator):
    """Both columns tell the class, column 1 with less noise; in each task with signs of its own."""
    y = torch.tensor([0, 0, 1, 1]).repeat(8, 1)
    noise = torch.randn(8, 2, 4, 2, generator=generator) * torch.tensor([0.3, 0.1])
    signs = torch.randint(2, (8, 1, 1, 2), generator=generator) * 2.0 - 1
    x = (2.0 * y[:, None, :, None] - 1) * signs + noise
    return Episode(Examples(x[:, 0], y), Examples(x[:, 1], y))


def test_a_repair_takes_the_reasons_off_the_marked_column_and_keeps_the_answers():
    with initialised_with(seeded(0)):
        before = ProtoNet(nn.Linear(2, 4))
    marked = Marked(torch.ones(2, 2), torch.tensor([[False, True]] * 2))
    after = deepcopy(before)
    loss = guided_loss(marked, generator=seeded(1))
    meta_train(after, tasks, loss, steps=200, outer_lr=0.05, generator=seeded(2), progress=False)
    episode = tasks(seeded(3))
    where = torch.tensor([False, True]).expand_as(episode.query.x)

    def on_column(learner):
        return share(reasons(learner.adapt(episode.support), episode.query.x).abs(), where).mean()

    assert on_column(before) > 0.4
    assert on_column(after) < 0.1
    right = after.adapt(episode.support)(episode.query.x).argmax(-1) == episode.query.y
    assert right.float().mean() > 0.95
