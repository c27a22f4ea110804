"""The costs that the book shows are those that a benchmark stored."""

import json

import pytest
import torch

from metaxai_lab.classroom.costs import RESULTS, Result, shown, store, stored, this_machine


def result(**other):
    fields = {
        "title": "Reading a picture",
        "command": "python benchmarks/reading.py --store",
        "machine": {"processor": "abacus", "threads": 2},
        "columns": ("way", "pictures/s", "ratio"),
        "rows": (("one by one", 12.345, 1.0), ("together", 12345.6, 1000.05)),
        "note": "On an abacus both are slow.",
    }
    return Result(**fields | other)


def test_what_was_stored_is_read_back(tmp_path):
    store("reading", [result(), result(title="Again")], tmp_path)
    first, second = stored("reading", tmp_path)
    assert (first.title, second.title) == ("Reading a picture", "Again")
    assert first.markdown() == result().markdown()


def test_the_page_shows_table_note_command_and_machine():
    assert result().markdown().splitlines() == [
        "**Reading a picture**",
        "",
        "| way | pictures/s | ratio |",
        "|---|---|---|",
        "| one by one | 12.3 | 1 |",
        "| together | 12,346 | 1,000 |",
        "",
        "On an abacus both are slow.",
        "",
        "*Measured with* `python benchmarks/reading.py --store` *on: processor abacus, threads 2.*",
    ]


def test_a_table_without_a_note_leaves_no_gap():
    assert "\n\n\n" not in result(note="").markdown()


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"needs 3 cells; found \('alone',\)"):
        result(rows=[("alone",)])


def test_results_that_are_not_there_name_their_command(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"`python benchmarks/reading.py --store`"):
        stored("reading", tmp_path)


@pytest.mark.parametrize(
    ("cell", "text"), [(0.99213, "0.992"), (41, "41"), (32460, "32,460"), ("not run", "not run")]
)
def test_cells_are_rounded_to_what_counts(cell, text):
    assert shown(cell) == text


def test_a_machine_says_what_makes_two_runs_comparable():
    found = this_machine()
    assert found["torch"] == torch.__version__
    assert found["threads"] == torch.get_num_threads()
    assert found["processor"]


@pytest.mark.parametrize("place", sorted(RESULTS.glob("*.json")), ids=lambda place: place.stem)
def test_each_stored_result_has_its_benchmark_and_names_no_place(place):
    script = RESULTS.parent / f"{place.stem}.py"
    assert script.is_file()
    for table in stored(place.stem):
        assert f"benchmarks/{place.stem}.py" in table.command
        assert table.machine["torch"]
    assert "/home/" not in json.dumps(place.read_text())
