"""Clashes by hand; a core holds together as soon as one of it is taken away."""

import pytest

from metaxai_lab.explainers.rule_conflicts import ContradictionError, clash, refuse_clash
from metaxai_lab.explainers.rule_constraints import Always, Grid, Monotone

GRID = Grid((0, 0), (10, 10), (1.0, 1.0))
LOW_YES = Always("yes up to 2", ((0, 2.0, False),), answer=True)
HIGH_NO = Always("no above 7", ((0, 7.0, True),), answer=False)
RISES = Monotone("more helps", 0)
FALLS = Monotone("less helps", 0, rising=False)
OTHER = Monotone("the other", 1)


def test_two_rules_that_meet_in_no_row_clash_by_an_order():
    found = clash([OTHER, LOW_YES, HIGH_NO, RISES], GRID)
    assert found is not None
    names, rows = found
    assert set(names) == {"yes up to 2", "no above 7", "more helps"}
    assert rows.tolist() == [[0.0, 0.0], [8.0, 0.0]]  # the least of all such pairs


def test_without_one_of_the_core_the_rest_can_be_kept():
    core = [LOW_YES, HIGH_NO, RISES]
    for constraint in core:
        assert clash([c for c in core if c is not constraint], GRID) is None
    assert clash([LOW_YES, HIGH_NO, FALLS, OTHER], GRID) is None


def test_rules_that_meet_clash_alone():
    both = Always("no with 1", ((1, 0.0, True),), answer=False)
    found = clash([RISES, LOW_YES, both], GRID)
    assert found is not None
    assert found[0] == ("yes up to 2", "no with 1")


def test_the_grid_decides():
    assert clash([LOW_YES, HIGH_NO, RISES], Grid((0, 0), (7, 10), (1.0, 1.0))) is None


def test_a_clash_is_refused_by_name():
    with pytest.raises(ContradictionError, match="yes up to 2; no above 7; more helps"):
        refuse_clash([LOW_YES, HIGH_NO, RISES], GRID)
    refuse_clash([LOW_YES, HIGH_NO], GRID)


def test_two_constraints_of_one_name_are_refused():
    with pytest.raises(ValueError, match="told apart by name"):
        clash([LOW_YES, LOW_YES], GRID)
