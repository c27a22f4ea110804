"""Judged by hand, by the marginal game where columns are independent, and by drawing."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, all_coalitions, exact_shapley
from metaxai_lab.explainers.conditional_values import conditional_shapley, given_known


def linear(weights):
    return lambda x: x @ torch.tensor(weights, dtype=x.dtype)[:, None]


def test_a_column_that_the_model_does_not_read_by_hand():
    # correlation 1/2, f = first column, row (2, 2): v() = 0, v(1) = 2, v(2) = 1, v(12) = 2
    found = conditional_shapley(
        linear([1.0, 0.0]),
        torch.tensor([[2.0, 2.0]]),
        background=torch.zeros(1, 2),
        covariance=torch.tensor([[1.0, 0.5], [0.5, 1.0]]),
    )
    assert torch.allclose(found.values, torch.tensor([[1.5, 0.5]]))
    assert torch.allclose(found.gap, torch.zeros(1))


def test_independent_columns_give_the_marginal_values():
    weights = [1.0, -2.0, 0.5]
    rows = torch.randn(4, 3, generator=seeded(0))
    background = torch.zeros(1, 3)
    given = conditional_shapley(
        linear(weights), rows, background=background, covariance=torch.diag(torch.ones(3))
    )
    marginal = exact_shapley(Game(linear(weights), background), rows)
    assert torch.allclose(given.values, marginal.values, atol=1e-5)


def covariance_of(n):
    root = torch.randn(n, n, generator=seeded(1), dtype=torch.float64)
    return root @ root.T + torch.eye(n, dtype=torch.float64)


def test_what_is_known_moves_the_rest_by_the_regression_on_it():
    covariance = covariance_of(4)
    known = torch.tensor([[True, False, True, False]])
    shift = given_known(covariance, known)[0]
    s, rest = [0, 2], [1, 3]
    slopes = torch.linalg.solve(covariance[s][:, s], covariance[s][:, rest])
    assert torch.allclose(shift[s][:, rest], slopes)
    assert torch.allclose(shift[s][:, s], torch.eye(2, dtype=torch.float64), atol=1e-12)
    assert not shift[rest].any()


def test_a_bent_model_against_draws_of_the_conditional_law():
    covariance = covariance_of(2)
    root = torch.linalg.cholesky(covariance)
    background = torch.randn(200_000, 2, generator=seeded(2), dtype=torch.float64) @ root.T
    row = torch.tensor([[1.0, -1.0]], dtype=torch.float64)

    def square(x):
        return x[..., 1:].square()

    found = conditional_shapley(square, row, background=background, covariance=covariance)
    slope = covariance[0, 1] / covariance[0, 0]
    seen_first = slope**2 + covariance[1, 1] - slope * covariance[0, 1]  # E[b^2 | a = 1]
    none, whole = covariance[1, 1], torch.tensor(1.0)
    first = ((seen_first - none) + (whole - 1.0)) / 2
    assert found.values[0, 0] == pytest.approx(float(first), abs=0.03)


def test_a_stack_of_tasks_is_as_each_alone():
    covariance = torch.stack([covariance_of(3), torch.eye(3, dtype=torch.float64)])
    rows = torch.randn(2, 5, 3, generator=seeded(3), dtype=torch.float64)
    zero = torch.zeros(2, 1, 3, dtype=torch.float64)
    model = linear([1.0, 2.0, 3.0])
    both = conditional_shapley(model, rows, background=zero, covariance=covariance)
    for task in range(2):
        alone = conditional_shapley(
            model, rows[task], background=zero[task], covariance=covariance[task]
        )
        assert torch.allclose(both.values[task], alone.values)


def test_nothing_known_moves_nothing():
    assert not given_known(covariance_of(3), all_coalitions(3)[:1]).any()


def test_bad_covariances_are_refused():
    rows = torch.zeros(1, 2)
    with pytest.raises(ValueError, match="not positive definite"):
        given_known(torch.ones(2, 2), all_coalitions(2))
    with pytest.raises(ValueError, match="a covariance of 2 x 2"):
        conditional_shapley(linear([1.0, 1.0]), rows, background=rows, covariance=torch.eye(3))
