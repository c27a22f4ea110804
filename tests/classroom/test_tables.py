"""A table has a head and a line for each row; a number out of training is marked."""

import pytest

from metaxai_lab.classroom.tables import about, markdown_table


def test_a_table_by_hand():
    assert markdown_table(["", "lift"], [["trained", "7"], ["even", "1"]]) == (
        "|  | lift |\n| --- | --- |\n| trained | 7 |\n| even | 1 |"
    )


def test_a_row_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match=r"needs 2 cells, .* found \['even'\]"):
        markdown_table(["", "lift"], [["even"]])


def test_a_number_out_of_training_is_marked_and_rounded():
    assert (about(0.834), about(7.24, 1), about(-0.001)) == ("≈ 0.83", "≈ 7.2", "≈ 0.00")
