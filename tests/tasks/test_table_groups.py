"""Months of stations: where they end, what they are called, who is left out together."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.tasks import TaskTable
from metaxai_lab.tasks.table_groups import by_month, stations_of


@pytest.fixture
def air():
    """Two stations, of which the first comes back to January a year later."""
    month = [1, 1, 2, 1, 1, 2, 2]
    return TaskTable(
        x=torch.tensor([month, range(7)], dtype=torch.float32).T,
        y=torch.arange(7.0),
        task=torch.tensor([0, 0, 0, 0, 1, 1, 1]),
        feature_names=("month", "hour"),
        task_names=("Dongsi", "Wanliu"),
        target_name="dust",
    )


def test_a_task_ends_with_its_month_or_its_station(air):
    assert by_month(air).task.tolist() == [0, 0, 1, 2, 3, 4, 4]


def test_rows_stay_where_they_were(air):
    assert torch.equal(by_month(air).x, air.x)


def test_months_are_counted_station_by_station(air):
    names = ("Dongsi 0", "Dongsi 1", "Dongsi 2", "Wanliu 0", "Wanliu 1")
    assert by_month(air).task_names == names


def test_all_months_of_a_station_are_one_group(air):
    assert stations_of(by_month(air)) == {"Dongsi": (0, 1, 2), "Wanliu": (3, 4)}


def test_an_empty_month_is_refused_by_its_row(air):
    x = air.x.clone()
    x[[3, 5], 0] = float("nan")
    with pytest.raises(ValueError, match="row 3 has no month, one of 2 such rows"):
        by_month(replace(air, x=x))


def test_a_table_without_months_is_refused(air):
    with pytest.raises(ValueError, match="its column 'month'; found moon, hour"):
        by_month(replace(air, feature_names=("moon", "hour")))
