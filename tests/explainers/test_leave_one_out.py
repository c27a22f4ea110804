"""Leaving one out, all at once, is leaving out one by one."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.explainers import leave_one_out
from metaxai_lab.explainers.influence import said_of
from metaxai_lab.explainers.leave_one_out import without
from metaxai_lab.learners import Maml, Matching, Mlp, ProtoNet, Recurrent

X = torch.randn(2, 6, 4, generator=seeded(0))
Y = torch.tensor([[0, 0, 1, 1, 2, 2], [2, 1, 0, 0, 1, 2]])
SUPPORT = Examples(X, Y)
QUERY = torch.randn(2, 3, 4, generator=seeded(1))
TARGET = torch.tensor([[0, 1, 2], [2, 2, 1]])


def learners():
    with initialised_with(seeded(2)):
        return [
            ProtoNet(nn.Identity()),
            Matching(nn.Identity(), dim=4),
            Maml(Mlp(4, (8,), 3), inner_lr=0.1, inner_steps=3),
            Recurrent(4, 3, 8),
        ]


def one_by_one(learner, support, x, target):
    """Leave out each row of one task in a plain loop."""
    whole, lost = said_of(learner.adapt(support)(x), target), []
    for left_out in range(len(support.y)):
        kept = [row for row in range(len(support.y)) if row != left_out]
        model = learner.adapt(Examples(support.x[kept], support.y[kept]))
        lost.append(whole - said_of(model(x), target))
    return torch.stack(lost, -1).detach()


@pytest.mark.parametrize("learner", learners(), ids=lambda learner: type(learner).__name__)
def test_all_at_once_is_one_by_one(learner):
    found = leave_one_out(learner, SUPPORT, QUERY, TARGET)
    for task in range(2):
        alone = Examples(X[task], Y[task])
        wanted = one_by_one(learner, alone, QUERY[task], TARGET[task])
        torch.testing.assert_close(found.values[task], wanted, atol=1e-5, rtol=1e-4)
        single = leave_one_out(learner, alone, QUERY[task], TARGET[task])
        torch.testing.assert_close(single.values, wanted, atol=1e-5, rtol=1e-4)


def test_of_a_mean_it_is_known_by_hand():
    learner = Mean()
    support = Examples(torch.zeros(3, 1), torch.tensor([1.0, 2.0, 6.0]))
    found = leave_one_out(learner, support, torch.zeros(2, 1), 0)
    # the mean is 3; without each row 4, 3.5 and 1.5
    assert found.values.tolist() == [[-1, -0.5, 1.5]] * 2
    assert found.unit == "target"


class Mean(nn.Module):
    """Predicts the mean of the support targets."""

    def adapt(self, support):
        mean = support.y.mean(-1)[..., None, None]
        return lambda x: mean.expand(*x.shape[:-1], 1)


def test_without_leaves_out_the_row_that_is_named():
    counting = Examples(torch.arange(4.0).unsqueeze(-1), torch.arange(4))
    left = without(counting, torch.tensor([0, 2, 3]))
    assert left.y.tolist() == [[1, 2, 3], [0, 1, 3], [0, 1, 2]]
    assert torch.equal(left.x.squeeze(-1).long(), left.y)


@pytest.mark.parametrize("at_once", [1, 4, 100])
def test_how_many_are_left_out_at_once_does_not_matter(at_once):
    learner = learners()[0]
    found = leave_one_out(learner, SUPPORT, QUERY, 1, at_once=at_once)
    torch.testing.assert_close(found.values, leave_one_out(learner, SUPPORT, QUERY, 1).values)


def test_two_equal_rows_have_equal_influence():
    twins = Examples(X[0][[0, 0, 2, 3, 4, 5]], Y[0])
    for learner in learners()[:3]:  # to a reader it matters which of them comes last
        values = leave_one_out(learner, twins, QUERY[0], 1).values
        torch.testing.assert_close(values[:, 0], values[:, 1])


def test_it_leaves_no_gradient_behind():
    assert not leave_one_out(learners()[2], SUPPORT, QUERY, 0).values.requires_grad


def test_emptying_a_class_is_refused():
    with pytest.raises(ValueError, match="episodes with k_shot=2 or more"):
        leave_one_out(learners()[0], Examples(X[0][:3], torch.arange(3)), QUERY[0], 0)


def test_a_learner_in_training_mode_is_refused():
    learner = ProtoNet(nn.Sequential(nn.Linear(4, 4), nn.Dropout()))
    with pytest.raises(ValueError, match=r"Call eval\(\)"):
        leave_one_out(learner, SUPPORT, QUERY, 0)


def test_fewer_than_one_at_once_are_refused():
    with pytest.raises(ValueError, match="at_once counts support rows and is 1 or more; found 0"):
        leave_one_out(learners()[0], SUPPORT, QUERY, 0, at_once=0)
