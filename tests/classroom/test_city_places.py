"""Real cities by the clock: a year that nobody saw, and rows as the files order them."""

import pytest
import torch

from metaxai_lab.classroom import city_places as places
from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable, is_here

needs_air = pytest.mark.skipif(not is_here("beijing_air"), reason="needs beijing_air")
needs_bikes = pytest.mark.skipif(not is_here("bike_sharing"), reason="needs bike_sharing")


def test_a_row_has_its_place_in_its_task_as_time():
    task = torch.tensor([0, 0, 0, 1, 1])
    table = TaskTable(torch.zeros(5, 1), torch.zeros(5), task, ("x",), ("A", "B"), "y")
    assert places.in_file_order(table).time.tolist() == [0, 1, 2, 0, 1]


@needs_air
def test_a_new_station_opens_in_a_year_that_nobody_saw():
    fold, new = places.beijing_without(1, 4)
    months = [fold.table.task_names[task] for task in new[0]]
    assert months[0].endswith(" 36")
    assert len(new) == 3
    assert len(months) == 12
    seen = {fold.table.task_names[task] for task in fold.trained}
    assert all(int(name.split()[-1]) < places.SEEN for name in seen)
    assert not {name.split()[0] for name in seen} & {name.split()[0] for name in months}


@needs_bikes
def test_hours_are_left_out_and_their_days_come_in_order():
    fold = places.without(places.in_file_order(places.tables.table("bike_sharing")), 0, 6)
    assert [fold.table.task_names[task] for task in fold.out] == [
        "00:00",
        "06:00",
        "12:00",
        "18:00",
    ]
    assert fold.draw((0,), 10, 4, seeded(0)).support.y.shape == (4, 10)
