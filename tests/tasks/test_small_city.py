"""A small city: its dust is the sum that it says, and its knobs do what they are called."""

from math import exp

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.small_city import NEW_ROAD, PARK, ROAD, SmallCity, near_to


@pytest.fixture(scope="module")
def city():
    return SmallCity(n_days=400).draw(generator=seeded(0))


def test_without_noise_the_dust_is_the_sum_of_the_effects():
    city = SmallCity(noise=0.0, n_days=50).draw(generator=seeded(0))
    assert torch.allclose(city.dust, city.effects @ city.days.T + city.level[:, None], atol=1e-4)


def test_places_are_as_near_as_worked_out_by_hand():
    off_river = [0.0, 2.0 + 2.4 * 1.16**0.5]  # 2.4 km from it, square to its course
    place = torch.tensor([[ROAD, 2.0 + 0.4 * ROAD], [ROAD + 2.4, 0.0], list(PARK), off_river])
    near = near_to(place)
    assert torch.allclose(near[[0, 0, 2], [0, 1, 2]], torch.ones(3), atol=1e-5)
    assert near[[1, 3], [0, 1]].tolist() == pytest.approx([exp(-2)] * 2, abs=1e-5)


def test_without_own_factors_traffic_follows_the_map():
    city = SmallCity(local=0.0).draw(generator=seeded(1))
    assert torch.allclose(city.effects[:, 0], 6 + 24 * near_to(city.place)[:, 0])


def test_pressure_does_nothing(city):
    assert not city.effects[:, -1].any()


def test_stations_that_are_alike_have_one_rule():
    city = SmallCity(kind="alike").draw(generator=seeded(0))
    assert torch.equal(city.effects, city.effects[:1].expand_as(city.effects))


def test_strangers_deal_the_same_sizes_to_other_columns_with_other_signs():
    one, other = (SmallCity(kind=k).draw(generator=seeded(0)) for k in ("city", "strangers"))
    size = one.days.std(0)
    sizes = [(c.effects * size).abs().sort(1).values for c in (one, other)]
    assert torch.allclose(*sizes, atol=1e-4)
    assert not torch.equal(one.effects.sign(), other.effects.sign())


def test_before_the_road_opens_the_two_cities_are_one():
    one, other = (SmallCity(opened=o, n_days=60).draw(generator=seeded(3)) for o in (None, 40))
    assert torch.equal(one.dust[:, :40], other.dust[:, :40])
    more = other.dust[:, 40:] - one.dust[:, 40:]
    assert torch.allclose(more, other.added @ other.days[40:].T, atol=1e-4)


def test_the_road_adds_most_beside_it():
    city = SmallCity(opened=300).draw(generator=seeded(0))
    nearest = (city.place[:, 0] - NEW_ROAD).abs().argmin()
    assert city.added[:, 0].argmax() == nearest


def test_weekends_have_less_traffic(city):
    weekend = torch.arange(400) % 7 >= 5
    assert float(city.days[~weekend, 0].mean() - city.days[weekend, 0].mean()) > 0.3


def test_what_no_column_explains_lasts(city):
    left = city.dust - city.effects @ city.days.T - city.level[:, None]
    both = torch.stack([left[:, :-1].flatten(), left[:, 1:].flatten()])
    assert float(both.corrcoef()[0, 1]) == pytest.approx(0.5, abs=0.06)
    assert float(left.std()) == pytest.approx(5, abs=0.4)


def test_a_timeline_ends_where_it_is_told(city):
    known = city.timeline(100)
    assert known.table.counts.tolist() == [100] * 24
    assert torch.equal(known.table.y[:100], city.dust[0, :100])


def test_importance_is_size_times_deviation(city):
    wanted = city.effects[5, 1].abs() * city.days[:100, 1].std(correction=0)
    assert torch.allclose(city.importance(100)[5, 1], wanted)


def test_a_road_on_a_day_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="a day from 1 to 9; found 10"):
        SmallCity(n_days=10, opened=10).draw(generator=seeded(0))


def test_a_city_of_one_station_is_refused():
    with pytest.raises(ValueError, match="at least 2 stations and 2 days; found 1 and 730"):
        SmallCity(n_stations=1).draw(generator=seeded(0))
