"""Chances are judged by scikit-learn and by calculus, a shrunken level by planted groups."""

import pytest
import torch
from sklearn.linear_model import LogisticRegression

from metaxai_lab.classroom.tables_hierarchy import (
    chances,
    recalibrate,
    recalibrated,
    shrunk_level,
    spreads,
)
from metaxai_lab.classroom.tables_rivals import rivals
from metaxai_lab.classroom.tables_study import Cut, leave
from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable

MIDDLE = torch.tensor([1.5, -0.5])


def rows(n_tasks, n_rows, seed=0):
    said = torch.randn(n_tasks, n_rows, generator=seeded(seed)).double()
    chance = (2 * said - 1).sigmoid()
    return said, (torch.rand(chance.shape, generator=seeded(seed + 1)) < chance).double()


def groups(n_groups, n_rows, between, *, classes=False):
    """Return groups whose level lies apart by `between`; the slope is 2 in all of them."""
    g = seeded(4)
    x = torch.randn(n_groups * n_rows, 1, generator=g)
    task = torch.arange(n_groups).repeat_interleave(n_rows)
    level = between * torch.randn(n_groups, generator=g)
    y = 2 * x[:, 0] + level[task] + 0.5 * torch.randn(len(x), generator=g)
    names = tuple(f"group {i}" for i in range(n_groups))
    y = (y > 0).long() if classes else y
    table = TaskTable(
        x,
        y,
        task,
        feature_names=("x",),
        task_names=names,
        target_name="y",
        class_names=("no", "yes") * classes,
    )
    cut = Cut(table, {name: (i,) for i, name in enumerate(names)}, names, n_query=20)
    return leave(cut, "group 0")


def test_with_wide_variances_it_is_logistic_regression():
    said, y = rows(1, 400)
    found = recalibrate(said, y, MIDDLE, torch.full((2,), 1e8))[0]
    fitted = LogisticRegression(C=1e10, tol=1e-10).fit(said[0, :, None].numpy(), y[0].numpy())
    assert found.tolist() == pytest.approx([fitted.coef_[0, 0], fitted.intercept_[0]], abs=1e-4)


def test_the_answer_is_the_most_probable_one():
    said, y = rows(5, 12)
    variance = torch.tensor([0.3, 2.0])
    found = recalibrate(said, y, MIDDLE, variance).requires_grad_()
    fit = torch.nn.functional.binary_cross_entropy(chances(found, said), y, reduction="sum")
    (fit + ((found - MIDDLE) ** 2 / (2 * variance)).sum()).backward()
    assert float(found.grad.abs().max()) < 1e-6


def test_with_no_freedom_it_stays_where_it_began():
    said, y = rows(3, 12)
    found = recalibrate(said, y, MIDDLE, torch.full((2,), 1e-9))
    assert torch.allclose(found.float(), MIDDLE.expand(3, 2), atol=1e-5)


def test_rows_of_one_class_leave_a_finite_answer():
    said, y = rows(1, 10)
    found = recalibrate(said, torch.ones_like(y), MIDDLE, torch.full((2,), 10.0))
    assert bool(found.isfinite().all())
    assert float(found[0, 1]) > float(MIDDLE[1])


def test_a_learner_errs_less_than_the_pooled_line_where_levels_lie_apart():
    fold = groups(8, 60, 1.5, classes=True)
    found = rivals(fold)
    judged = fold.draw(fold.out, 10, 40, seeded(2))
    errors = recalibrated(fold, found, 10, generator=seeded(1)).errors(judged)
    pooled = found.pooled_line(len(errors)).errors(judged.query)
    assert float(errors.mean()) < float(pooled.mean())


def test_spreads_of_planted_groups_are_found():
    g = seeded(0)
    levels = 0.8 * torch.randn(400, generator=g)
    left = {str(i): level + 0.5 * torch.randn(30, generator=g) for i, level in enumerate(levels)}
    between, within = spreads(left)
    assert between == pytest.approx(0.64, rel=0.15)
    assert within == pytest.approx(0.25, rel=0.05)


def test_a_shrunken_level_counts_as_the_formula_says():
    fold = groups(8, 60, 1.5)
    found = rivals(fold)
    support = fold.draw(fold.out, 10, 1, seeded(2)).support
    said = support.x @ found.pooled[:-1] + found.pooled[-1]
    starts = {name: found.others[name] for name in fold.by}
    left = {
        name: fold.table.y[fold.table.task == task]
        - (fold.table.x[fold.table.task == task] @ starts[name][:-1] + starts[name][-1])
        for name, (task,) in fold.by.items()
    }
    between, within = spreads(left)
    moved = float((support.y - said).mean()) * 10 * between / (10 * between + within)
    level = shrunk_level(fold, found, support).intercept
    assert float(level[0] - found.pooled[-1]) == pytest.approx(moved, rel=1e-4)


def test_spreads_of_two_groups_by_hand():
    left = {"a": torch.tensor([1.0, 3.0]), "b": torch.tensor([-1.0, -3.0])}
    assert spreads(left) == pytest.approx((3.0, 2.0))  # (2 * 4 + 2 * 4 - 2 * 2) / 4, and 4 / 2
