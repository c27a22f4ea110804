"""A sheet of support rows: who stands where, on which colour, with which sign."""

import pytest
import torch
from matplotlib.patches import Rectangle

from metaxai_lab.figures import describe_sheet, support_sheet

Y = torch.tensor([1, 0, 1, 0])
VALUES = torch.tensor([0.05, -2.0, 1.0, 0.0])  # by class: -2, 0 and 0.05, 1
BLANK = torch.zeros(4, 9)


def sheet(pictures=BLANK, values=VALUES, **kept):
    return support_sheet(pictures, Y, values, **kept)


def colour(ax, line, column):
    return ax.images[0].get_array()[3 * line, 3 * column].tolist()


def test_rows_stand_class_by_class_in_the_order_they_came():
    ink = torch.arange(4.0)[:, None].expand(4, 9) / 4
    shown = sheet(ink, torch.zeros(4)).images[0].get_array()
    assert [1 - shown[3 * i, 3 * j, 0] for i in (0, 1) for j in (0, 1)] == [0.25, 0.75, 0.0, 0.5]


def test_blue_is_for_and_vermilion_against_and_white_is_nothing():
    ax = sheet()
    assert colour(ax, 0, 0) == pytest.approx([0xD5 / 255, 0x5E / 255, 0])
    assert colour(ax, 0, 1) == [1, 1, 1]
    half_blue = [(1 + c / 255) / 2 for c in (0x00, 0x72, 0xB2)]
    assert colour(ax, 1, 1) == pytest.approx(half_blue)


def test_what_is_loud_carries_its_sign():
    marks = {(t.get_position(), t.get_text()) for t in sheet().texts}
    assert marks == {((2, 1), "\N{MINUS SIGN}"), ((5, 4), "+")}


def test_the_strongest_has_a_frame_whatever_its_sign():
    (frame,) = [p for p in sheet().patches if isinstance(p, Rectangle)]
    assert frame.get_xy() == (0, 0)
    (other,) = [p for p in sheet(values=-3 * VALUES.flip(0)).patches if isinstance(p, Rectangle)]
    assert other.get_xy() == (3, 3)


def test_classes_are_named_and_counted_from_one_otherwise():
    written = [[t.get_text() for t in ax.get_yticklabels()] for ax in (sheet(), sheet(names="ab"))]
    assert written == [["1", "2"], ["a", "b"]]


def test_where_nothing_did_anything_all_is_paper():
    assert float(sheet(values=torch.zeros(4)).images[0].get_array().min()) == 1.0


def test_classes_of_different_size_are_refused():
    with pytest.raises(ValueError, match=r"found \[1, 3\]"):
        support_sheet(BLANK, torch.tensor([0, 1, 1, 1]), VALUES)


def test_the_words_count_the_signs_and_name_the_strongest():
    assert describe_sheet(VALUES, Y) == (
        "4 pictures in 2 lines. 1 carry a plus and 1 a minus; the strongest speaks against the "
        "target and is of class 1."
    )
    assert "speaks for the target and is of class 2" in describe_sheet(-VALUES, 1 - Y)
