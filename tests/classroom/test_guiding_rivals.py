"""Opponents that see one task: each finds a column that alone acts."""

import pytest
import torch

from metaxai_lab.classroom import guiding_rivals as rivals
from metaxai_lab.classroom.linear_baselines import lasso, ridge
from metaxai_lab.core import Episode, Examples, seeded


@pytest.fixture
def one_acts():
    """No mistake: two tasks of five columns, where column 3 alone makes the target."""
    x = torch.randn(2, 40, 5, generator=seeded(0))
    rows = Examples(x, 2 * x[..., 3])
    return Episode(rows, rows)


@pytest.mark.parametrize("fit", [ridge, lasso])
def test_a_tuned_fit_takes_the_lowest_of_its_penalties_where_there_is_no_noise(fit, one_acts):
    found = rivals.tuned(fit, one_acts, one_acts).weights
    torch.testing.assert_close(found, fit(one_acts.support, min(rivals.PENALTIES[fit])))


def test_who_is_told_the_blocks_keeps_the_one_that_acts():
    x = torch.randn(2, 12, 6, generator=seeded(0))
    y = torch.stack([2 * x[0, :, 1] - x[0, :, 0], 3 * x[1, :, 4] + x[1, :, 5]])
    rows = Examples(x, y)
    found = rivals.told_blocks(Episode(rows, rows), block_size=2, penalty=1e-6).weights
    wanted = torch.tensor([[-1.0, 2, 0, 0, 0, 0], [0, 0, 0, 0, 3, 1]])
    torch.testing.assert_close(found, wanted, atol=1e-4, rtol=0)


def test_who_is_not_told_the_means_finds_them(one_acts):
    rows = Examples(one_acts.support.x + 5, one_acts.support.y - 3)
    moved = Episode(rows, rows)
    error = (rivals.untold(lasso, moved, moved)(rows.x)[..., 0] - rows.y).abs().mean()
    assert error < 0.1 < (rivals.tuned(lasso, moved, moved)(rows.x)[..., 0] - rows.y).abs().mean()


def test_the_lasso_that_is_alone_finds_the_column(one_acts):
    found = rivals.lasso_alone(one_acts)
    assert (found.weights[:, 3] > 1.9).all()
    assert (found.weights[:, [0, 1, 2, 4]].abs() < 0.05).all()


def test_three_readings_of_a_forest_find_the_column(one_acts):
    grown = rivals.forests(one_acts, n_trees=10)
    readings = (grown.impurity(), grown.importance("permutation"), grown.importance("shap"))
    assert all((reading.argmax(1) == 3).all() for reading in readings)
    assert (grown.model()(one_acts.query.x)[..., 0] - one_acts.query.y).abs().mean() < 0.5


def test_a_lasso_alone_takes_some_time(one_acts):
    assert rivals.milliseconds(one_acts, n_times=1) > 0


def test_another_rival_is_timed_on_the_first_task_alone_as_often_as_is_asked(one_acts):
    fitted = []
    rivals.milliseconds(one_acts, fitted.append, n_times=3)
    assert len(fitted) == 3
    assert all(torch.equal(each.support.x, one_acts.support.x[:1]) for each in fitted)
