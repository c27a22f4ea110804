"""The solver is judged by going through every row, on grids small enough for that."""

import itertools

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import grow_tree, rules_of
from metaxai_lab.explainers.rule_constraints import Always, Grid, Monotone, is_broken_by
from metaxai_lab.explainers.rule_solver import conditions_of, counterexample

GRID = Grid((0, -1, 0), (3, 2, 3), (1.0, 0.5, 2.0))
CONSTRAINTS = (
    Always("low", ((0, 1.0, False), (1, 0.0, True)), answer=True),
    Always("high", ((2, 4.0, True),), answer=False),
    *(Monotone(f"{c} {up}", c, rising=up) for c in range(3) for up in (True, False)),
)


def every_row():
    ranges = [range(a, b + 1) for a, b in zip(GRID.low, GRID.high, strict=True)]
    return GRID.rows(list(itertools.product(*ranges)))


def random_list(seed, depth=4):
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


@pytest.mark.parametrize("seed", range(4))
def test_the_solver_finds_a_counterexample_where_going_through_all_rows_does(seed):
    rules = random_list(seed, depth=1 + seed)
    for constraint in CONSTRAINTS[:4]:
        found = counterexample(rules, constraint, GRID)
        assert (found is not None) == broken_somewhere(rules, constraint)
        assert found is None or is_broken_by(rules, constraint, found)


def test_some_lists_keep_and_some_break_so_that_both_answers_were_judged():
    answers = [
        counterexample(random_list(s, depth=1), c, GRID) for s in range(4) for c in CONSTRAINTS
    ]
    assert {a is None for a in answers} == {True, False}


def test_the_least_counterexample_is_the_first_in_order():
    rules, constraint = random_list(3), CONSTRAINTS[1]
    broken = [r for r in every_row() if is_broken_by(rules, constraint, r[None])]
    found = counterexample(rules, constraint, GRID, least=True)
    assert found is not None
    assert found[0].tolist() == min(r.tolist() for r in broken)


def test_counterexamples_lie_on_the_grid():
    found = counterexample(random_list(0), CONSTRAINTS[3], GRID)
    assert found is not None
    assert (found[:, 1] * 2 == (found[:, 1] * 2).round()).all()
    assert (found[:, 2] % 2 == 0).all()


def test_a_list_without_rules_says_one_thing():
    rules = random_list(0, depth=0)
    assert not conditions_of(rules)
    assert counterexample(rules, CONSTRAINTS[2], GRID) is None


def test_another_grid_is_refused():
    with pytest.raises(ValueError, match="a grid of 1 columns"):
        counterexample(random_list(0), CONSTRAINTS[0], Grid((0,), (1,), (1.0,)))
