"""What a rule list must never do, said so that a program can check it: named constraints.

`Always` names a region and the answer that every row there must get. `Monotone` says that a column
which rises (or falls), all else alike, never turns a yes into a no. A row, or a pair of rows, that
breaks one is a counterexample; whether it is one is found by running the model.
Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.classes import classes_of
from metaxai_lab.explainers.rule_lists import Condition


@dataclass(frozen=True)
class Always:
    """Every row that meets all conditions gets this answer.

    Args:
        conditions: column, threshold, and whether above it; else at most.
        answer: yes or no.
    """

    name: str
    conditions: tuple[Condition, ...]
    answer: bool


@dataclass(frozen=True)
class Monotone:
    """More of a column (less, where `rising` is False) never turns yes into no."""

    name: str
    column: int
    rising: bool = True


Constraint = Always | Monotone


@dataclass(frozen=True)
class Grid:
    """The rows that can occur: whole multiples of a unit between two ends, column by column.

    Args:
        low: the least value, in units; so is `high`, the greatest.
        unit: what a column is counted in. A whole number or a half, a quarter and so on, so that
            floats hold each value exactly.

    Raises:
        ValueError: if the three do not count the same columns, or a range is empty.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]
    unit: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.low) == len(self.high) == len(self.unit):
            raise ValueError(
                f"low, high and unit count the same columns; found {len(self.low)}, "
                f"{len(self.high)} and {len(self.unit)}."
            )
        empty = [i for i, (a, b) in enumerate(zip(self.low, self.high, strict=True)) if a > b]
        if empty or min(self.unit, default=1.0) <= 0:
            raise ValueError(
                f"a range runs from low to high in a unit above 0; columns {empty} are empty, and "
                f"the units are {self.unit}."
            )

    def rows(self, counts: Sequence[Sequence[int]]) -> Float[Tensor, "row feature"]:
        """Return rows from whole counts of the units."""
        return torch.tensor(counts, dtype=torch.float32) * torch.tensor(self.unit)


def is_broken_by(model: Model, constraint: Constraint, rows: Float[Tensor, "row feature"]) -> bool:
    """Run the model, and say whether these rows are a counterexample.

    Args:
        rows: one row for `Always`; for `Monotone` two, the second with more (or less) of the
            column and all else alike.
    """
    yes = (classes_of(model(rows)) == 1).tolist()
    if isinstance(constraint, Always):
        return bool(meets(constraint.conditions, rows)[0]) and yes[0] != constraint.answer
    moved = (rows[1] - rows[0]) * (1 if constraint.rising else -1)
    alone = torch.arange(rows.shape[1], device=rows.device) == constraint.column
    in_order = bool((moved[~alone] == 0).all() & (moved[alone] >= 0).all())
    return in_order and yes[0] and not yes[1]


def meets(conditions: Sequence[Condition], rows: Float[Tensor, "row feature"]) -> Tensor:
    """Mark the rows that meet all conditions."""
    held = torch.ones(len(rows), dtype=torch.bool, device=rows.device)
    for column, threshold, above in conditions:
        held &= (rows[:, column] > threshold) == above
    return held
