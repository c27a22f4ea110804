"""A table of coloured cells: each number in its place, or what is written instead."""

import pytest
import torch

from metaxai_lab.figures.taus import tau_cells

VALUES = torch.tensor([[1.0, -0.25, 0.3], [0.5, 0.0, -0.9]])
NAMES = {"rows": ["a", "b"], "columns": ["x", "y", "z"]}


def test_each_number_is_written_in_its_cell():
    ax = tau_cells(VALUES, **NAMES)
    found = {text.get_position(): text.get_text() for text in ax.texts}
    assert found[(2, 0)] == "0.30"
    assert found[(2, 1)] == "-0.90"
    assert len(found) == 6


def test_another_text_takes_the_place_of_numbers():
    ax = tau_cells(VALUES, **NAMES, text=[["1", "2", "3"], ["4", "5", "(6)"]])
    assert [text.get_text() for text in ax.texts] == ["1", "2", "3", "4", "5", "(6)"]


def test_numbers_on_dark_cells_are_white():
    colours = [text.get_color() for text in tau_cells(VALUES, **NAMES).texts]
    assert colours == ["white", "black", "black", "black", "black", "white"]


def test_colours_reach_from_minus_1_to_1():
    assert tau_cells(VALUES, **NAMES).images[0].get_clim() == (-1, 1)


def test_names_stand_beside_rows_and_columns():
    ax = tau_cells(VALUES, **NAMES)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["x", "y", "z"]


def test_names_that_do_not_count_the_cells_are_refused():
    with pytest.raises(ValueError, match="found 2 and 2"):
        tau_cells(VALUES, rows=["a", "b"], columns=["x", "y"])
