"""Cells are judged by going through every single row, on grids small enough for that."""

import itertools

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import grow_tree, rules_of
from metaxai_lab.explainers.rule_cells import broken_in_cells, cells_of
from metaxai_lab.explainers.rule_constraints import Always, Grid, Monotone, is_broken_by
from metaxai_lab.explainers.rule_solver import counterexample

GRID = Grid((0, -1, 0), (3, 2, 3), (1.0, 0.5, 2.0))
CONSTRAINTS = (
    Always("low", ((0, 1.0, False), (1, 0.0, True)), answer=True),
    Always("high", ((2, 4.0, True),), answer=False),
    *(Monotone(f"{c} {up}", c, rising=up) for c in range(3) for up in (True, False)),
)


def every_row():
    ranges = [range(a, b + 1) for a, b in zip(GRID.low, GRID.high, strict=True)]
    return GRID.rows(list(itertools.product(*ranges)))


def random_list(seed, depth):
    rows = every_row()
    labels = torch.randint(0, 2, (len(rows),), generator=seeded(seed))
    return rules_of(grow_tree(rows, labels, depth=depth, min_rows=3))


def broken_somewhere(rules, constraint):
    rows = every_row()
    if isinstance(constraint, Always):
        return any(is_broken_by(rules, constraint, row[None]) for row in rows)
    pairs = itertools.product(rows, rows)
    near = (torch.stack(p) for p in pairs if (p[0] != p[1]).sum() == 1)
    return any(is_broken_by(rules, constraint, pair) for pair in near)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_cells_say_what_going_through_all_rows_says(depth):
    rules = random_list(depth, depth)
    wanted = tuple(c.name for c in CONSTRAINTS if broken_somewhere(rules, c))
    assert broken_in_cells(rules, CONSTRAINTS, GRID) == wanted


def test_cells_and_solver_agree_on_many_lists_in_both_ways():
    said = []
    for seed in range(12):
        rules = random_list(seed, 1 + seed % 4)
        broken = broken_in_cells(rules, CONSTRAINTS, GRID)
        for constraint in CONSTRAINTS:
            found = counterexample(rules, constraint, GRID)
            said.append(found is not None)
            assert said[-1] == (constraint.name in broken)
    assert set(said) == {True, False}


def test_cells_by_hand():
    rules = rules_of(
        grow_tree(torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([0, 0, 1]), depth=1)
    )
    rule = Always("no at 7", ((0, 6.0, True),), answer=False)
    cells = cells_of(rules, [rule], Grid((0,), (9,), (1.0,)))
    assert cells[:, 0].tolist() == [0.0, 2.0, 7.0]
    assert cells_of(rules, [rule], Grid((0,), (6,), (1.0,)))[:, 0].tolist() == [0.0, 2.0]
