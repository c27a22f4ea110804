"""Integrated gradients of small models are known by hand."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, Explainer, initialised_with, seeded
from metaxai_lab.explainers import integrated_gradients
from metaxai_lab.learners import ProtoNet

WEIGHTS = torch.randn(6, 3, generator=seeded(0))
X = torch.rand(5, 6, generator=seeded(1))


def linear(x):
    return x @ WEIGHTS + 1


def product(x):
    return x[:, :2].prod(-1, keepdim=True)


def test_of_a_linear_model_a_column_has_its_weight_times_its_value():
    found = integrated_gradients(linear, X, target=1, n_steps=1)
    torch.testing.assert_close(found.values, X * WEIGHTS[:, 1], atol=1e-5, rtol=0)


def test_two_factors_share_their_product_evenly():
    found = integrated_gradients(product, torch.tensor([[3.0, 5.0, 7.0]]), target=0)
    torch.testing.assert_close(found.values, torch.tensor([[7.5, 7.5, 0.0]]))


def test_from_a_baseline_the_path_begins_there():
    # along (1, 1) + t (2, 4) the slopes are 1 + 4t and 1 + 2t; their means are 3 and 2
    start = torch.ones(2)
    found = integrated_gradients(product, torch.tensor([[3.0, 5.0]]), target=0, baseline=start)
    torch.testing.assert_close(found.values, torch.tensor([[6.0, 8.0]]))
    assert found.reference.tolist() == [1.0]


def test_more_steps_leave_less_unexplained():
    def bent(x):
        return (10 * x - 4).sigmoid() @ WEIGHTS

    gaps = [integrated_gradients(bent, X, target=0, n_steps=n).gap.abs().max() for n in (2, 8, 64)]
    assert gaps[0] > 10 * gaps[1] > 100 * gaps[2]


def test_an_adapted_model_is_explained_all_the_way():
    with initialised_with(seeded(2)):
        learner = ProtoNet(nn.Sequential(nn.Linear(6, 8), nn.Tanh()))
    model = learner.adapt(Examples(X[:4], torch.tensor([0, 1, 0, 1])))
    found = integrated_gradients(model, X, target=1, n_steps=64)
    torch.testing.assert_close(found.gap, torch.zeros(5), atol=1e-4, rtol=0)
    assert found.output.abs().min() > 1e-3


def test_it_leaves_no_gradient_in_the_learner():
    learner = ProtoNet(nn.Linear(6, 4))
    model = learner.adapt(Examples(X[:2], torch.tensor([0, 1])))
    found = integrated_gradients(model, X, target=0)
    assert learner.embed.weight.grad is None
    assert not found.values.requires_grad
    assert not found.output.requires_grad


def test_a_model_may_be_explained_twice():
    learner = ProtoNet(nn.Linear(6, 4))
    model = learner.adapt(Examples(X[:2], torch.tensor([0, 1])))
    once, again = (integrated_gradients(model, X, target=0).values for _ in range(2))
    assert torch.equal(once, again)


def test_how_many_rows_go_at_once_does_not_matter():
    few = integrated_gradients(linear, X, target=0, at_once=1).values
    torch.testing.assert_close(few, integrated_gradients(linear, X, target=0).values)


def test_stacked_tasks_with_a_target_for_each_row_are_explained_as_one_by_one():
    weights = torch.randn(2, 6, 3, generator=seeded(2))
    x, each = torch.rand(2, 4, 6, generator=seeded(3)), torch.tensor([[0, 2, 1, 1], [2, 0, 0, 1]])
    for at_once in (1, 1000):
        stacked = integrated_gradients(
            lambda x: (x @ weights).tanh(), x, target=each, n_steps=5, at_once=at_once
        )
        for task, row in ((0, 0), (0, 1), (1, 0), (1, 3)):
            one = integrated_gradients(
                lambda x, w=weights[task]: (x @ w).tanh(),
                x[task, row : row + 1],
                target=int(each[task, row]),
                n_steps=5,
            )
            torch.testing.assert_close(stacked.values[task, row], one.values[0])
            torch.testing.assert_close(stacked.reference[task, row], one.reference[0])


def test_it_is_an_explainer():
    assert isinstance(integrated_gradients, Explainer)


def test_a_path_without_points_is_refused():
    with pytest.raises(ValueError, match="found n_steps 0"):
        integrated_gradients(linear, X, target=0, n_steps=0)


def test_a_target_that_is_no_output_is_refused():
    with pytest.raises(ValueError, match="target 3 is none"):
        integrated_gradients(linear, X, target=3)


def test_a_model_that_refuses_is_not_moved_by_the_question():
    learner = ProtoNet(nn.BatchNorm1d(6)).eval()
    x = torch.randn(4, 6, generator=seeded(1))
    model = learner.adapt(Examples(x, torch.tensor([0, 1, 0, 1])))
    learner.train()
    with pytest.raises(RuntimeError, match="training mode"):
        integrated_gradients(model, x, target=0)
    assert learner.embed.num_batches_tracked == 0
