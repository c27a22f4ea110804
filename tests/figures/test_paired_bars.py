"""Bars of several tasks: as high as the numbers, marked where they should be."""

import pytest
import torch
from matplotlib import pyplot as plt

from metaxai_lab.figures import describe_paired_bars, paired_bars

VALUES = {"A": torch.tensor([0.5, 0.25, 0.75]), "B": torch.tensor([0.1, 0.9, 0.2])}
MARKED = {"A": torch.tensor([True, False, True]), "B": torch.tensor([False, True, False])}


@pytest.fixture
def ax():
    yield paired_bars(VALUES, marked=MARKED, what="gate")
    plt.close("all")


def test_a_bar_is_as_high_as_its_number(ax):
    heights = [round(bar.get_height(), 6) for bar in ax.patches]
    assert heights == [0.5, 0.25, 0.75, 0.1, 0.9, 0.2]


def test_a_name_stands_over_the_bars_that_are_marked(ax):
    centres = [bar.get_x() + bar.get_width() / 2 for bar in ax.patches]
    over = [(text.get_text(), round(text.get_position()[0], 6)) for text in ax.texts]
    wanted = [("A", centres[0]), ("A", centres[2]), ("B", centres[4])]
    assert over == [(name, pytest.approx(centre)) for name, centre in wanted]


def test_the_bars_of_a_column_stand_beside_each_other(ax):
    for column in range(3):
        one, two = ax.patches[column], ax.patches[3 + column]
        assert one.get_x() + one.get_width() <= two.get_x()
        assert column - 0.5 < one.get_x() < two.get_x() + two.get_width() < column + 0.5


def test_the_words_say_the_means():
    said = describe_paired_bars(VALUES, marked=MARKED, what="gate")
    assert "A 0.62 where its columns act, 0.25 elsewhere; B 0.90 where" in said


@pytest.mark.parametrize("draw", [paired_bars, describe_paired_bars])
@pytest.mark.parametrize("names", ["", "ABCDE"])
def test_no_names_and_more_than_four_are_refused(draw, names):
    values, marked = dict.fromkeys(names, VALUES["A"]), dict.fromkeys(names, MARKED["A"])
    with pytest.raises(ValueError, match=f"1 to 4 names; found {len(names)}"):
        draw(values, marked=marked, what="gate")


@pytest.mark.parametrize("draw", [paired_bars, describe_paired_bars])
@pytest.mark.parametrize("all_of_them", [True, False])
def test_a_name_that_marks_no_column_or_all_is_refused(draw, all_of_them):
    marked = MARKED | {"B": torch.full((3,), all_of_them)}
    with pytest.raises(ValueError, match=f"of 'B', {3 * all_of_them} of 3 are"):
        draw(VALUES, marked=marked, what="gate")


@pytest.mark.parametrize("draw", [paired_bars, describe_paired_bars])
@pytest.mark.parametrize("marks", [{}, {"B": torch.tensor([True, False])}])
def test_a_name_without_a_mark_for_each_column_is_refused(draw, marks):
    with pytest.raises(ValueError, match="each of the 3 columns of 'B'"):
        draw(VALUES, marked={"A": MARKED["A"]} | marks, what="gate")
