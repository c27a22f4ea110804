"""Ridge and lasso against scikit-learn, a number by hand, and themselves on a stack."""

import pytest
import torch
from sklearn.linear_model import Lasso, Ridge

from metaxai_lab.classroom.linear_baselines import (
    at_each,
    lasso,
    linear_errors,
    ridge,
    tune_penalty,
)
from metaxai_lab.core import Examples, seeded
from metaxai_lab.tasks import PlantedFamily

FAMILY = PlantedFamily(n_features=12, n_relevant=3)
EPISODE = FAMILY.draw(k_support=8, n_query=20, n_tasks=3, generator=seeded(0))


def test_ridge_of_one_row_is_worked_out_by_hand():
    one = Examples(torch.tensor([[1.0, 2.0]]), torch.tensor([12.0]))
    assert ridge(one, 1.0).tolist() == pytest.approx([2.0, 4.0])


def test_lasso_of_one_row_is_worked_out_by_hand():
    one = Examples(torch.tensor([[2.0]]), torch.tensor([4.0]))  # (4 - 2 w)^2 / 2 + 2 |w|
    assert lasso(one, 2.0).tolist() == pytest.approx([1.5])


@pytest.mark.parametrize("penalty", [0.3, 3.0])
def test_ridge_is_that_of_scikit_learn(penalty):
    ours = ridge(EPISODE.support, penalty)
    for i in range(3):
        rows = EPISODE.task(i).support
        theirs = Ridge(penalty, fit_intercept=False).fit(rows.x.numpy(), rows.y.numpy())
        assert ours[i].tolist() == pytest.approx(theirs.coef_.tolist(), abs=1e-4)


@pytest.mark.parametrize("penalty", [0.05, 0.2])
def test_lasso_is_that_of_scikit_learn(penalty):
    ours = lasso(EPISODE.support, penalty, steps=3000)
    for i in range(3):
        rows = EPISODE.task(i).support
        theirs = Lasso(penalty, fit_intercept=False, tol=1e-8, max_iter=100_000)
        theirs.fit(rows.x.double().numpy(), rows.y.double().numpy())
        assert ours[i].tolist() == pytest.approx(theirs.coef_.tolist(), abs=2e-3)


@pytest.mark.parametrize("fit", [ridge, lasso])
@pytest.mark.parametrize("n_columns", [3, 12, 40])  # fewer than rows, more, and far more
def test_several_penalties_give_what_each_gives(fit, n_columns):
    x = torch.randn(4, 8, n_columns, generator=seeded(1))
    rows = Examples(x, torch.randn(4, 8, generator=seeded(2)))
    together = at_each(fit, rows, [0.05, 0.2, 1.0])
    for penalty, weights in zip([0.05, 0.2, 1.0], together, strict=True):
        torch.testing.assert_close(weights, fit(rows, penalty), atol=1e-5, rtol=1e-4)


def test_the_error_of_the_true_weights_is_the_noise():
    tasks = FAMILY.tasks(50, generator=seeded(1))
    rows = tasks.draw(k_support=1, n_query=400, generator=seeded(2)).query
    assert float(linear_errors(tasks.weights, rows).mean()) == pytest.approx(0.01, abs=5e-4)


def test_the_penalty_that_is_best_on_validation_tasks_is_chosen():
    tried = [1e-3, 1.0, 1e4]
    errors = [float(linear_errors(ridge(EPISODE.support, p), EPISODE.query).mean()) for p in tried]
    assert tune_penalty(ridge, EPISODE, tried) == tried[errors.index(min(errors))]
