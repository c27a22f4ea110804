"""Fifteen cities: the stored numbers are of each, and a city is what the room draws."""

import math

import pytest
import torch

from metaxai_lab.classroom import city_record as record
from metaxai_lab.classroom import city_roads as roads
from metaxai_lab.classroom.left_out import LEARNED


@pytest.fixture(scope="module")
def one():
    return roads.twins(3, steps=2)


def test_every_city_has_its_number_in_the_record():
    kept = {
        name: each
        for name, each in record.whole().numbers.items()
        if name.startswith(("road, ", "named, ", "mended, ", "city, "))
    }
    assert len(kept) > 50
    for name, each in kept.items():
        assert len(each) == len(roads.SEEDS), name
        assert all(math.isfinite(value) for value in each), name


def test_stations_are_beside_the_road_or_untouched_in_the_order_of_the_models(one):
    order = [station for left in one.lefts for station in left.fold.out]
    assert sorted(order) == list(range(24))
    assert torch.equal(one.added, one.road.added[order, 0])
    assert not bool((one.near & one.far).any())


def test_both_twins_have_the_same_days_until_the_road_opens(one):
    before = slice(0, roads.OPENED)
    assert torch.equal(one.road.days, one.quiet.days)
    assert torch.equal(one.road.dust[:, before], one.quiet.dust[:, before])
    assert not torch.equal(one.road.dust, one.quiet.dust)


def test_days_are_learned_and_judged_within_the_span(one, monkeypatch):
    monkeypatch.setattr(roads, "SIZES", (5,))
    said = roads.asked(one, *roads.SPANS["city, later days"])
    changed = roads.Twins(one.lefts, one.road, _with(one.quiet, 100, 99.0))
    assert roads.asked(changed, *roads.SPANS["city, later days"]) == said
    early = roads.SPANS["city, days seen"]
    assert roads.asked(changed, *early) != roads.asked(one, *early)
    assert set(said[LEARNED]) == {5}


def _with(city, day, more):
    dust = city.dust.clone()
    dust[:, day] += more
    return roads.replace(city, dust=dust)
