"""A new station in a city: learn from its first days, be judged on the days that follow.

Stations are left out some at a time; a learner is trained on the others, and everybody is asked
about the same rows. Nothing is drawn but in order of time.
Source: Gelman & Hill (2007), chapter 12, for no, complete and partial pooling.
Chapter: book/applications/city.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from metaxai_lab.classroom.left_out import SIZES, LeftOut
from metaxai_lab.classroom.left_out_rounds import all_lines
from metaxai_lab.classroom.tables_abreast import train_all
from metaxai_lab.classroom.tables_rivals import Rivals, rivals, with_one
from metaxai_lab.classroom.tables_study import Fold, train
from metaxai_lab.core import Episode, Examples, joined, seeded
from metaxai_lab.learners import LinearModel, SharedStart
from metaxai_lab.tasks import standardised
from metaxai_lab.tasks.time_order import Timeline

N_DRAWS = 24  # beginnings at each station left out
N_QUERY = 30  # days that follow
YEAR = 365
ROWS = (5, 50)  # the fewest and the most days that a training station shows


@dataclass(frozen=True)
class TimedFold(Fold):
    """A fold whose rows have times: what it draws comes in order of time.

    Args:
        time: of each row.
        gap: rows between what is learned from and what is judged.
        shuffled: draw without regard to time after all, as is often done.
    """

    time: Int[Tensor, " row"]
    gap: int = 0
    shuffled: bool = False

    @property
    def timeline(self) -> Timeline:
        """The rows with their times."""
        return Timeline(self.table, self.time)

    def draw(self, tasks: Sequence[int], k: int, n_tasks: int, generator: Generator) -> Episode:
        """Draw tasks with `k` support rows that follow each other, and query rows after them."""
        if self.shuffled:
            return super().draw(tasks, k, n_tasks, generator)
        enough = [t for t in tasks if self.table.counts[t] >= k + self.gap + self.n_query]
        return self.timeline.draw(
            tasks=enough,
            k_support=k,
            n_query=self.n_query,
            n_tasks=n_tasks,
            gap=self.gap,
            generator=generator,
        )


@dataclass(frozen=True)
class Left:
    """Some stations left out, what was trained on the others, and the rivals.

    Args:
        units: the tasks of each station left out; a task is a station, where none are given.
    """

    fold: TimedFold
    found: Rivals
    learner: SharedStart
    units: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        if not self.units:
            object.__setattr__(self, "units", tuple((task,) for task in self.fold.out))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the stations left out."""
        return tuple(self.fold.table.task_names[tasks[0]] for tasks in self.units)

    def of_each(self, k: int, *, seed: int, gap: int = 0) -> Episode:
        """Draw `N_DRAWS` beginnings at each station left out, station by station."""
        fold = replace(self.fold, gap=gap)
        each = [fold.draw(tasks, k, N_DRAWS, seeded(seed + tasks[0])) for tasks in self.units]
        return joined(each)

    def errors(self, k: int, *, seed: int, gap: int = 0) -> dict[str, Float[Tensor, " station"]]:
        """Return the mean squared error of everyone at each station left out."""
        drawn = self.of_each(k, seed=seed, gap=gap)
        each = {name: line.errors(drawn.query) for name, line in self.lines(drawn.support).items()}
        return {name: values.view(-1, N_DRAWS).mean(1) for name, values in each.items()}

    def asked_on(
        self, k: int, judged: Int[Tensor, " day"], *, gap: int
    ) -> dict[str, Float[Tensor, " station"]]:
        """Return errors on the days from each of `judged` on, whose `k` days ended `gap` before."""
        tasks = torch.tensor(self.fold.out).repeat_interleave(len(judged))
        begun = (judged - gap - k).repeat(len(self.fold.out))
        sizes = {"k_support": k, "n_query": self.fold.n_query, "gap": gap}
        drawn = self.fold.timeline.episodes(tasks, begun, **sizes)
        each = {name: line.errors(drawn.query) for name, line in self.lines(drawn.support).items()}
        return {name: values.view(-1, len(judged)).mean(1) for name, values in each.items()}

    def beside_a_year(self, *, seed: int) -> dict[int, Float[Tensor, " station"]]:
        """Return the learner's error with the last 5 to 50 days, and a year's line on the same.

        The line is of least squares, on a whole year of the station's own; its size is `YEAR`.
        """
        drawn = self.of_each(YEAR, seed=seed)
        support, query = drawn.support, drawn.query
        found = torch.linalg.lstsq(with_one(support.x), support.y[..., None]).solution[..., 0]
        errors = {YEAR: LinearModel(found[..., :-1], found[..., -1]).errors(query)}
        with torch.no_grad():
            for k in SIZES:
                last = Examples(support.x[:, -k:], support.y[:, -k:])
                errors[k] = self.learner.adapt(last).errors(query)
        return {k: each.view(-1, N_DRAWS).mean(1) for k, each in errors.items()}

    def lines(self, support: Examples) -> dict[str, LinearModel]:
        """Return the line of everyone for each support set, tuned for that many rows."""
        return all_lines(self.found, self.learner, support)


