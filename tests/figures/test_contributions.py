"""Bars to the right and to the left of zero, frames, diamonds, and the words for them."""

import pytest
from matplotlib import pyplot as plt

from metaxai_lab.figures import describe_signed_bars, signed_bars
from metaxai_lab.figures.palette import DOWN, UP

VALUES = {"first": 2.0, "second": -3.0}


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def spans(ax):
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]


def test_bars_start_at_zero_and_end_at_their_values():
    assert [sorted(span) for span in spans(signed_bars(VALUES, what="x"))] == [[0, 2], [-3, 0]]


def test_a_push_up_is_blue_and_a_push_down_vermilion():
    found = [bar.get_facecolor() for bar in signed_bars(VALUES, what="x").patches]
    assert found == [plt.matplotlib.colors.to_rgba(color) for color in (UP, DOWN)]


def test_a_frame_lies_on_the_side_of_its_value():
    ax = signed_bars(VALUES, what="x", frames={"first": 1.0, "second": 5.0})
    assert [end for _, end in map(sorted, spans(ax)[2:])] == [1.0, 0]
    assert min(spans(ax)[3]) == -5.0


def test_a_diamond_stands_where_the_value_should_be():
    ax = signed_bars(VALUES, what="x", marks={"first": 1.5, "second": 0.5})
    marks = [line for line in ax.lines if line.get_marker() == "D"]
    assert [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark in marks] == [(1.5, 0), (0.5, 1)]


def test_zero_is_in_the_middle_and_nothing_is_cut_off():
    for more in ({}, {"marks": {"first": 9.0, "second": 0.0}}, {"most": 9.0}):
        low, high = signed_bars(VALUES, what="x", **more).get_xlim()
        assert low == -high
        assert high >= (9 if more else 3)


def test_the_words_begin_with_the_largest_bar():
    said = describe_signed_bars(VALUES, what="contribution")
    assert said == "Bars of contribution: second -3.00, first +2.00."
