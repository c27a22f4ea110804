"""The rivals are what they are called; judged by scikit-learn and by what was planted."""

from dataclasses import replace

import pytest
import torch
from sklearn.linear_model import Ridge

from metaxai_lab.classroom import tables_rivals as rivals
from metaxai_lab.classroom import tables_study
from metaxai_lab.classroom.linear_baselines import lasso, ridge
from metaxai_lab.core import Examples, seeded


@pytest.fixture(scope="module")
def fold():
    diabetes = tables_study.cut("diabetes")
    return tables_study.leave(diabetes, diabetes.judged[0])


@pytest.fixture(scope="module")
def found(fold):
    return rivals.rivals(fold)


def test_own_ridge_is_scikit_learns(fold):
    support = fold.draw(fold.out, 20, 1, seeded(0)).task(0).support
    line = rivals.alone(ridge, support, 3.0)
    judge = Ridge(3.0).fit(support.x.numpy(), support.y.numpy())
    assert torch.allclose(line.weights, torch.tensor(judge.coef_), atol=1e-5)
    assert float(line.intercept) == pytest.approx(float(judge.intercept_), abs=1e-5)


def test_pooled_is_scikit_learns_ridge_at_the_penalty_that_leaving_groups_out_prefers(fold, found):
    table = fold.table

    def rows(tasks):
        part = tables_study.rows_of(table, tasks)
        return table.x[part].numpy(), table.y[part].numpy()

    def error(penalty):
        left = []
        for name, tasks in fold.by.items():
            others = [task for group, each in fold.by.items() if group != name for task in each]
            x, y = rows(tasks)
            left.append(float(((Ridge(penalty).fit(*rows(others)).predict(x) - y) ** 2).mean()))
        return sum(left)

    best = min(rivals.POOLED, key=error)
    judge = Ridge(best).fit(*rows(fold.trained))
    others = [Ridge(penalty).fit(*rows(fold.trained)) for penalty in rivals.POOLED]
    apart = sorted(abs(found.pooled[:-1].numpy() - each.coef_).max() for each in others)
    assert abs(found.pooled[:-1].numpy() - judge.coef_).max() == apart[0] < 1e-4
    assert apart[1] > 1e-3


def test_rows_that_are_added_move_the_pooled_line_a_little(fold, found):
    drawn = fold.draw(fold.out, 20, 5, seeded(0))
    lines = found.lines(drawn.support, {ridge: 1.0, lasso: 0.1})
    moved = (lines["pooled + rows"].weights - lines["pooled"].weights).abs().amax(-1)
    away = (lines["own ridge"].weights - lines["pooled"].weights).abs().amax(-1)
    assert bool((moved > 0).all())
    assert bool((moved < away).all())


def test_an_own_level_makes_the_support_errors_add_up_to_nought(fold, found):
    support = fold.draw(fold.out, 20, 5, seeded(0)).support
    lines = found.lines(support, {ridge: 1.0, lasso: 0.1})
    left = support.y - lines["pooled, own level"](support.x)[..., 0]
    assert left.mean(-1).abs().max() < 1e-5


def test_the_line_of_the_others_is_scikit_learns_without_that_group(fold, found):
    penalty = float(found.within[0][0, 0]) - sum(
        float(fold.table.x[tables_study.rows_of(fold.table, tasks), 0].double().square().sum())
        for tasks in fold.by.values()
    )
    name = next(iter(fold.by))
    others = [task for group, tasks in fold.by.items() if group != name for task in tasks]
    rows = tables_study.rows_of(fold.table, others)
    judge = Ridge(penalty).fit(fold.table.x[rows].numpy(), fold.table.y[rows].numpy())
    assert abs(found.others[name][:-1].numpy() - judge.coef_).max() < 1e-4
    assert abs(found.pooled[:-1].numpy() - judge.coef_).max() > 1e-3


def test_a_high_price_keeps_the_pooled_line_and_a_low_one_gives_the_own(fold, found):
    support = fold.draw(fold.out, 20, 5, seeded(0)).support
    dear, cheap = (found.priced(support, prices) for prices in ((1e9, 1e9), (1.0, 1e-4)))
    assert torch.allclose(dear.weights, found.pooled[:-1].expand(5, -1), atol=1e-4)
    left = support.y - (support.x @ found.pooled[:-1])
    moved = rivals.alone(ridge, Examples(support.x, left), 1.0)
    assert torch.allclose(cheap.weights - found.pooled[:-1], moved.weights, atol=1e-2)
    assert torch.allclose(cheap.intercept, moved.intercept, atol=1e-2)


@pytest.mark.parametrize(("apart", "place"), [(0.0, -1), (3.0, 0)])
def test_where_groups_do_not_differ_the_price_is_the_highest_and_else_low(fold, apart, place):
    own = apart * torch.randn(len(fold.table.task_names), 9, generator=seeded(5))
    x, task = fold.table.x, fold.table.task
    noise = torch.randn(len(x), generator=seeded(6))
    y = x.sum(1) + (x * own[task]).sum(1) + (noise if apart == 0 else 0.01 * noise)
    planted = rivals.rivals(replace(fold, table=replace(fold.table, y=y)))
    assert planted.tuned_prices(20, seeded(0))[0] == rivals.PRICES[place]


@pytest.mark.parametrize(("noise", "place"), [(0.0, 0), (30.0, -1)])
def test_the_tuned_penalty_is_the_least_without_noise_and_the_largest_in_much(fold, noise, place):
    table = fold.table
    y = table.x.sum(1) + noise * torch.randn(len(table.y), generator=seeded(5))
    planted = replace(fold, table=replace(table, y=y))
    chosen = rivals.tuned(planted, 20, seeded(0))
    assert chosen == {fit: tried[place] for fit, tried in rivals.PENALTIES.items()}


def test_a_forest_learns_what_was_planted():
    x = torch.rand(200, 2, generator=seeded(0))
    y = (x[:, 0] > 0.5).float()
    grown = rivals.forest(Examples(x, y), n_trees=20, generator=seeded(1))
    assert ((torch.tensor(grown.predict(x.numpy())) > 0.5) == (y > 0.5)).float().mean() > 0.98
