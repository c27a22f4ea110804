"""Constraints that contradict each other: no model at all can keep them, and which ones clash.

Two rows are looked for: one that must get a yes, and one that must get a no although only columns
differ that never turn a yes into a no on the way. If a solver finds such rows, the names of the
constraints that made them so are handed back; without any one of them, the rest can be kept.
Source: Liffiton & Sakallah (2008) for smallest sets that cannot hold together. Chapter:
book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence

import z3
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.explainers.rule_constraints import Always, Constraint, Grid, Monotone
from metaxai_lab.explainers.rule_solver import met, read, row_in


class ContradictionError(ValueError):
    """No model can keep these constraints together; the message names those that clash."""


def clash(
    constraints: Sequence[Constraint], grid: Grid
) -> tuple[tuple[str, ...], Float[Tensor, "row feature"]] | None:
    """Return the names of constraints that cannot hold together and two rows that show it.

    Returns:
        None if some model keeps all of them.

    Raises:
        ValueError: if two constraints share a name.
    """
    names = [c.name for c in constraints]
    if len(set(names)) < len(names):
        raise ValueError(f"constraints are told apart by name; found {sorted(names)}.")
    if _rows(constraints, grid) is None:
        return None
    core = _core(constraints, grid)
    for constraint in list(core):
        fewer = [c for c in core if c is not constraint]
        if _rows(fewer, grid) is not None:
            core = fewer
    shown = _rows(core, grid)
    assert shown is not None
    return tuple(c.name for c in core), shown


def refuse_clash(constraints: Sequence[Constraint], grid: Grid) -> None:
    """Refuse constraints that contradict each other.

    Raises:
        ContradictionError: if they do; the message names the clashing ones and shows two rows.
    """
    if (found := clash(constraints, grid)) is not None:
        names, rows = found
        raise ContradictionError(
            f"no model can keep these together: {'; '.join(names)}. See the row {rows[0].tolist()} "
            f"and the row {rows[1].tolist()}. Take back one of them."
        )


def _core(constraints: Sequence[Constraint], grid: Grid) -> list[Constraint]:
    """Ask the solver which constraints its proof of the clash used, at the rows that show it."""
    rows = _rows(constraints, grid)
    assert rows is not None
    solver, way = z3.Solver(), _way(rows, constraints)
    yes = [z3.Bool(f"yes_{i}") for i in range(len(way))]
    for constraint in constraints:
        solver.assert_and_track(_kept(constraint, way, yes), constraint.name)
    solver.check()
    used = {str(name) for name in solver.unsat_core()}
    return [c for c in constraints if c.name in used]


def _kept(constraint: Constraint, way: Sequence[Sequence[float]], yes: Sequence[z3.BoolRef]):
    """Return what a constraint says of the answers along a way on which one column moves a step."""
    if isinstance(constraint, Always):
        met_at = [i for i, row in enumerate(way) if _meets(constraint, row)]
        return z3.And(*(yes[i] == constraint.answer for i in met_at))
    sign = 1 if constraint.rising else -1
    column = constraint.column
    steps = [
        z3.Implies(yes[i], yes[i + 1])
        for i in range(len(way) - 1)
        if sign * (way[i + 1][column] - way[i][column]) > 0
    ]
    return z3.And(*steps)


def _meets(constraint: Always, row: Sequence[float]) -> bool:
    return all((row[column] > t) == above for column, t, above in constraint.conditions)


def _way(rows: Tensor, constraints: Sequence[Constraint]) -> list[list[float]]:
    """Return the rows from the first to the second, one column changed after the other."""
    first, last = rows.tolist()
    way = [first]
    for column in range(len(first)):
        if first[column] != last[column]:
            way.append([*last[: column + 1], *first[column + 1 :]])
    return way


def _rows(constraints: Sequence[Constraint], grid: Grid) -> Float[Tensor, "row feature"] | None:
    """Return a row that must get a yes and one above it that must get a no, if there are any."""
    solver = z3.Solver()
    first, second = row_in(solver, grid, "first"), row_in(solver, grid, "second")
    for row, answer in ((first, True), (second, False)):
        ruled = [c for c in constraints if isinstance(c, Always) and c.answer == answer]
        solver.add(z3.Or(*(met(c.conditions, row, grid) for c in ruled)))
    moving = [c for c in constraints if isinstance(c, Monotone)]
    for column, (before, after) in enumerate(zip(first, second, strict=True)):
        ways = {c.rising for c in moving if c.column == column}
        if True not in ways:
            solver.add(after <= before)
        if False not in ways:
            solver.add(after >= before)
    return read(solver, [first, second], grid) if solver.check() == z3.sat else None
