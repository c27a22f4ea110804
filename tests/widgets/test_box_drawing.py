"""Boxes on pictures: what is inside counts, what reaches over the edge is cut."""

import numpy as np
import pytest
from traitlets import TraitError

from metaxai_lab.widgets import BoxDrawing
from metaxai_lab.widgets.box_drawing import clipped


def drawing(boxes=(), n=2, side=4):
    return BoxDrawing(np.zeros((n, side, side)), side=side, boxes=boxes)


def test_a_box_marks_its_pixels_in_its_picture_only():
    marks = drawing([[1, 1, 0, 2, 3]]).marks().view(2, 4, 4)
    assert not marks[0].any()
    assert marks[1].int().tolist() == [[0, 1, 1, 0]] * 3 + [[0] * 4]


def test_two_boxes_mark_what_either_holds():
    assert drawing([[0, 0, 0, 1, 1], [0, 3, 3, 1, 1], [0, 3, 3, 1, 1]]).marks().sum() == 2


def test_without_a_box_nothing_is_marked():
    assert not drawing().marks().any()


def test_a_box_over_the_edge_is_cut():
    assert drawing([[0, -1, 2, 3, 9]]).boxes == [[0, 0, 2, 2, 2]]


def test_boxes_that_the_page_sends_are_cut_too():
    shown = drawing()
    shown.boxes = [[1, 3, 3, 5, 5]]
    assert shown.boxes == [[1, 3, 3, 1, 1]]


@pytest.mark.parametrize("box", [[0, 4, 0, 1, 1], [0, 0, -2, 2, 2], [0, 0, 0, 0, 1]])
def test_a_box_without_a_pixel_in_the_picture_is_refused(box):
    with pytest.raises(ValueError, match="lies outside its picture of 4 x 4 pixels"):
        drawing([box])


def test_a_refused_box_leaves_the_others_as_they_were():
    shown = drawing([[0, 0, 0, 1, 1]])
    with pytest.raises(ValueError, match="lies outside"):
        shown.boxes = [[0, 9, 9, 1, 1]]
    assert shown.boxes == [[0, 0, 0, 1, 1]]


def test_a_box_on_no_picture_is_refused():
    with pytest.raises(ValueError, match="pictures are 0 to 1; the box names 2"):
        drawing([[2, 0, 0, 1, 1]])


def test_a_box_has_five_numbers():
    with pytest.raises(ValueError, match=r"found \[0, 1, 2\]"):
        clipped([0, 1, 2], 1, 4)


def test_half_a_pixel_is_no_box():
    shown = drawing()
    with pytest.raises(TraitError):
        shown.boxes = [[0, 0.5, 0, 1, 1]]


def test_pictures_that_are_no_multiple_of_the_side_are_refused():
    with pytest.raises(ValueError, match="multiple of 3 pixels; found a picture of 4 x 4"):
        BoxDrawing(np.zeros((1, 4, 4)), side=3)


def test_it_says_what_is_drawn_the_same_on_every_machine():
    assert repr(drawing([[0, 0, 0, 1, 1]])) == "BoxDrawing on 2 pictures: 1 box"
    assert repr(drawing()) == "BoxDrawing on 2 pictures: 0 boxes"
