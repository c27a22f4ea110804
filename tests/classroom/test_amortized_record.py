"""A stored record gives back what was measured, and says how to make it."""

import pytest

from metaxai_lab.classroom.amortized_record import AmortizedRecord, store, stored_amortized

RECORD = AmortizedRecord({"command": "make it"}, {"bc12, error": [0.1, 0.3]})


def test_what_is_stored_is_read_again(tmp_path):
    store(RECORD, tmp_path / "record.json")
    assert stored_amortized(tmp_path / "record.json") == RECORD


def test_a_name_gives_one_number_for_each_seed_and_their_mean():
    assert RECORD["bc12, error"] == [0.1, 0.3]
    assert RECORD.mean("bc12, error") == pytest.approx(0.2)


def test_a_number_that_is_not_stored_is_refused_with_what_there_is():
    with pytest.raises(KeyError, match="it holds bc12, error"):
        RECORD["bc30, error"]


def test_a_missing_record_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python benchmarks/amortized.py --store"):
        stored_amortized(tmp_path / "none.json")
