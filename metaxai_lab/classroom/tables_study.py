"""Leave one group out: the experiment on real tables, for hospitals, stations, counties and bands.

A learner is trained across the tasks of all groups but one, sees a few rows of a task of the group
that was left out, and is judged on other rows of that task; so are ridge and lasso on those few
rows alone, and one ridge for all training rows. Nothing is chosen on the group left out.
Source: Gelman & Hill (2007), chapter 12, for no, complete and partial pooling.
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, at_scale, initialised_with, seeded
from metaxai_lab.learners import FeatureGates, SharedStart, meta_train_start
from metaxai_lab.tasks import TaskTable, draw_table_episodes, standardised, tables
from metaxai_lab.tasks.table_groups import by_month, stations_of

Groups = Mapping[str, tuple[int, ...]]
COUNTY_ROWS = 13  # a county is judged if it has that many homes


@dataclass(frozen=True)
class Cut:
    """A table, and which of its tasks are left out together.

    Args:
        groups: the tasks of each group, by its name.
        judged: the groups that are left out, one after the other.
        n_query: rows that a task is judged on.
        rows: the fewest and the most support rows of a training task.
    """

    table: TaskTable
    groups: Groups
    judged: tuple[str, ...]
    n_query: int = 30
    rows: tuple[int, int] = (5, 40)


@dataclass(frozen=True)
class Fold:
    """A cut with one group left out: the table in units of the training groups.

    Args:
        table: the target is a number, of classes 0 or 1.
        by: the tasks trained on, by group.
        out: the tasks of the group that was left out.
    """

    table: TaskTable
    by: Groups
    out: tuple[int, ...]
    n_query: int
    rows: tuple[int, int]

    @property
    def trained(self) -> tuple[int, ...]:
        """The tasks trained on."""
        return tuple(task for tasks in self.by.values() for task in tasks)

    @property
    def sizes(self) -> Float[Tensor, " feature"]:
        """The deviation of each column over the training rows; 1, but for zeros and ones."""
        return self.table.x[rows_of(self.table, self.trained)].std(0, correction=0)

    @property
    def means(self) -> Float[Tensor, " feature"]:
        """The mean of each column over the training rows; of zeros and ones, the share of ones."""
        return self.table.x[rows_of(self.table, self.trained)].mean(0)

    def draw(self, tasks: Sequence[int], k: int, n_tasks: int, generator: Generator) -> Episode:
        """Draw tasks with `k` support rows, of those that have enough."""
        enough = [task for task in tasks if self.table.counts[task] >= k + self.n_query]
        return draw_table_episodes(
            self.table,
            tasks=enough,
            k_support=k,
            n_query=self.n_query,
            n_tasks=n_tasks,
            generator=generator,
        )


def cut(name: str) -> Cut:
    """Return a table cut for leaving groups out.

    "beijing_air" has a task for each month of each station, of which all months are left out
    together; "beijing_stations" has a task for each station. "radon_untold" does not tell the
    uranium of a county, a column that is the same for all its houses.
    """
    if name.startswith("beijing"):
        stations = tables.table("beijing_air", every=5)
        table = by_month(stations) if name == "beijing_air" else stations
        groups = stations_of(table) if name == "beijing_air" else _alone(table)
        return Cut(table, groups, tuple(groups))
    table = tables.table(name.removesuffix("_untold"))
    groups = _alone(table)
    if name == "radon_untold":
        table = replace(table, x=table.x[:, :1], feature_names=table.feature_names[:1])
    if name.startswith("radon"):
        large = [county for county, (task,) in groups.items() if table.counts[task] >= COUNTY_ROWS]
        return Cut(table, groups, tuple(large), n_query=3, rows=(3, 20))
    return Cut(table, groups, tuple(groups), n_query=15 if name == "diabetes" else 30)


def leave(whole: Cut, group: str) -> Fold:
    """Leave one group out, and standardise by the others."""
    by = {name: tasks for name, tasks in whole.groups.items() if name != group}
    trained = [task for tasks in by.values() for task in tasks]
    table = standardised(whole.table, by=trained)
    table = replace(table, y=table.y.float(), class_names=())
    return Fold(table, by, whole.groups[group], whole.n_query, whole.rows)


def rows_of(table: TaskTable, tasks: Sequence[int]) -> Tensor:
    """Return which rows belong to one of the tasks."""
    return torch.isin(table.task, torch.tensor(tasks, device=table.task.device))


def told(fold: Fold, others: Mapping[str, Float[Tensor, " feature_and_one"]]) -> Fold:
    """Add a last column: what the start of the *other* training groups says of each row.

    Args:
        others: a start for each training group, fitted without it.
    """
    x = fold.table.x
    said = torch.zeros_like(x[:, 0])
    for group, start in others.items():
        rows = rows_of(fold.table, fold.by[group])
        said[rows] = x[rows] @ start[:-1] + start[-1]
    names = (*fold.table.feature_names, "what others say")
    table = replace(fold.table, x=torch.cat([x, said[:, None]], 1), feature_names=names)
    return replace(fold, table=table)


def train(
    fold: Fold,
    start: Float[Tensor, " feature_and_one"],
    others: Mapping[str, Float[Tensor, " feature_and_one"]],
    *,
    seed: int,
    steps: int | None = None,
) -> SharedStart:
    """Train freedoms and gates on the tasks of the groups that stayed, on the CPU.

    Args:
        start: where a task of the group left out begins.
        others: where tasks of a training group begin while the learner is trained: a start that
            did not see that group, as `start` did not see the group left out.
    """
    generator = seeded(seed)
    learner, drawn = untrained(fold, start, generator), Drawn(fold, others)

    def draw(generator: Generator) -> Episode:
        return drawn(drawn.k(generator), generator)

    usual = {"steps": n_steps(steps), "outer_lr": 5e-3, "device": "cpu"}
    meta_train_start(learner, draw, generator=generator, **usual)
    return learner


class Drawn:
    """Draws the tasks of a step; their last column is what the other groups say."""

    def __init__(self, fold: Fold, others: Mapping[str, Float[Tensor, " feature_and_one"]]) -> None:
        self.known, self.trained = told(fold, others), fold.trained
        most = max(int(fold.table.counts[task]) for task in fold.trained) - fold.n_query
        self.least, self.most = fold.rows[0], min(fold.rows[1], most)

    def k(self, generator: Generator) -> int:
        """Draw a number of support rows."""
        return int(torch.randint(self.least, self.most + 1, (), generator=generator))

    def __call__(self, k: int, generator: Generator) -> Episode:
        """Draw tasks with that many."""
        return self.known.draw(self.trained, k, 24, generator)


def untrained(
    fold: Fold, start: Float[Tensor, " feature_and_one"], generator: Generator
) -> SharedStart:
    """Make a learner for the columns of a fold."""
    with initialised_with(generator):
        return SharedStart(FeatureGates(n_features=len(start) - 1, width=32, n_layers=1), start)


def n_steps(asked: int | None) -> int:
    """Return how many steps were asked for, or are usual at this scale."""
    return at_scale(quick=80, full=400) if asked is None else asked


def _alone(table: TaskTable) -> dict[str, tuple[int, ...]]:
    return {name: (task,) for task, name in enumerate(table.task_names)}
