"""Gradients of small models are known by hand."""

import jaxtyping
import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, Explainer, seeded
from metaxai_lab.explainers import gradient, gradient_times_input
from metaxai_lab.learners import ProtoNet

BOTH = pytest.mark.parametrize("explain", [gradient, gradient_times_input])
WEIGHTS = torch.randn(6, 3, generator=seeded(0))
X = torch.rand(5, 6, generator=seeded(1))


def linear(x):
    return x @ WEIGHTS + 1


def cubes(x):
    return (x**3).sum(-1, keepdim=True)


def test_the_slope_of_a_linear_model_is_its_weight_with_its_sign():
    found = gradient(linear, X, target=1)
    torch.testing.assert_close(found.values, WEIGHTS[:, 1].expand(5, 6))
    assert found.values.min() < 0


def test_the_slope_of_a_cube_worked_by_hand():
    found = gradient(cubes, torch.tensor([[1.0, -2.0, 0.5]]), target=0)
    torch.testing.assert_close(found.values, torch.tensor([[3.0, 12.0, 0.75]]))


def test_times_the_input_worked_by_hand():
    found = gradient_times_input(cubes, torch.tensor([[1.0, -2.0, 0.5]]), target=0)
    torch.testing.assert_close(found.values, torch.tensor([[3.0, -24.0, 0.375]]))


def test_times_the_input_a_linear_model_is_explained_all_the_way():
    gap = gradient_times_input(linear, X, target=2).gap
    torch.testing.assert_close(gap, torch.zeros(5), atol=1e-5, rtol=0)


def test_the_product_is_the_slope_times_the_input():
    slopes = gradient(cubes, X, target=0).values
    torch.testing.assert_close(gradient_times_input(cubes, X, target=0).values, slopes * X)


def test_each_has_its_own_unit():
    assert gradient(linear, X, target=0).unit == "log-odds for a step of 1"
    assert gradient_times_input(linear, X, target=0).unit == "log-odds"


@BOTH
def test_the_output_and_the_reference_are_those_of_the_target(explain):
    found = explain(linear, X, target=1, baseline=torch.ones(6))
    torch.testing.assert_close(found.output, linear(X)[:, 1])
    torch.testing.assert_close(found.reference, linear(torch.ones(5, 6))[:, 1])


@BOTH
def test_stacked_tasks_are_explained_as_one_by_one(explain):
    weights = torch.randn(2, 6, 3, generator=seeded(2))
    x = torch.rand(2, 4, 6, generator=seeded(3))
    stacked = explain(lambda x: (x @ weights) ** 2, x, target=1)
    for task in range(2):
        one = explain(lambda x, w=weights[task]: (x @ w) ** 2, x[task], target=1)
        torch.testing.assert_close(stacked.values[task], one.values)
        torch.testing.assert_close(stacked.reference[task], one.reference)


@BOTH
def test_each_row_may_have_its_own_target(explain):
    each = torch.tensor([2, 0, 1, 1, 0])
    found = explain(linear, X, target=each)
    for row, target in enumerate(each.tolist()):
        one = explain(linear, X[row : row + 1], target=target)
        torch.testing.assert_close(found.values[row], one.values[0])
        torch.testing.assert_close(found.output[row], one.output[0])


@BOTH
def test_it_leaves_no_gradient_behind(explain):
    learner, x = ProtoNet(nn.Linear(6, 4)), X.clone()
    model = learner.adapt(Examples(x[:2], torch.tensor([0, 1])))
    found = explain(model, x, target=0)
    assert learner.embed.weight.grad is None
    assert x.grad is None
    assert not x.requires_grad
    assert not found.values.requires_grad
    assert not found.output.requires_grad


@BOTH
def test_it_explains_where_gradients_are_off(explain):
    with torch.no_grad():
        values = explain(cubes, X, target=0).values
    torch.testing.assert_close(values, explain(cubes, X, target=0).values)


@BOTH
def test_it_is_an_explainer(explain):
    assert isinstance(explain, Explainer)


@BOTH
def test_a_target_that_is_no_output_is_refused(explain):
    with pytest.raises(ValueError, match="target 3 is none"):
        explain(linear, X, target=3)


@BOTH
def test_a_baseline_of_other_columns_is_refused(explain, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="with 6 columns; it has 5"):
        explain(linear, X, target=0, baseline=torch.zeros(5))
