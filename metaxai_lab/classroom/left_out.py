"""Who errs least on a task that was left out, with 5, 10, 20 and 50 rows of it?

Each group of a table is left out in turn. A learner trained across the other groups, ridge and
lasso on the task alone, and one ridge of all training rows, without and with the new rows, see the
same support rows and are judged on the same other rows. A task left out is one unit: leads are
differences within a unit, and intervals are over units. A unit is left out of a size, and named, if
it has too few rows for it, or if no training task has enough to choose the rivals' penalties on.
Source: Student (1908), the interval of paired differences.
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.left_out_rounds import LEARNED as LEARNED
from metaxai_lab.classroom.left_out_rounds import Round, rounds
from metaxai_lab.classroom.tables import about
from metaxai_lab.classroom.tables_study import Cut
from metaxai_lab.evaluation.intervals import Interval, t_interval

SIZES = (5, 10, 20, 50)
OWN = ("own ridge", "own lasso")
POOLED = ("pooled", "pooled + rows")
PARTLY = ("pooled, own level", "one price")  # partial pooling without a learner: harder rivals
HEADS = ("rows", "error", "lead over own", "lead over pooled")


@dataclass(frozen=True)
class LeftOut:
    """The errors of everyone on the same rows of each unit left out.

    Args:
        errors: by name, one of which is "meta-learned"; NaN where a unit has too few rows.
        sizes: the numbers of support rows, ascending.
        units: the names of what was left out; numbers, where none are given.
        own: who saw the task alone.
        pooled: who took all tasks for one.

    Raises:
        ValueError: if nobody is "meta-learned", or errors do not count sizes and units.
    """

    errors: Mapping[str, Float[Tensor, "size unit"]]
    sizes: tuple[int, ...] = SIZES
    units: tuple[str, ...] = ()
    own: tuple[str, ...] = OWN
    pooled: tuple[str, ...] = POOLED

    def __post_init__(self) -> None:
        if LEARNED not in self.errors:
            raise ValueError(f"one of the names is {LEARNED!r}; found {', '.join(self.errors)}.")
        n_units = self.errors[LEARNED].shape[1]
        if not self.units:
            object.__setattr__(self, "units", tuple(str(unit) for unit in range(n_units)))
        for name, values in self.errors.items():
            if values.shape != (len(self.sizes), len(self.units)):
                raise ValueError(
                    f"errors count {len(self.sizes)} sizes and {len(self.units)} units; "
                    f"found {tuple(values.shape)} for {name!r}."
                )

    def of(self, name: str, size: int) -> Float[Tensor, " unit"]:
        """Return the error of each unit that has rows enough for that size."""
        place = self._place(size)
        return self.errors[name][place][self._judged(place)]

    def want(self, size: int) -> tuple[str, ...]:
        """Return the units that have too few rows for that size."""
        judged = self._judged(self._place(size)).tolist()
        return tuple(unit for unit, here in zip(self.units, judged, strict=True) if not here)

    def best(self, rivals: Sequence[str], size: int) -> str:
        """Return who of these errs least in the mean; of the names, those that were judged.

        Raises:
            ValueError: if none of the names was judged.
        """
        known = [name for name in rivals if name in self.errors]
        if not known:
            raise ValueError(f"judged were {', '.join(self.errors)}; found {', '.join(rivals)}.")
        return min(known, key=lambda name: float(self.of(name, size).mean()))

    def lead(self, rival: str, size: int) -> Interval:
        """Return the rival's error less the learner's, with a t interval over units."""
        return t_interval(self.of(rival, size) - self.of(LEARNED, size))

    def least_lead(self, rivals: Sequence[str], size: int) -> Interval:
        """Return the lead over the best of these, who is found in the same units: a hard judge."""
        return self.lead(self.best(rivals, size), size)

    def rows(self, *, digits: int = 2) -> list[tuple[str, ...]]:
        """Return a row for each size under `HEADS`: error, and leads over best own and pooled."""
        return [
            (
                str(size),
                about(float(self.of(LEARNED, size).mean()), digits),
                *(
                    written(self.least_lead(names, size), digits=digits)
                    for names in (self.own, self.pooled)
                ),
            )
            for size in self.sizes
            if len(self.of(LEARNED, size)) > 1
        ]

    def curves(self, names: Sequence[str]) -> dict[str, dict[int, float]]:
        """Return mean errors by name and size, of the units with rows for all sizes."""
        whole = self._whole()
        means = {name: self.errors[name][:, whole].mean(1).tolist() for name in names}
        return {name: dict(zip(self.sizes, each, strict=True)) for name, each in means.items()}

    def enough_from(self, bound: float) -> int | None:
        """Return the fewest rows from which the learner's mean error stays at or below `bound`."""
        enough = None
        for size, error in reversed(self.curves([LEARNED])[LEARNED].items()):
            if not error <= bound:
                break
            enough = size
        return enough

    def _place(self, size: int) -> int:
        if size not in self.sizes:
            raise ValueError(f"the sizes are {', '.join(map(str, self.sizes))}; found {size}.")
        return self.sizes.index(size)

    def _judged(self, place: int) -> Tensor:
        return torch.stack([each[place].isfinite() for each in self.errors.values()]).all(0)

    def _whole(self) -> Tensor:
        """Return which units were judged at all sizes: else a curve would change its units."""
        whole = torch.stack([self._judged(place) for place in range(len(self.sizes))]).all(0)
        if not bool(whole.any()):
            raise ValueError(
                f"no unit has rows for all sizes {', '.join(map(str, self.sizes))}. Ask for fewer."
            )
        return whole


def left_out(
    cut: Cut, *, sizes: tuple[int, ...] = SIZES, seed: int, steps: int | None = None
) -> LeftOut:
    """Leave out each judged group in turn, train on the others, and judge everyone.

    A group may hold several tasks: one training serves them, and each task is a unit.

    Args:
        cut: its `rows` should reach as far as the largest size.
    """
    return errors_of(cut, rounds(cut, sizes, seed=seed, steps=steps), sizes)


def errors_of(
    cut: Cut, asked: Iterable[tuple[int, Round]], sizes: tuple[int, ...] = SIZES
) -> LeftOut:
    """Return everyone's errors in the rounds of a cut; NaN for units that no round asks."""
    units = [task for group in cut.judged for task in cut.groups[group]]
    errors: dict[str, Tensor] = {}
    for place, one in asked:
        here = [units.index(task) for task in one.units]
        for name, line in one.lines.items():
            nothing = torch.full((len(sizes), len(units)), torch.nan)
            each = line.errors(one.rows.query)
            errors.setdefault(name, nothing)[place, here] = one.by_unit(each)
    return LeftOut(errors, sizes, tuple(cut.table.task_names[task] for task in units))


def mean_of(runs: Sequence[LeftOut]) -> LeftOut:
    """Return the mean errors of runs with several seeds: units stay the units."""
    names = runs[0].errors
    errors = {name: torch.stack([run.errors[name] for run in runs]).mean(0) for name in names}
    return LeftOut(errors, runs[0].sizes, runs[0].units, runs[0].own, runs[0].pooled)


def written(found: Interval, *, digits: int = 2) -> str:
    """Write a lead that came out of training: "≈ 0.12 [0.08, 0.16]"."""
    low, high = (round(end, digits) + 0.0 for end in (found.low, found.high))
    return f"{about(found.mean, digits)} [{low:.{digits}f}, {high:.{digits}f}]"
