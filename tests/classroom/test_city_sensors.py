"""Sensors: what is stuck, missing or in another unit is named, and what is well is not."""

import pytest
import torch

from metaxai_lab.classroom.city_sensors import DAYS, runs, usual

NAMES = ("wind", "rain")


@pytest.fixture
def well():
    """Two stations; wind changes daily, rain may stay away for four days."""
    wind = torch.arange(30.0) % 7 + 1
    rain = torch.tensor(([0.0] * 4 + [1.0, 2.0]) * 5)
    return torch.stack([torch.stack([wind, rain], 1), torch.stack([wind + 1, rain], 1)])


def ten(wind=None, rain=None):
    wind = torch.arange(10.0) % 7 + 1 if wind is None else torch.tensor(wind)
    rain = torch.tensor([0.0, 0, 1, 2, 0, 0, 1, 2, 0, 0]) if rain is None else torch.tensor(rain)
    return torch.stack([wind, rain], 1)


def test_runs_are_counted_by_hand():
    days = torch.tensor([[1.0, 0.0], [1.0, 0.0], [2.0, 0.0], [1.0, 5.0]])
    assert runs(days).tolist() == [2, 3]


def test_one_day_is_a_run_of_one():
    assert runs(torch.zeros(1, 2)).tolist() == [1, 1]


def test_a_run_that_comes_last_counts():
    assert runs(torch.tensor([[1.0], [2.0], [2.0], [2.0]])).tolist() == [3]


def test_what_is_well_is_not_named(well):
    assert usual(well, NAMES).faults(ten()) == []


def test_rain_may_stay_away_as_long_as_it_did(well):
    assert usual(well, NAMES).faults(ten(rain=[0.0] * 4 + [1.0, 2.0, 0.0, 1.0, 2.0, 0.0])) == []


def test_a_wind_that_stays_is_stuck(well):
    (said,) = usual(well, NAMES).faults(ten(wind=[1.0, 2.0, 3.0, *[4.0] * 7]))
    assert said.startswith("wind: the same value, 4, 7 days running; at other stations 1 at most")


def test_another_unit_is_named(well):
    (said,) = usual(well, NAMES).faults(ten(wind=[36.0 + i for i in range(DAYS)]))
    assert "wind: the median of these days is 40" in said
    assert said.endswith("Another unit?")


def test_days_without_a_number_are_counted(well):
    wind = [1.0, 2.0, float("nan"), 4.0, float("nan"), 6.0, 7.0, 1.0, 2.0, 3.0]
    (said,) = usual(well, NAMES).faults(ten(wind=wind))
    assert said == "wind: 2 of 10 days hold no number. Was it measured?"


def test_other_columns_are_refused(well):
    with pytest.raises(ValueError, match="found 3"):
        usual(well, NAMES).faults(torch.zeros(10, 3))
