"""One number per column: what the two libraries say, and what was planted."""

import numpy as np
import pytest
import torch
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression

from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers import column_importance, importance


@pytest.fixture(scope="module")
def rows():
    """Two columns that act, the first more strongly, and two that do not."""
    x = torch.randn(200, 4, generator=seeded(0), dtype=torch.float64)
    return Examples(x, 3 * x[:, 0] + x[:, 1])


@pytest.fixture(scope="module")
def forest(rows):
    made = RandomForestRegressor(30, random_state=0)
    return made.fit(rows.x.numpy(), rows.y.numpy())


@pytest.mark.parametrize("how", ["permutation", "shap"])
def test_the_planted_columns_come_first_and_in_order(forest, rows, how):
    found = column_importance(forest, rows, how=how, generator=seeded(1))
    assert found.argsort(descending=True)[:2].tolist() == [0, 1]
    assert found[1] > 5 * found[2:].max()


def test_shap_is_the_mean_size_of_the_librarys_shares(forest, rows):
    found = column_importance(forest, rows, how="shap", generator=seeded(1))
    import shap  # after the room, which quiets what shap says as it loads

    shares = shap.TreeExplainer(forest).shap_values(rows.x.numpy())
    assert torch.allclose(found, torch.as_tensor(np.abs(shares).mean(0)))


def test_shuffling_a_column_of_a_line_costs_twice_its_slope_squared(rows):
    line = LinearRegression().fit(rows.x.numpy(), rows.y.numpy())
    found = column_importance(line, rows, how="permutation", n_repeats=400, generator=seeded(1))
    variance = rows.x.var(0, correction=0)
    assert torch.allclose(found[:2], 2 * torch.tensor([9.0, 1.0]) * variance[:2], rtol=0.03)
    assert found[2:].abs().max() < 1e-12


@pytest.mark.parametrize("at_once", [100_000, 500])
def test_shuffled_tables_asked_at_once_give_what_scikit_learn_gives(
    forest, rows, monkeypatch, at_once
):
    monkeypatch.setattr(importance, "ROWS_AT_ONCE", at_once)
    seed = int(torch.randint(2**31 - 1, (), generator=seeded(1)))
    x, y, how = rows.x.numpy(), rows.y.numpy(), {"scoring": "neg_mean_squared_error"}
    theirs = permutation_importance(forest, x, y, n_repeats=3, random_state=seed, **how)
    found = column_importance(forest, rows, how="permutation", n_repeats=3, generator=seeded(1))
    assert torch.allclose(found, torch.as_tensor(theirs.importances_mean), rtol=1e-9, atol=1e-12)


def test_one_seed_shuffles_in_one_way(forest, rows):
    once, again = (
        column_importance(forest, rows, how="permutation", generator=seeded(1)) for _ in range(2)
    )
    assert torch.equal(once, again)


def test_a_cell_that_is_no_number_is_named(forest, rows):
    x = rows.x.clone()
    x[7, 2] = float("inf")
    with pytest.raises(ValueError, match=r"row 7, column 2 holds inf, one of 1 cells"):
        column_importance(forest, Examples(x, rows.y), how="shap", generator=seeded(1))


def test_a_target_that_is_no_number_is_named(forest, rows):
    y = rows.y.clone()
    y[[5, 9]] = float("nan")
    with pytest.raises(ValueError, match=r"target of row 5 is nan, one of 2 targets"):
        column_importance(forest, Examples(rows.x, y), how="permutation", generator=seeded(1))


def test_stacked_tasks_are_refused(forest, rows):
    stacked = Examples(rows.x[None], rows.y[None])
    with pytest.raises(ValueError, match="rows of one task"):
        column_importance(forest, stacked, how="shap", generator=seeded(1))
