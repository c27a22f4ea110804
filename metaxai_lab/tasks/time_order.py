"""Rows that have a time: learn from some that follow each other, be judged on later ones.

Shuffled rows of a month hold the days before and after each day that is judged, and a model that
is to speak of tomorrow has none of these. Here the support always ends before the query begins,
and times that go backwards are refused.
Source: Bergmeir & Benitez (2012), for judging forecasts on blocks of time.
Chapter: book/applications/city.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.sampling import check_sizes
from metaxai_lab.tasks.task_table import TaskTable, check_tasks


@dataclass(frozen=True)
class Timeline:
    """A table whose rows have times, such as days; within a task they only go forwards.

    Args:
        time: when each row was measured.

    Raises:
        ValueError: if rows and times differ in number, or a time does not follow the one before.
    """

    table: TaskTable
    time: Int[Tensor, " row"]

    def __post_init__(self) -> None:
        if len(self.time) != len(self.table.y):
            raise ValueError(
                f"each row needs its time; found {len(self.time)} times for "
                f"{len(self.table.y)} rows."
            )
        same = self.table.task[1:] == self.table.task[:-1]
        back = same & (self.time[1:] <= self.time[:-1])
        if bool(back.any()):
            raise ValueError(_goes_back(self, int(back.nonzero()[0]) + 1, int(back.sum())))

    def draw(
        self,
        *,
        tasks: Sequence[int],
        k_support: int,
        n_query: int,
        n_tasks: int,
        generator: Generator,
        gap: int = 0,
    ) -> Episode:
        """Draw `n_tasks` episodes: of one task, `k_support` rows in a row, then `n_query` later.

        Args:
            tasks: numbers of the tasks to draw from, with equal chance.
            gap: rows between the last of the support and the first of the query.

        Raises:
            ValueError: if a size is too small, the query would not come after the support, or a
                task has too few rows.
        """
        check_sizes(k_support=k_support, n_query=n_query, n_tasks=n_tasks)
        check_tasks(self.table, tasks)
        if gap < 0:
            raise ValueError(
                f"the query comes after the support: the gap is 0 rows or more; found {gap}."
            )
        room = self.table.counts - (k_support + gap + n_query)
        _refuse_short(self.table, tasks, room, k_support + gap + n_query)
        asked = torch.tensor(tasks)[torch.randint(len(tasks), (n_tasks,), generator=generator)]
        chance = torch.rand(n_tasks, generator=generator)
        begun = (chance * (room[asked] + 1)).long().minimum(room[asked])
        return self.episodes(asked, begun, k_support=k_support, n_query=n_query, gap=gap)

    def episodes(
        self,
        tasks: Int[Tensor, " task"],
        begun: Int[Tensor, " task"],
        *,
        k_support: int,
        n_query: int,
        gap: int = 0,
    ) -> Episode:
        """Return the episodes of these tasks whose support begins with these rows, from 0 on."""
        table = self.table
        first = ((table.counts.cumsum(0) - table.counts)[tasks] + begun)[:, None]
        support = (first + torch.arange(k_support)).to(table.x.device)
        query = (first + k_support + gap + torch.arange(n_query)).to(table.x.device)
        return Episode(
            Examples(table.x[support], table.y[support]), Examples(table.x[query], table.y[query])
        )


def _goes_back(found: Timeline, row: int, number: int) -> str:
    name = found.table.task_names[int(found.table.task[row])]
    first = int((found.table.task == found.table.task[row]).nonzero()[0])
    return (
        f"time goes forwards within a task; row {row - first} of {name!r} has the time "
        f"{int(found.time[row])} after {int(found.time[row - 1])}, one of {number} such rows. "
        "Sort the rows by time, and keep one row for each time."
    )


def _refuse_short(table: TaskTable, tasks: Sequence[int], room: Tensor, needed: int) -> None:
    short = [task for task in tasks if room[task] < 0]
    if short:
        raise ValueError(
            f"support, gap and query need {needed} rows; task {table.task_names[short[0]]!r} has "
            f"{int(table.counts[short[0]])}. Lower them, or leave the task out."
        )
