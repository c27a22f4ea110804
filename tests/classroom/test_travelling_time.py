"""Affordable questions are judged by lines worked out by hand."""

import pytest

from metaxai_lab.classroom.travelling_time import ASKED, MORE, affordable, turn_by_turn


@pytest.mark.parametrize(
    ("seconds", "number"),
    [(1.0, ASKED), (2.0, MORE), (1.5, (ASKED + MORE) // 2 + 1), (0.0, 20), (99.0, 1022)],
)
def test_time_buys_questions_along_the_line_and_no_more_than_there_are(seconds, number):
    assert affordable(seconds, 1.0, 2.0) == number


def test_calls_take_turns_and_the_first_round_is_not_timed():
    heard = []
    spent = turn_by_turn({"a": lambda: heard.append("a"), "b": lambda: heard.append("b")}, 2)
    assert heard == ["a", "b"] * 3
    assert set(spent) == {"a", "b"}
