"""A stored record gives back what was measured, and says how to make it."""

import pytest

from metaxai_lab.classroom.surrogate_record import SurrogateRecord, store, stored_surrogates

RECORD = SurrogateRecord({"command": "make it"}, {"CART 30": [0.1, 0.3]})


def test_what_is_stored_is_read_again(tmp_path):
    store(RECORD, tmp_path / "record.json")
    assert stored_surrogates(tmp_path / "record.json") == RECORD


def test_a_name_gives_one_number_for_each_seed_and_their_mean():
    assert RECORD["CART 30"] == [0.1, 0.3]
    assert RECORD.mean("CART 30") == pytest.approx(0.2)


def test_a_number_that_is_not_stored_is_refused_with_what_there_is():
    with pytest.raises(KeyError, match="it holds CART 30"):
        RECORD["CART 60"]


def test_a_missing_record_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python benchmarks/surrogates.py --store"):
        stored_surrogates(tmp_path / "none.json")
