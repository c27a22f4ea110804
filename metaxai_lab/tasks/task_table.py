"""A real table cut into tasks: rows of one hospital, one station, one county belong together.

What differs between the groups of a table is what a meta-learner has to adapt to; what they share
is what it can learn beforehand (Gelman & Hill 2007, chapter 12, for one county at a time).
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int, Num
from torch import Tensor


@dataclass(frozen=True)
class TaskTable:
    """Rows of all tasks, task by task, resident in memory.

    Args:
        x: a number for each column; NaN where nothing was measured, with a column "... missing"
            of zeros and ones beside it.
        y: the class, or the number to predict.
        task: to which task each row belongs; in ascending order.
        feature_names: one for each column.
        task_names: one for each task.
        target_name: what y is.
        class_names: one for each class; empty where y is a number.
        missing: how many cells of each original column were empty.
        n_left_out: how many rows were left out because their target was missing.
        responsible: the columns that decide in each task, where that is known.
        target_scale: what was taken from y, and by what it was divided then.

    Raises:
        ValueError: if names do not count columns or tasks, or rows do not stand task by task.
    """

    x: Float[Tensor, "row feature"]
    y: Num[Tensor, " row"]
    task: Int[Tensor, " row"]
    feature_names: tuple[str, ...]
    task_names: tuple[str, ...]
    target_name: str
    class_names: tuple[str, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    n_left_out: int = 0
    responsible: Bool[Tensor, "task feature"] | None = None
    target_scale: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self) -> None:
        if len(self.feature_names) != self.x.shape[1]:
            raise ValueError(
                f"a table of {self.x.shape[1]} columns needs as many names; "
                f"found {len(self.feature_names)}."
            )
        numbers = self.task.unique_consecutive().tolist()
        if numbers != list(range(len(self.task_names))):
            raise ValueError(
                f"rows stand task by task, and each of {len(self.task_names)} named tasks has "
                f"some; found the tasks {numbers[:10]}. Sort the rows, and name tasks with rows."
            )

    @cached_property
    def counts(self) -> Int[Tensor, " task"]:
        """How many rows each task has; on the CPU."""
        return self.task.bincount(minlength=len(self.task_names)).cpu()

    def to(self, device: torch.device | str) -> "TaskTable":
        """Return the same table on `device`."""
        known = self.responsible
        moved = {"x": self.x.to(device), "y": self.y.to(device), "task": self.task.to(device)}
        return replace(self, **moved, responsible=None if known is None else known.to(device))


def standardised(table: TaskTable, *, by: Sequence[int]) -> TaskTable:
    """Return the table with mean 0 and deviation 1 over the tasks `by`, and no empty cell.

    Only the rows of `by` are looked at, so nothing of the other tasks leaks in. An empty cell gets
    the mean, 0; so does a whole column of which `by` has no value. Columns of zeros and ones stay
    as they are. A number to predict is scaled like a column; `target_scale` leads back.

    Raises:
        ValueError: if there is no such task, or none is named; or a cell is infinite.
    """
    check_tasks(table, by)
    _refuse_infinite(table)
    rows = torch.isin(table.task, torch.tensor(by, device=table.task.device))
    mean, deviation = _moments(table.x[rows])
    stays = ((table.x == 0) | (table.x == 1) | table.x.isnan()).all(0)
    mean, deviation = mean.where(~stays, 0), deviation.where(~stays, 1)
    x = ((table.x.double() - mean) / deviation).nan_to_num(nan=0.0).float()
    if not table.y.is_floating_point():
        return replace(table, x=x)
    centre, spread = (float(number) for number in _moments(table.y[rows][:, None]))
    before = table.target_scale
    scale = (before[0] + centre * before[1], spread * before[1])
    return replace(table, x=x, y=(table.y - centre) / spread, target_scale=scale)


def leave_out(table: TaskTable, task: int | str) -> tuple[int, ...]:
    """Return all tasks but one, which is given by its name or its number.

    Raises:
        ValueError: if there is no such task.
    """
    if isinstance(task, str) and task not in table.task_names:
        names = ", ".join(table.task_names)
        raise ValueError(f"the tasks of this table are {names}; found {task!r}.")
    number = table.task_names.index(task) if isinstance(task, str) else task
    check_tasks(table, [number])
    return tuple(other for other in range(len(table.task_names)) if other != number)


def large_enough(table: TaskTable, n_rows: int) -> tuple[int, ...]:
    """Return the tasks that have at least `n_rows` rows."""
    return tuple((table.counts >= n_rows).nonzero()[:, 0].tolist())


def check_tasks(table: TaskTable, tasks: Sequence[int]) -> None:
    """Refuse an empty choice of tasks, and tasks that a table does not have.

    Raises:
        ValueError: if that is so.
    """
    n_tasks = len(table.task_names)
    strange = [number for number in tasks if not 0 <= number < n_tasks]
    if strange or not tasks:
        raise ValueError(
            f"name at least one task by its number from 0 to {n_tasks - 1}; found "
            f"{strange or 'none'}."
        )


def _refuse_infinite(table: TaskTable) -> None:
    bad = table.x.isinf()
    if bool(bad.any()):
        row, column = bad.nonzero()[0].tolist()
        raise ValueError(
            f"row {row}, of task {table.task_names[int(table.task[row])]!r}, holds "
            f"{float(table.x[row, column])} in column {table.feature_names[column]!r}, one of "
            f"{int(bad.sum())} infinite cells. Mark a value that was not measured by NaN."
        )


def _moments(
    values: Num[Tensor, "row feature"],
) -> tuple[Float[Tensor, " feature"], Float[Tensor, " feature"]]:
    """Return mean and deviation over the cells that are not empty.

    A column without a value has no mean: NaN, which makes all of it empty.
    """
    mean = values.double().nanmean(0)
    spread = (values.double() - mean).square().nanmean(0).sqrt()
    return mean, spread.where(spread > 0, 1)
