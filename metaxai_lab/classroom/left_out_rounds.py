"""Leave one group out after the other: who is asked then, about which rows, and by whose lines.

One training serves a group. Each task of the group is a unit, and for each number of rows everyone
sees the same support rows of it, drawn many times.
Source: Stone (1974), judging by what was left out. Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.tables_abreast import train_all
from metaxai_lab.classroom.tables_rivals import Rivals, everyone, rivals
from metaxai_lab.classroom.tables_study import Cut, Fold, leave
from metaxai_lab.core import Episode, Examples, joined, seeded
from metaxai_lab.learners import LinearModel, SharedStart
from metaxai_lab.tasks import large_enough

LEARNED = "meta-learned"
N_DRAWS = 40  # of support and judged rows from each unit, for each size


@dataclass(frozen=True)
class Round:
    """Everyone's line for `N_DRAWS` supports of each of some units, unit by unit.

    Args:
        units: the tasks left out.
        rows: what the lines learned from, and what they are judged on.
        lines: of each rival and of the learner, by name.
    """

    fold: Fold
    units: tuple[int, ...]
    rows: Episode
    lines: Mapping[str, LinearModel]

    def by_unit(self, values: Float[Tensor, " drawn"]) -> Float[Tensor, " unit"]:
        """Return the mean over the draws of each unit, on the CPU."""
        return values.view(len(self.units), -1).mean(1).cpu()


def rounds(
    cut: Cut, sizes: Sequence[int], *, seed: int, steps: int | None = None
) -> Iterator[tuple[int, Round]]:
    """Leave out each judged group in turn, train on the others, and give a round for each size.

    A unit with too few rows for a size is left out of that round. There is no round where nobody is
    left, or where no training task has enough rows to choose the rivals' penalties on.

    Returns:
        The place of the size, and the round.
    """
    found = [rivals(leave(cut, group)) for group in cut.judged]
    seeds = [1000 * seed + number for number in range(len(found))]
    learners = train_all(found, seeds=seeds, steps=steps)
    for one, learner in zip(found, learners, strict=True):
        fold = one.fold
        for place, size in enumerate(sizes):
            enough = large_enough(fold.table, size + fold.n_query)
            units = [task for task in fold.out if task in enough]
            if units and set(enough) & set(fold.trained):
                yield place, one_round(one, learner, units, size, seed=seed)


def one_round(
    found: Rivals, learner: SharedStart, units: Sequence[int], size: int, *, seed: int
) -> Round:
    """Draw rows of some tasks that were left out, and fit everyone's line to each support."""
    rows = drawn(found.fold, units, size, seed=seed)
    return Round(found.fold, tuple(units), rows, all_lines(found, learner, rows.support))


@torch.no_grad()
def all_lines(found: Rivals, learner: SharedStart, support: Examples) -> dict[str, LinearModel]:
    """Return the line of each rival and of the learner, tuned for that many rows."""
    lines = everyone(found, support.y.shape[-1])(support)
    return lines | {LEARNED: learner.adapt(support)}


def drawn(fold: Fold, tasks: Sequence[int], size: int, *, seed: int) -> Episode:
    """Draw `N_DRAWS` supports and judged rows of each task, task by task, stacked."""
    generator = seeded(10_000 * seed + size)
    return joined([fold.draw((task,), size, N_DRAWS, generator) for task in tasks])
