"""Alarms: counted from the opening, set by other cities, and looking backwards only."""

import pytest
import torch

from metaxai_lab.classroom import city_drift as drift
from metaxai_lab.classroom import city_mending, city_study
from metaxai_lab.classroom.city_drift import Watched
from metaxai_lab.core import seeded
from metaxai_lab.tasks.small_city import SmallCity

OPENED = 480


def test_the_first_alarm_after_the_opening_counts():
    rings = torch.tensor(
        [[False, False, True, True], [False, False, False, False], [True, False, False, True]]
    )
    wait = drift.first_after(rings, torch.tensor([9, 10, 11, 13]), 10)
    assert wait[:2].tolist() == [1.0, torch.inf]
    assert bool(wait[2].isnan())


def signals(values):
    return {"error": torch.tensor(values)[:, None].expand(-1, len(drift.WATCH))}


def test_a_bound_comes_from_the_other_cities():
    loud = Watched(torch.ones(2), signals([5.0, 5.0]), signals([9.0, 9.0]))
    calm = Watched(torch.ones(2), signals([1.0, 1.0]), signals([2.0, 2.0]))
    heard = drift.heard([loud, calm], OPENED)
    assert heard.false["error"].tolist() == [True, True, False, False]


def test_one_city_has_no_other_to_set_a_bound_by():
    calm = Watched(torch.ones(2), signals([1.0, 1.0]), signals([2.0, 2.0]))
    with pytest.raises(ValueError, match="give two or more; found one"):
        drift.heard([calm], OPENED)


@pytest.fixture(scope="module")
def cities():
    return [SmallCity(n_stations=6, opened=o).draw(generator=seeded(1)) for o in (OPENED, None)]


@pytest.fixture(scope="module")
def lefts(cities):
    timeline = cities[1].timeline(OPENED)
    return [city_study.learn(city_study.without(timeline, p, 2), seed=0, steps=5) for p in (0, 1)]


def test_columns_and_dust_come_in_the_units_of_the_fold(cities, lefts):
    left = lefts[0]
    served = drift.in_service(left, cities[1], left.fold.out, drift.BEGUN)
    mine = left.fold.table.task == left.fold.out[1]
    assert torch.allclose(served.days[:OPENED], left.fold.table.x[mine], atol=1e-4)
    assert torch.allclose(served.dust[1, :OPENED], left.fold.table.y[mine], atol=1e-4)


def test_a_signal_does_not_know_its_own_day(cities, lefts):
    left, day = lefts[0], torch.tensor([500])
    before = drift.in_service(left, cities[0], left.fold.out, drift.BEGUN)
    dust = before.dust.clone()
    dust[:, 500:] += 99
    after = drift.Service(left, before.days, dust, drift.BEGUN)
    for name, signal in before.signals(day).items():
        assert torch.allclose(signal, after.signals(day)[name]), name


def test_the_model_in_service_is_of_its_first_days(cities, lefts):
    left = lefts[0]
    served = drift.in_service(left, cities[0], left.fold.out, drift.BEGUN)
    days = slice(drift.BEGUN, drift.BEGUN + drift.SERVED)
    x = served.days[days].expand(3, -1, -1)
    with torch.no_grad():
        wanted = left.learner.adapt(drift.Examples(x, served.dust[:, days]))
    assert torch.allclose(served.model.weights, wanted.weights, atol=1e-5)
    assert torch.allclose(served.model.intercept, wanted.intercept, atol=1e-5)


def test_before_the_opening_both_cities_ring_alike(cities, lefts):
    found = drift.watched(lefts, *cities)
    calm = drift.WATCH <= OPENED
    for name in found.road:
        assert torch.equal(found.road[name][:, calm], found.quiet[name][:, calm])
    order = [*lefts[0].fold.out, *lefts[1].fold.out]
    assert torch.equal(found.added, cities[0].added[order, 0])


def test_after_a_month_the_road_is_in_the_reason_traffic(cities, lefts):
    moved = city_mending.named(lefts, cities[0], 60)[:, 0]
    added = drift.watched(lefts, *cities).added
    assert moved[added.argmax()] == moved.max()


def test_a_level_rises_where_the_road_is_added(cities, lefts):
    found = drift.watched(lefts, *cities)
    last = len(drift.WATCH) - 1
    risen = found.road["level"][:, last] - found.quiet["level"][:, last]
    assert risen.argmax() == found.added.argmax()
    assert float(risen.max()) > 0


def test_an_error_of_twenty_days_is_the_mean_of_its_halves(cities, lefts):
    left = lefts[0]
    served = drift.in_service(left, cities[0], left.fold.out, drift.BEGUN)
    day = torch.tensor([500])
    early, late = (served.signals(day - back)["error"] for back in (10, 0))
    assert torch.allclose(served.signals(day)["error, 20 days"], (early + late) / 2)
