"""The stored record of a page is read, or says how it is made."""

import pytest

from metaxai_lab.classroom.surrogate_record import COMMAND, stored_surrogates


def test_the_record_of_the_page_was_made_by_its_command():
    assert stored_surrogates().made["command"] == COMMAND


def test_a_missing_record_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python benchmarks/surrogates.py --store"):
        stored_surrogates(tmp_path / "none.json")
