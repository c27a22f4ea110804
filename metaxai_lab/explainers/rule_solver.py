"""A solver looks for a row on which a rule list breaks a constraint, or proves that there is none.

The list is written out as logic: the first rule whose conditions hold answers. The solver is free
to choose the row, or for `Monotone` the pair of rows. Rows lie on a `Grid`, in whole numbers of
units, so that what the solver says is a row that the model reads without rounding. "None" is a
proof for every row of the grid, not a search that found nothing. Source: de Moura & Bjørner (2008)
for the solver, Z3. Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, partial
from typing import Any

import z3
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.explainers.classes import classes_of
from metaxai_lab.explainers.rule_constraints import Always, Constraint, Grid, Monotone
from metaxai_lab.explainers.rule_lists import Condition
from metaxai_lab.explainers.rules import NONE, RuleList


class NotDecidedError(RuntimeError):
    """The solver gave up: it has neither a counterexample nor a proof."""


def counterexample(
    rules: RuleList, constraint: Constraint, grid: Grid, *, least: bool = False
) -> Float[Tensor, "row feature"] | None:
    """Return rows of the grid on which the list breaks the constraint, or None: there are none.

    Args:
        least: of all such rows, the one of the least first column, then the least second, and so
            on. That takes longer, and is the same whatever the solver tries first.

    Returns:
        one row for `Always`; two for `Monotone`, before and after the column moved.

    Raises:
        NotDecidedError: if the solver gives up.
        ValueError: if the grid has other columns than the list, or the list has several outputs.
    """
    _refuse_others(rules, grid)
    solver: Any = z3.Optimize() if least else z3.Solver()
    first = row_in(solver, grid, "first")
    if isinstance(constraint, Always):
        solver.add(met(constraint.conditions, first, grid))
        solver.add(said(rules, first, grid) != constraint.answer)
        found = [first]
    else:
        second = moved(solver, constraint, first, grid)
        solver.add(said(rules, first, grid), z3.Not(said(rules, second, grid)))
        found = [first, second]
    if least:
        for value in dict.fromkeys(value for row in found for value in row):
            solver.minimize(value)
    answer = solver.check()
    if answer == z3.unknown:
        raise NotDecidedError(f"{constraint.name}: {solver.reason_unknown()}.")
    return None if answer == z3.unsat else read(solver, found, grid)


def said(rules: RuleList, row: Sequence[Any], grid: Grid) -> Any:
    """Return the logic of "the list says yes to this row"."""
    yes = (classes_of(rules.value) == 1).tolist()
    written: Any = z3.BoolVal(yes[-1])
    test = cache(partial(_test, row, grid))  # rules share conditions, and writing them takes long
    for conditions, answer in list(zip(conditions_of(rules), yes, strict=False))[::-1]:
        written = z3.If(z3.And(*map(test, conditions)), z3.BoolVal(answer), written)
    return written


def conditions_of(rules: RuleList) -> list[tuple[Condition, ...]]:
    """Return the conditions of each rule, without the empty places."""
    parts = (rules.column.tolist(), rules.threshold.tolist(), rules.above.tolist())
    rules_in_order = zip(*parts, strict=True)
    return [tuple(c for c in zip(*rule, strict=True) if c[0] != NONE) for rule in rules_in_order]


def met(conditions: Sequence[Condition], row: Sequence[Any], grid: Grid) -> Any:
    """Return the logic of "this row meets all conditions"; thresholds are taken exactly."""
    return z3.And(*(_test(row, grid, condition) for condition in conditions))


def _test(row: Sequence[Any], grid: Grid, condition: Condition) -> Any:
    column, threshold, above = condition
    edge = Fraction(threshold) / Fraction(grid.unit[column])
    cut = edge.numerator // edge.denominator  # whole numbers above an edge are above its floor
    return row[column] > cut if above else row[column] <= cut


def row_in(solver: Any, grid: Grid, name: str) -> list[Any]:
    """Return a row of unknown whole numbers, bound to the grid."""
    row = [z3.Int(f"{name}_{i}") for i in range(len(grid.low))]
    for value, low, high in zip(row, grid.low, grid.high, strict=True):
        solver.add(value >= low, value <= high)
    return row


def moved(solver: Any, constraint: Monotone, first: Sequence[Any], grid: Grid) -> list[Any]:
    """Return a row that is the first, but for the column that may move, and that moves on."""
    at = constraint.column
    value = z3.Int("moved")
    solver.add(value >= grid.low[at], value <= grid.high[at])
    solver.add(value > first[at] if constraint.rising else value < first[at])
    return [value if i == at else own for i, own in enumerate(first)]


def read(solver: Any, rows: Sequence[Sequence[Any]], grid: Grid) -> Float[Tensor, "row feature"]:
    """Return the rows that the solver found, in the units of the columns."""
    model = solver.model()
    counts = [[model.eval(v, model_completion=True).as_long() for v in row] for row in rows]
    return grid.rows(counts)


def _refuse_others(rules: RuleList, grid: Grid) -> None:
    n, outputs = len(rules.fitted_on.low), rules.value.shape[-1]
    if len(grid.low) != n or outputs != 1:
        raise ValueError(
            f"the solver reads yes and no of one output over {n} columns; found a grid of "
            f"{len(grid.low)} columns and {outputs} outputs."
        )
