"""Limits can be told one by one, and what is usual is generous."""

import pytest

from metaxai_lab.classroom.grading_steps import Limits, Ran, Step, without_magic


def test_a_cell_may_take_less_than_the_whole():
    limits = Limits()
    assert limits.cell < limits.whole
    assert limits.printed < limits.memory


def test_what_is_not_said_is_empty():
    assert Step("given", "", "x = 1").points == 0
    assert Ran(True).sentence == Ran(True).printed == ""


def test_lines_for_the_notebook_are_passed_over_and_nothing_else():
    assert without_magic("%time\nx = 7 \\\n % 4\n  ") == "pass\nx = 7 \\\n % 4\n  "
    with pytest.raises(SyntaxError):
        without_magic("%time\nx = (")
