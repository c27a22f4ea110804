"""Infidelity of a linear model is known by hand; stacked tasks and lots go as one by one."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation import infidelity
from metaxai_lab.explainers import gradient, gradient_times_input, integrated_gradients

WEIGHTS = torch.randn(16, 3, generator=seeded(0))
X = torch.rand(5, 16, generator=seeded(1)) + 0.1


def linear(x):
    return x @ WEIGHTS + 1


def bent(x):
    """Multiply what two halves of the columns say."""
    return (3 * x[..., :8] @ WEIGHTS[:8]).tanh() * (x[..., 8:] @ WEIGHTS[8:])


def explanation(values, x=X):
    zeros = torch.zeros(x.shape[:-1])
    return Attribution(values, x, zeros, zeros)


def asked(found, model=linear, *, target=1, seed=2, **knobs):
    return infidelity(model, found, target=target, generator=seeded(seed), **knobs)


@pytest.mark.parametrize("scaled", [True, False])
def test_what_a_linear_model_loses_is_what_its_columns_add(scaled):
    score = asked(gradient_times_input(linear, X, target=1), scaled=scaled)
    torch.testing.assert_close(score.values, torch.zeros(5), atol=1e-4, rtol=0)
    assert score.chance.min() > 0.5
    assert not score.higher_is_better


def test_the_chance_of_two_columns_worked_by_hand():
    # of 1 and 2, half of the draws lose each: the losses 0, 1, 2, 3 are alike often
    found = explanation(torch.zeros(1, 2), torch.tensor([[1.0, 2.0]]))
    score = asked(found, lambda x: x.sum(-1, keepdim=True), target=0, n_draws=20000)
    assert score.mean_chance == pytest.approx((0 + 1 + 4 + 9) / 4, abs=0.1)
    assert torch.equal(score.values, score.chance)


def test_a_wrong_value_costs_its_square_as_often_as_its_column_is_blanked():
    values = X * WEIGHTS[:, 1]
    values[:, 3] += 2
    score = asked(explanation(values), scaled=False, n_draws=20000)
    torch.testing.assert_close(score.values, torch.full((5,), 2.0), atol=0.1, rtol=0)


def test_the_scale_matters_only_where_it_is_told_to():
    right = gradient_times_input(linear, X, target=1).values
    scaled, plain = (asked(explanation(7 * right), scaled=s) for s in (True, False))
    assert scaled.values.max() < 1e-3
    assert plain.values.min() > 1


def test_columns_are_blanked_with_the_fill():
    fill = torch.full((16,), 0.5)
    found = integrated_gradients(linear, X, target=1, baseline=fill)
    assert asked(found, scaled=False, fill=fill).values.max() < 1e-4
    assert asked(found, scaled=False).values.min() > 0.01


def test_squares_are_blanked_as_one():
    sums = (X * WEIGHTS[:, 1]).reshape(5, 2, 2, 2, 2).sum((2, 4)) / 4
    spread = sums.repeat_interleave(2, 1).repeat_interleave(2, 2).flatten(1)
    assert asked(explanation(spread), cell=2, scaled=False).values.max() < 1e-4
    assert asked(explanation(spread), cell=1, scaled=False).values.min() > 0.01


@pytest.mark.parametrize("at_once", [1, 10, 12])
def test_how_many_rows_go_at_once_does_not_matter(at_once):
    found = gradient(bent, X, target=1)
    few, many = (asked(found, bent, n_draws=7, at_once=n) for n in (at_once, 10000))
    torch.testing.assert_close(few.values, many.values)


def test_the_chance_level_asks_the_model_nothing_anew():
    questions = []

    def told(x):
        questions.append(x.numpy().tobytes())
        return linear(x)

    asked(gradient_times_input(linear, X, target=1), told)
    assert len(questions) == len(set(questions)) > 1


def test_stacked_tasks_with_a_target_for_each_row_are_judged_each_by_its_model():
    weights = torch.randn(2, 6, 3, generator=seeded(3))
    x, each = torch.rand(2, 4, 6, generator=seeded(4)), torch.tensor([[0, 2, 1, 1], [2, 0, 0, 1]])
    found = gradient_times_input(lambda x: x @ weights, x, target=each)
    score = asked(found, lambda x: x @ weights, target=each, scaled=False)
    assert score.values.shape == (2, 4)
    assert score.values.max() < 1e-6
    assert score.chance.min() > 1e-3


def test_an_explanation_of_a_bent_model_is_better_than_none_and_worse_than_of_a_linear_one():
    score = asked(integrated_gradients(bent, X, target=1), bent)
    assert 1e-3 < score.mean < 0.5 * score.mean_chance


def test_the_draws_come_from_the_generator():
    found = gradient(bent, X, target=1)
    assert torch.equal(asked(found, bent, seed=1).values, asked(found, bent, seed=1).values)
    assert not torch.equal(asked(found, bent, seed=1).values, asked(found, bent, seed=2).values)


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="found 0"):
        asked(explanation(X), n_draws=0)


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="needs finite values"):
        asked(explanation(X / 0))


def test_values_of_another_shape_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"each column of \(5, 16\) inputs"):
        asked(explanation(X[:, :15]))