def leave_some(
    timeline: Timeline, groups: Mapping[str, tuple[int, ...]], out: Sequence[int]
) -> TimedFold:
    """Leave some tasks out, and standardise by the others.

    Args:
        groups: the tasks to train on, by group: by each the pooled line is fitted without it, too.
        out: the tasks left out, which belong to none of these.

    Raises:
        ValueError: if a task is trained on and left out.
    """
    trained = [task for tasks in groups.values() for task in tasks]
    if both := sorted(set(trained) & set(out)):
        raise ValueError(f"a task left out is not trained on; found both of tasks {both[:5]}.")
    table = standardised(timeline.table, by=trained)
    return TimedFold(table, groups, tuple(out), N_QUERY, ROWS, timeline.time)


def without(timeline: Timeline, part: int, n_parts: int) -> TimedFold:
    """Leave out every `n_parts`-th station, from `part` on."""
    names = timeline.table.task_names
    stay = {name: (i,) for i, name in enumerate(names) if i % n_parts != part}
    return leave_some(timeline, stay, range(part, len(names), n_parts))


def learn(fold: TimedFold, *, seed: int, steps: int | None = None) -> Left:
    """Fit the rivals and train a learner on the stations that stayed."""
    found = rivals(fold)
    return Left(fold, found, train(fold, found.pooled, found.others, seed=seed, steps=steps))


def learn_cities(timelines: Sequence[Timeline], n_parts: int) -> list[list[Left]]:
    """Leave each `n_parts`-th of each city's stations out in turn, and train all side by side."""
    folds = [without(one, part, n_parts) for one in timelines for part in range(n_parts)]
    found = [rivals(fold) for fold in folds]
    learners = train_all(found, seeds=[*range(n_parts)] * len(timelines))
    lefts = [Left(*each) for each in zip(folds, found, learners, strict=True)]
    return [lefts[at : at + n_parts] for at in range(0, len(lefts), n_parts)]


def judged(lefts: Sequence[Left], *, seed: int, gap: int = 0) -> LeftOut:
    """Return the errors of everyone at the stations that were left out, for 5 to 50 rows."""
    each = [{k: left.errors(k, seed=1000 * seed + k, gap=gap) for k in SIZES} for left in lefts]
    errors = {
        name: torch.stack([torch.cat([one[k][name] for one in each]) for k in SIZES])
        for name in each[0][SIZES[0]]
    }
    return LeftOut(errors, units=tuple(name for left in lefts for name in left.names))


def together(runs: Sequence[LeftOut]) -> LeftOut:
    """Return the stations of several cities as the units of one comparison."""
    names = runs[0].errors
    errors = {name: torch.cat([run.errors[name] for run in runs], 1) for name in names}
    units = tuple(f"city {i}, {unit}" for i, run in enumerate(runs) for unit in run.units)
    return LeftOut(errors, units=units)
