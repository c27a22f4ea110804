"""The closed form: against every coalition, by hand, and against shap's exact explainer."""

from itertools import combinations
from math import comb

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.planted_truth import Moments, PairwiseFunction, pairwise_shapley


def some_function(n_features=5, n_tasks=3, seed=0):
    g = seeded(seed)
    weights = torch.randn(n_tasks, n_features, generator=g, dtype=torch.float64)
    upper = torch.randn(n_tasks, n_features, n_features, generator=g, dtype=torch.float64).triu(1)
    bias = torch.randn(n_tasks, generator=g, dtype=torch.float64)
    return PairwiseFunction(weights, upper + upper.mT, bias)


def rows(*shape, seed=1):
    return torch.randn(shape, generator=seeded(seed), dtype=torch.float64)


def by_enumeration(f, x, background):
    """Shapley's formula, coalition by coalition: f of (task, row, feature), one background."""
    n = x.shape[-1]

    def worth(kept):
        mixed = background.expand(*x.shape[:-1], *background.shape).clone()
        mixed[..., kept] = x[..., None, kept]
        return f(mixed.flatten(1, 2)).unflatten(1, mixed.shape[1:3]).mean(-1)

    values = torch.zeros_like(x)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        for size in range(n):
            for kept in combinations(others, size):
                gained = worth([*kept, i]) - worth(list(kept))
                values[..., i] += gained / (n * comb(n - 1, size))
    return values


def test_the_closed_form_is_what_all_coalitions_give():
    f, x, background = some_function(), rows(3, 4, 5), rows(7, 5, seed=2)
    found = pairwise_shapley(f, x, Moments.of(background), unit="target").values
    torch.testing.assert_close(found, by_enumeration(f, x, background), rtol=0, atol=1e-12)


def test_the_closed_form_is_what_shaps_exact_explainer_gives():
    shap = pytest.importorskip("shap")
    f, x, background = some_function(n_tasks=1), rows(1, 4, 5), rows(7, 5, seed=2)

    def one(table):
        return f(torch.as_tensor(table, dtype=torch.float64)[None])[0].numpy()

    masker = shap.maskers.Independent(background.numpy(), max_samples=7)
    wanted = shap.explainers.ExactExplainer(one, masker)(x[0].numpy()).values
    found = pairwise_shapley(f, x, Moments.of(background), unit="target").values[0]
    torch.testing.assert_close(found, torch.as_tensor(wanted), rtol=0, atol=1e-8)


def test_a_function_worked_out_by_hand():
    # f = 1 + 2a - b + 3ab at a = 1, b = 2 is 7
    products = torch.tensor([[0.0, 3.0], [3.0, 0.0]])
    f = PairwiseFunction(torch.tensor([2.0, -1.0]), products, torch.tensor(1.0))
    x = torch.tensor([[1.0, 2.0]])
    assert f(x).item() == 7
    # absent columns are 0: a brings 2 + 6/2, b brings -2 + 6/2, from 1 on
    found = pairwise_shapley(f, x, Moments.of(torch.zeros(1, 2)), unit="target")
    assert found.values.tolist() == [[5.0, 1.0]]
    assert found.reference.tolist() == [1.0]


def test_values_add_up_from_the_mean_over_the_background_to_the_output():
    f, x, background = some_function(), rows(3, 4, 5), rows(7, 5, seed=2)
    found = pairwise_shapley(f, x, Moments.of(background), unit="target")
    assert found.gap.abs().max() < 1e-12
    over_background = f(background.expand(3, 7, 5)).mean(-1)
    torch.testing.assert_close(found.reference, over_background[:, None].expand(3, 4))


def test_each_task_may_have_a_background_of_its_own():
    f, x, backgrounds = some_function(), rows(3, 4, 5), rows(3, 7, 5, seed=2)
    together = pairwise_shapley(f, x, Moments.of(backgrounds), unit="target").values
    for i in range(3):
        alone = pairwise_shapley(f, x, Moments.of(backgrounds[i]), unit="target").values[i]
        torch.testing.assert_close(together[i], alone)


def test_the_variance_over_gaussian_rows_is_what_rows_show():
    f, root = some_function(n_tasks=2), torch.linalg.cholesky(_covariance())
    seen = f(rows(2, 400_000, 5) @ root.mT).var(-1)
    torch.testing.assert_close(f.gaussian_variance(_covariance()), seen, rtol=0.02, atol=0)


def _covariance():
    place = torch.arange(5)
    return 0.6 ** (place[:, None] - place).abs().double()


def test_a_function_follows_its_rows_to_their_number_type():
    assert some_function()(rows(3, 2, 5).float()).dtype == torch.float32
