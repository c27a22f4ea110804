"""Affordable questions are judged by lines worked out by hand."""

import pytest

from metaxai_lab.classroom.travelling_time import ASKED, MORE, affordable, turn_by_turn


@pytest.mark.parametrize(
    ("seconds", "number"),
    [(1.0, ASKED), (2.0, MORE), (1.5, (ASKED + MORE) // 2 + 1), (0.0, 20), (99.0, 1022)],
)
def test_time_buys_questions_along_the_line_and_no_more_than_there_are(seconds, number):
    assert affordable(seconds, 1.0, 2.0) == number


def test_calls_take_turns_and_the_first_round_is_not_timed(monkeypatch):
    heard, now = [], [0.0]

    def call(name, seconds):
        heard.append(name)
        now[0] += 100.0 if heard.count(name) == 1 else seconds  # the first is slow

    monkeypatch.setattr("metaxai_lab.classroom.travelling_time.process_time", lambda: now[0])
    spent = turn_by_turn({"a": lambda: call("a", 2.0), "b": lambda: call("b", 3.0)}, 1)
    assert heard == ["a", "b"] * 2
    assert spent == {"a": 2.0, "b": 3.0}
