"""Without a solver: all rows are gone through, one for each cell between thresholds.

Between two thresholds a rule list says the same, and so does a constraint; one row of each cell
therefore stands for all of it. That is a proof too, and judges the solver. The number of cells is a
product over columns, so it ends where columns are many. Chapter:
book/outlook/causes_and_logic.ipynb.
"""

import itertools
from collections.abc import Sequence
from fractions import Fraction

from jaxtyping import Float
from torch import Tensor

from metaxai_lab.explainers.classes import classes_of
from metaxai_lab.explainers.rule_constraints import Always, Constraint, Grid, meets
from metaxai_lab.explainers.rule_solver import conditions_of
from metaxai_lab.explainers.rules import RuleList


def cells_of(
    rules: RuleList, constraints: Sequence[Constraint], grid: Grid
) -> Float[Tensor, "*cells column"]:
    """Return the least row of each cell, the cells laid out with an axis for each column."""
    asked = [*conditions_of(rules), *(c.conditions for c in constraints if isinstance(c, Always))]
    starts = [{low} for low in grid.low]
    for column, threshold, _ in itertools.chain.from_iterable(asked):
        above = Fraction(threshold) // Fraction(grid.unit[column]) + 1
        if grid.low[column] < above <= grid.high[column]:
            starts[column].add(above)
    rows = grid.rows(list(itertools.product(*map(sorted, starts))))
    return rows.reshape(*map(len, starts), -1)


def broken_in_cells(
    rules: RuleList, constraints: Sequence[Constraint], grid: Grid
) -> tuple[str, ...]:
    """Return the names of the constraints that the list breaks on some row of the grid."""
    cells = cells_of(rules, constraints, grid)
    yes = classes_of(rules(cells.flatten(0, -2))) == 1
    table, found = yes.reshape(cells.shape[:-1]).int(), []
    for constraint in constraints:
        if isinstance(constraint, Always):
            there = meets(constraint.conditions, cells.flatten(0, -2))
            broken = there & (yes != constraint.answer)
        else:  # somewhere on the way a yes is followed by a no
            broken = table.diff(dim=constraint.column) == (-1 if constraint.rising else 1)
        found += [constraint.name] if bool(broken.any()) else []
    return tuple(found)
