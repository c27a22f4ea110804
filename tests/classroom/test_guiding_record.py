"""A stored record gives back what was measured, seed by seed, and says how to make it."""

import pytest

from metaxai_lab.classroom.guiding_record import GuidingRecord, store, stored_guiding

RUNS = [
    {"kind": "aware", "seed": 1, "marks": {"error": 0.3, "n_met": 10}},
    {"kind": "aware", "seed": 0, "marks": {"error": 0.1, "n_met": 10}},
    {"kind": "tasks 32", "seed": 0, "marks": {"error": 0.4, "n_met": 32}},
    {"kind": "tasks 8", "seed": 0, "marks": {"error": 0.9, "n_met": 8}},
    {"kind": "tasks 8", "seed": 1, "marks": {"error": 0.7, "n_met": 8}},
]
RECORD = GuidingRecord({"command": "make it"}, RUNS)


def test_what_is_stored_is_read_again(tmp_path):
    store(RECORD, tmp_path / "record.json")
    assert stored_guiding(tmp_path / "record.json") == RECORD


def test_numbers_come_in_the_order_of_the_seeds():
    assert RECORD.numbers("aware", "error") == [0.1, 0.3]
    assert RECORD.said("aware", "error") == "≈ 0.20"


def test_a_curve_is_the_mean_over_seeds_for_each_number_of_tasks():
    assert RECORD.curve("error") == pytest.approx({8: 0.8, 32: 0.4})


def test_a_number_that_is_not_stored_is_refused_with_what_there_is():
    with pytest.raises(ValueError, match="no 'auroc' for 'aware'; its kinds are aware, tasks 32"):
        RECORD.numbers("aware", "auroc")
    with pytest.raises(ValueError, match="no 'error' for 'blind'"):
        RECORD.numbers("blind", "error")


def test_runs_of_other_kinds_stay_when_some_are_made_anew():
    assert RECORD.without(["aware"], RECORD.made) == GuidingRecord(RECORD.made, RUNS[2:])


def test_runs_that_were_made_in_two_ways_do_not_stand_under_one_heading():
    made = {"command": "make it", "torch": "9"}
    with pytest.raises(ValueError, match=r"runs of tasks 32, tasks 8 would stay, .*'9'"):
        RECORD.without(["aware"], made)
    every = ["aware", "tasks 8", "tasks 32"]
    assert RECORD.without(every, made) == GuidingRecord(made, [])


def test_a_missing_record_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python benchmarks/guiding.py --store"):
        stored_guiding(tmp_path / "none.json")
