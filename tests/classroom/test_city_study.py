"""A new station: nothing of it is seen before, and days come in order."""

import pytest
import torch

from metaxai_lab.classroom import city_study
from metaxai_lab.classroom.left_out import LEARNED, SIZES
from metaxai_lab.core import Examples, seeded
from metaxai_lab.tasks.small_city import SmallCity


@pytest.fixture(scope="module")
def timeline():
    city = SmallCity(n_stations=6, n_days=420).draw(generator=seeded(0))
    return city.timeline()


@pytest.fixture(scope="module")
def left(timeline):
    return city_study.learn(city_study.without(timeline, 1, 3), seed=0, steps=3)


def test_every_third_station_is_left_out(timeline):
    fold = city_study.without(timeline, 1, 3)
    assert fold.out == (1, 4)
    assert fold.trained == (0, 2, 3, 5)


def test_a_station_that_is_trained_on_is_not_left_out(timeline):
    with pytest.raises(ValueError, match=r"found both of tasks \[1\]"):
        city_study.leave_some(timeline, {"a": (0, 1)}, (1, 2))


def place_of(fold, rows):
    """Return the days of some rows of station 1, found by their dust."""
    mine = fold.table.y[fold.table.task == 1]
    return (rows.y[..., None] == mine).int().argmax(-1)


def test_a_fold_draws_days_in_order(timeline):
    fold = city_study.without(timeline, 1, 3)
    drawn = fold.draw((1,), 10, 8, seeded(0))
    days = torch.cat([place_of(fold, drawn.support), place_of(fold, drawn.query)], 1)
    assert torch.equal(days, days[:, :1] + torch.arange(40))


def test_shuffled_days_come_in_no_order(left):
    fold = city_study.replace(left.fold, shuffled=True)
    days = place_of(fold, fold.draw((1,), 10, 8, seeded(0)).support)
    assert bool((days[:, 1:] < days[:, :-1]).any())


def test_every_station_left_out_is_asked_equally_often(left):
    drawn = left.of_each(5, seed=0)
    assert drawn.support.y.shape == (2 * city_study.N_DRAWS, 5)
    first = left.fold.draw((1,), 5, city_study.N_DRAWS, seeded(1))
    assert torch.equal(drawn.support.x[: city_study.N_DRAWS], first.support.x)


def test_errors_are_means_over_the_draws_of_a_station(left):
    drawn = left.of_each(10, seed=3)
    each = left.lines(drawn.support)[LEARNED].errors(drawn.query)
    wanted = each[city_study.N_DRAWS :].mean()
    assert torch.allclose(left.errors(10, seed=3)[LEARNED][1], wanted)


def test_the_days_that_are_judged_stay_whatever_the_gap(left):
    judged = torch.tensor([200, 210])
    at_once, later = (left.asked_on(10, judged, gap=gap) for gap in (0, 60))
    assert torch.allclose(at_once["pooled"], later["pooled"])
    assert not torch.allclose(at_once[LEARNED], later[LEARNED])


def test_a_years_line_is_that_of_least_squares(left):
    drawn = left.of_each(city_study.YEAR, seed=2)
    x = torch.cat([drawn.support.x[0], torch.ones(city_study.YEAR, 1)], 1)
    found = torch.linalg.lstsq(x, drawn.support.y[0][:, None]).solution
    query = torch.cat([drawn.query.x[0], torch.ones(30, 1)], 1)
    wanted = ((query @ found)[:, 0] - drawn.query.y[0]).square().mean()
    few = city_study.replace(left, units=((1,),))
    each = few.beside_a_year(seed=2)
    assert set(each) == {*SIZES, city_study.YEAR}
    x, y = (torch.cat([p[:1]] * city_study.N_DRAWS) for p in (drawn.support.x, drawn.support.y))
    assert Examples(x, y).y.shape[1] == city_study.YEAR
    errors = left_errors(left, drawn)
    assert torch.allclose(each[city_study.YEAR], errors[: city_study.N_DRAWS].mean(), rtol=1e-3)
    assert torch.allclose(errors[0], wanted, rtol=1e-3)


def left_errors(left, drawn):
    """Return the error of the line of least squares of each draw, one after the other."""
    errors = []
    for i in range(len(drawn.support.y)):
        one = torch.cat([drawn.support.x[i], torch.ones(city_study.YEAR, 1)], 1).double()
        found = torch.linalg.pinv(one) @ drawn.support.y[i].double()
        query = torch.cat([drawn.query.x[i], torch.ones(30, 1)], 1).double()
        errors.append((query @ found - drawn.query.y[i]).square().mean())
    return torch.stack(errors).float()


def test_stations_of_several_cities_are_units_of_one_comparison(left):
    run = city_study.judged([left], seed=0)
    both = city_study.together([run, run])
    assert both.units[::2] == ("city 0, station 1", "city 1, station 1")
    assert torch.equal(both.of("pooled", 5), torch.cat([run.of("pooled", 5)] * 2))
