"""What the support says of each column: as other libraries say it, and whatever sign and order."""

import pytest
import torch
from sklearn.linear_model import Ridge

from metaxai_lab.core import Examples, seeded
from metaxai_lab.learners import column_statistics, standardised
from metaxai_lab.learners.gate_features import (
    N_STATISTICS,
    RIDGES,
    guided_statistics,
    sparse_bayes,
)


@pytest.fixture
def support():
    x = torch.randn(2, 20, 8, generator=seeded(0), dtype=torch.float64)
    return Examples(x, x[..., 0] - 0.5 * x[..., 3] + 0.3 * x[..., 7] * x[..., 1])


def said(support):
    return column_statistics(standardised(support))


def test_each_column_has_its_numbers(support):
    assert said(support).shape == (2, 8, N_STATISTICS)


def test_the_first_is_the_correlation(support):
    together = torch.cat([support.x[1].mT, support.y[1:]])
    wanted = torch.corrcoef(together)[-1, :-1].abs()
    torch.testing.assert_close(said(support)[1, :, 0], wanted)


def test_ridge_is_that_of_scikit_learn(support):
    rows = standardised(support)
    for place, share in enumerate(RIDGES, start=2):
        judge = Ridge(alpha=20 * share, fit_intercept=False).fit(rows.x[0], rows.y[0])
        wanted = torch.from_numpy(judge.coef_).abs() * (1 + 2 * share)
        torch.testing.assert_close(said(support)[0, :, place], wanted)


@pytest.mark.parametrize("n_rows", [20, 6], ids=["tall", "wide"])
def test_sparse_regression_is_that_of_the_whole_posterior(support, n_rows):
    rows = standardised(Examples(support.x[:, :n_rows], support.y[:, :n_rows]))
    x, y, variances, mean = rows.x[0], rows.y[0], torch.full((8,), 0.1).double(), None
    for _ in range(5):
        covariance = torch.linalg.inv(x.mT @ x / 0.3 + torch.diag(1 / variances))
        mean = covariance @ x.mT @ y / 0.3
        variances = mean.square() + covariance.diagonal()
    found = sparse_bayes(rows.x, rows.y, 0.3, rounds=5)
    torch.testing.assert_close(found[0][0], mean)
    torch.testing.assert_close(found[1][0], variances)


def test_guided_numbers_are_those_of_the_whole_posterior(support):
    rows, free = standardised(support), torch.rand(2, 8, generator=seeded(4), dtype=torch.float64)
    x, y, noise = rows.x[0], rows.y[0], 0.05 * 20
    covariance = torch.linalg.inv(x.mT @ x / noise + torch.diag(1 / free[0]))
    found = guided_statistics(rows, free)[0]
    torch.testing.assert_close(found[:, 0], (covariance @ x.mT @ y / noise).abs())
    torch.testing.assert_close(found[:, 1], covariance.diagonal() / free[0])


def test_sparse_regression_finds_the_few_columns_that_act():
    x = torch.randn(20, 64, generator=seeded(3), dtype=torch.float64)
    rows = standardised(Examples(x, x[:, 5] - x[:, 20]))
    weights = sparse_bayes(rows.x, rows.y, 0.05)[0].abs()
    assert sorted(weights.topk(2).indices.tolist()) == [5, 20]
    assert weights.sort().values[-3] < 0.05


def test_a_column_may_change_its_sign_and_its_unit(support):
    x = support.x * torch.linspace(-9, 8, 8, dtype=torch.float64) + 3
    torch.testing.assert_close(said(Examples(x, -support.y)), said(support))


def test_other_order_of_columns_other_order_of_numbers(support):
    order = torch.randperm(8, generator=seeded(1))
    turned = said(Examples(support.x[..., order], support.y))
    torch.testing.assert_close(turned, said(support)[:, order])


def test_constant_columns_and_targets_say_nothing(support):
    support.x[0, :, 2], support.y[1] = 4.0, 1.0
    found = said(support)
    assert not found[0, 2].any()
    assert not found[1, :, [0, 1, 2, 3, 4, 6]].any()  # the others are prior variances
    assert found.isfinite().all()
