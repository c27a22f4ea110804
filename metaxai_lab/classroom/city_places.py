"""Two real cities in order of time: a station of Beijing that is new, an hour of bicycles that is.

Beijing: a month of a station is a task. A learner is trained on the first three years of the
stations that stay; a station left out opens in the fourth, so neither it nor the year was seen.
Bicycles: an hour of the day is a task, a row is a day.
Sets: Zhang et al. (2017); Fanaee-T & Gama (2014). Chapter: book/applications/city.ipynb.
"""

from dataclasses import replace
from functools import cache

import torch

from metaxai_lab.classroom.city_study import Left, TimedFold, learn, leave_some, without
from metaxai_lab.tasks import TaskTable, tables
from metaxai_lab.tasks.table_groups import by_month, stations_of
from metaxai_lab.tasks.time_order import Timeline

EVERY = 5  # hours from one row to the next: 48 rows in ten days
SEEN = 36  # months before the new station opens


def in_file_order(table: TaskTable) -> Timeline:
    """Return the table with the place of each row in its task as its time."""
    starts = table.counts.cumsum(0) - table.counts
    place = torch.arange(len(table.y)) - starts[table.task.cpu()]
    return Timeline(table, place.to(table.y.device))


def beijing_without(part: int, n_parts: int) -> tuple[TimedFold, tuple[tuple[int, ...], ...]]:
    """Leave out every `n_parts`-th station, and for the others the fourth year.

    Returns:
        the fold, and the months of the fourth year of each station left out.
    """
    timeline = _beijing()
    stations = list(stations_of(timeline.table).items())
    stay = {name: tasks[:SEEN] for i, (name, tasks) in enumerate(stations) if i % n_parts != part}
    new = tuple(tasks[SEEN:] for _, tasks in stations[part::n_parts])
    out = [task for tasks in new for task in tasks]
    return leave_some(timeline, stay, out), new


def beijing(part: int, n_parts: int, *, seed: int, shuffled: bool = False) -> Left:
    """Train for the stations of Beijing that `beijing_without` leaves out.

    Args:
        shuffled: draw rows of a month without regard to time, in training and when judged.
    """
    fold, new = beijing_without(part, n_parts)
    left = learn(replace(fold, shuffled=shuffled), seed=seed)
    return replace(left, units=new)


def bicycles(part: int, n_parts: int, *, seed: int) -> Left:
    """Leave out every `n_parts`-th hour of the day, and train on the others."""
    fold = without(in_file_order(tables.table("bike_sharing")), part, n_parts)
    return learn(fold, seed=seed)


@cache
def _beijing() -> Timeline:
    return in_file_order(by_month(tables.table("beijing_air", every=EVERY)))
