"""Constraints that contradict each other: no model at all can keep them, and which ones clash.

Two rows are looked for: one that must get a yes, and one that must get a no although only columns
differ that never turn a yes into a no on the way. If a solver finds such rows, it is asked again
without each constraint in turn; what cannot be left out is a minimal core: without any one of it,
the rest can be kept. Another order may lead to another core, even to a smaller one. (What Z3 calls
its core is of one question that has no answer; here each question *has* one, the two rows.)
Source: Liffiton & Sakallah (2008) for such cores. Chapter:
book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence
from typing import Any

import z3
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.explainers.rule_constraints import Always, Constraint, Grid, Monotone
from metaxai_lab.explainers.rule_solver import NotDecidedError, met, read, row_in


class ContradictionError(ValueError):
    """No model can keep these constraints together; the message names those that clash."""


def clash(
    constraints: Sequence[Constraint], grid: Grid
) -> tuple[tuple[str, ...], Float[Tensor, "row feature"]] | None:
    """Return the names of constraints that cannot hold together and two rows that show it.

    The first row must get a yes, the second a no; of all such pairs it is the least, column by
    column.

    Returns:
        None if some model keeps all of them.

    Raises:
        NotDecidedError: if the solver gives up.
        ValueError: if two constraints share a name.
    """
    names = [c.name for c in constraints]
    if len(set(names)) < len(names):
        raise ValueError(f"constraints are told apart by name; found {sorted(names)}.")
    shown, core = _rows(constraints, grid), list(constraints)
    if shown is None:
        return None
    for constraint in constraints:
        fewer = [c for c in core if c is not constraint]
        if (still := _rows(fewer, grid)) is not None:
            core, shown = fewer, still
    return tuple(c.name for c in core), shown


def refuse_clash(constraints: Sequence[Constraint], grid: Grid) -> None:
    """Refuse constraints that contradict each other.

    Raises:
        ContradictionError: if they do; the message names the clashing ones and shows two rows.
        NotDecidedError, ValueError: as `clash`.
    """
    if (found := clash(constraints, grid)) is not None:
        names, rows = found
        raise ContradictionError(
            f"no model can keep these together: {'; '.join(names)}. See the row {rows[0].tolist()} "
            f"and the row {rows[1].tolist()}. Take back one of them."
        )


def _rows(constraints: Sequence[Constraint], grid: Grid) -> Float[Tensor, "row feature"] | None:
    """Return a row that must get a yes and one above it that must get a no, if there are any."""
    solver: Any = z3.Optimize()
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
    for value in (*first, *second):
        solver.minimize(value)
    if (answer := solver.check()) == z3.unknown:
        raise NotDecidedError(f"whether constraints clash: {solver.reason_unknown()}.")
    return None if answer == z3.unsat else read(solver, [first, second], grid)
