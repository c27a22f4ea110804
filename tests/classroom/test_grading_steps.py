"""Limits can be told one by one, and what is usual is generous."""

from metaxai_lab.classroom.grading_steps import Limits, Ran, Step


def test_a_cell_may_take_less_than_the_whole():
    limits = Limits()
    assert limits.cell < limits.whole
    assert limits.printed < limits.memory


def test_what_is_not_said_is_empty():
    assert Step("given", "", "x = 1").points == 0
    assert Ran(True).sentence == Ran(True).printed == ""
