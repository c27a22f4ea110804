"""The record of the page on travelling explainers is read, or says how it is made."""

import pytest

from metaxai_lab.classroom.record import Record, store
from metaxai_lab.classroom.travelling_record import COMMAND, stored_travelling


def test_what_is_stored_is_read_again(tmp_path):
    record = Record({"command": COMMAND}, {"closed form, error": [0.1, 0.2]})
    store(record, tmp_path / "record.json")
    assert stored_travelling(tmp_path / "record.json") == record


def test_a_missing_record_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"benchmarks/travelling.py --store"):
        stored_travelling(tmp_path / "none.json")


def test_a_missing_number_names_its_own_command():
    with pytest.raises(KeyError, match=r"benchmarks/travelling.py"):
        Record({"command": COMMAND}, {})["closed form, error"]
