"""What a surrogate was fitted on is judged by tables whose ranges were read off by hand."""

import pytest
import torch

from metaxai_lab.explainers.seen import column_names, seen_in

TABLE = torch.tensor([[0.0, 10.0], [1.0, 30.0], [0.5, 20.0]])


def test_a_row_beyond_one_range_is_outside():
    asked = torch.tensor([[0.5, 15.0], [1.5, 15.0], [0.5, 9.0], [1.0, 30.0]])
    assert seen_in(TABLE).outside(asked).tolist() == [False, True, True, False]


def test_a_row_with_nan_is_outside():
    assert seen_in(TABLE).outside(torch.tensor([[torch.nan, 15.0]])).tolist() == [True]


def test_it_says_how_many_rows_are_outside_and_by_which_column():
    asked = torch.tensor([[0.5, 31.0], [1.5, 40.0], [0.5, 20.0]])
    said = seen_in(TABLE).says(asked, ("dose", "age"))
    assert said == (
        "Fitted on 3 rows; 2 of 3 rows asked lie outside them, most often by age, seen from 10 to "
        "30."
    )


def test_it_says_so_where_all_rows_are_inside():
    assert "all 3 rows asked lie within" in seen_in(TABLE).says(TABLE)


def test_rows_of_other_columns_are_refused():
    with pytest.raises(ValueError, match=r"rows of 2 columns; these have 3"):
        seen_in(TABLE).outside(torch.zeros(4, 3))


def test_empty_cells_are_refused():
    with pytest.raises(ValueError, match=r"row 1, column 0 holds nan, one of 1 cells"):
        seen_in(torch.tensor([[0.0, 1.0], [torch.nan, 1.0]]))


def test_a_table_without_rows_is_refused():
    with pytest.raises(ValueError, match=r"fitted on rows with columns; found \(0, 2\)"):
        seen_in(torch.zeros(0, 2))


def test_names_have_to_count_the_columns():
    with pytest.raises(ValueError, match=r"2 columns need as many names or none; found 1"):
        column_names(("age",), 2)
