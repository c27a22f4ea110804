"""Smaller tasks inside the groups of a table: each month of each station of Beijing's air.

Stations of one city differ little over four years; their months do: dust in April, heating in
January. All months of a station are left out together, or the station would not be unseen.
Set: Zhang et al. (2017). Chapter: book/importance/on_real_tables.ipynb.
"""

from dataclasses import replace

import torch

from metaxai_lab.tasks.task_table import TaskTable


def by_month(table: TaskTable) -> TaskTable:
    """Cut each task into the months of its rows, which stand in order of time.

    A month ends where the column "month" changes. Months are named "Dongsi 0", "Dongsi 1", ...

    Raises:
        ValueError: if the table has no column "month", or it has empty cells.
    """
    if "month" not in table.feature_names:
        raise ValueError(
            "a table is cut into months by its column 'month'; found "
            f"{', '.join(table.feature_names)}."
        )
    month = table.x[:, table.feature_names.index("month")]
    unknown = month.isnan()
    if bool(unknown.any()):
        raise ValueError(
            f"row {int(unknown.nonzero()[0])} has no month, one of {int(unknown.sum())} such rows: "
            "where a month ends cannot be told. Leave them out, or fill them."
        )
    turns = torch.zeros_like(table.task)
    turns[1:] = ((month[1:] != month[:-1]) | (table.task[1:] != table.task[:-1])).long()
    task = turns.cumsum(0)
    station = table.task[(turns == 1) | (torch.arange(len(task), device=task.device) == 0)]
    seen: dict[int, int] = {}
    names = list[str]()
    for number in station.tolist():
        names.append(f"{table.task_names[number]} {seen.setdefault(number, 0)}")
        seen[number] += 1
    return replace(table, task=task, task_names=tuple(names), responsible=None)


def stations_of(table: TaskTable) -> dict[str, tuple[int, ...]]:
    """Return the tasks of each station of a table that was cut by month."""
    found: dict[str, tuple[int, ...]] = {}
    for task, name in enumerate(table.task_names):
        station = name.rpartition(" ")[0]
        found[station] = (*found.get(station, ()), task)
    return found
