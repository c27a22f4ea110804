"""Leaving a group out: nothing of it is seen, and the cut is what it says."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom import tables_study
from metaxai_lab.core import seeded
from metaxai_lab.tasks import is_here

BAND = "sex 1, age 40 to 50"


@pytest.fixture(scope="module")
def diabetes():
    return tables_study.cut("diabetes")


@pytest.fixture(scope="module")
def fold(diabetes):
    return tables_study.leave(diabetes, BAND)


def test_every_group_is_left_out_once(diabetes):
    assert diabetes.judged == tuple(diabetes.groups) == diabetes.table.task_names


def test_the_group_left_out_is_none_of_those_trained_on(fold):
    assert not set(fold.out) & set(fold.trained)
    assert len(fold.out) + len(fold.trained) == len(fold.table.task_names)


def test_nothing_of_the_group_left_out_moves_the_units(diabetes, fold):
    rows = tables_study.rows_of(diabetes.table, fold.out)
    table = diabetes.table
    x = table.x.where(~rows[:, None], table.x * 100)
    y = table.y.where(~rows, table.y * 100)
    other = tables_study.leave(replace(diabetes, table=replace(table, x=x, y=y)), BAND)
    assert torch.equal(other.table.x[~rows], fold.table.x[~rows])
    assert torch.equal(other.table.y[~rows], fold.table.y[~rows])


def test_numbers_have_deviation_one_over_the_training_rows(fold):
    assert torch.allclose(fold.sizes, torch.ones(9), atol=1e-5)


def test_means_are_of_the_training_rows(fold):
    rows = tables_study.rows_of(fold.table, fold.out)
    assert torch.allclose(fold.means, fold.table.x[~rows].mean(0), atol=1e-6)
    assert not torch.allclose(fold.means, fold.table.x.mean(0), atol=1e-3)


def test_classes_become_numbers():
    whole = tables_study.cut("breast_cancer")
    table = tables_study.leave(whole, whole.judged[0]).table
    assert table.y.is_floating_point()
    assert set(table.y.tolist()) == {0.0, 1.0}


def test_draws_come_from_the_tasks_that_were_asked(fold):
    seen = fold.draw(fold.out, 10, 3, seeded(0))
    mine = fold.table.y[tables_study.rows_of(fold.table, fold.out)]
    assert torch.isin(seen.query.y, mine).all()
    assert seen.support.y.shape == (3, 10)


def starts_of(fold):
    """A different start for each training group."""
    numbered = enumerate(fold.by)
    return {name: torch.full((10,), float(number)) for number, name in numbered}


def test_each_row_is_told_what_the_start_without_its_group_says(fold):
    known = tables_study.told(fold, starts_of(fold)).table
    for number, tasks in enumerate(fold.by.values()):
        rows = tables_study.rows_of(fold.table, tasks)
        wanted = number * (fold.table.x[rows].sum(1) + 1)
        assert torch.allclose(known.x[rows, -1], wanted, atol=1e-4)
    assert torch.equal(known.x[:, :-1], fold.table.x)


def test_one_seed_trains_one_learner(fold):
    start = torch.zeros(10)
    made = [tables_study.train(fold, start, starts_of(fold), seed=4, steps=2) for _ in range(2)]
    assert torch.equal(made[0].log_freedom, made[1].log_freedom)
    assert not torch.equal(made[0].log_freedom, torch.zeros(11))


def test_it_trains_from_the_starts_of_the_other_groups(fold):
    other = {name: -start for name, start in starts_of(fold).items()}
    one, two = (
        tables_study.train(fold, torch.zeros(10), others, seed=4, steps=2).log_freedom
        for others in (starts_of(fold), other)
    )
    assert not torch.equal(one, two)


@pytest.mark.skipif(not is_here("radon"), reason="needs the set radon")
def test_untold_counties_have_one_column():
    told, untold = (tables_study.cut(name) for name in ("radon", "radon_untold"))
    assert untold.table.feature_names == told.table.feature_names[:1] == ("first_floor",)
    assert torch.equal(untold.table.x, told.table.x[:, :1])
    assert untold.judged == told.judged
