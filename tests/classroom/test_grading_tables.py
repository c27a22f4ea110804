"""Tables say what was graded, keep older ones, and hold no formula."""

import csv
from dataclasses import replace

import pytest

from metaxai_lab.classroom.grading import Graded, Outcome
from metaxai_lab.classroom.grading_merge import Written
from metaxai_lab.classroom.grading_steps import Ran, Step
from metaxai_lab.classroom.grading_tables import number, write_tables

ONE = Graded(
    "ann",
    "first",
    (
        Outcome(Step("test", "a", "", 2.0), Ran(True, seconds=0.25)),
        Outcome(Step("test", "b", "", 3.5), Ran(False, "NotYet", "It squares.", seconds=1.0)),
    ),
    written=(Written("why", 4.0, "Because."),),
    seconds=3.21,
    remarks=("a: stopped.",),
)


def rows(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_submission_is_a_row_and_an_exercise_too(tmp_path):
    assert write_tables(tmp_path, [ONE]) == []
    assert rows(tmp_path / "grades.csv") == [
        {
            "student": "ann",
            "assignment": "first",
            "points": "2",
            "of": "5.5",
            "to read": "why (4)",
            "exercises": "a 2/2; b 0/3.5",
            "seconds": "3.2",
            "remarks": "a: stopped.",
        }
    ]
    named = [
        (r["exercise"], r["points"], r["of"], r["what was said"])
        for r in rows(tmp_path / "exercises.csv")
    ]
    assert named == [
        ("a", "2", "2", ""),
        ("b", "0", "3.5", "It squares."),
        ("why", "", "4", "to be read"),
    ]


def test_rows_stand_in_order_and_ungraded_ones_have_no_points(tmp_path):
    write_tables(tmp_path, [ONE, Graded("abe", "", remarks=("a link.",), graded=False)])
    told = [
        (row["student"], row["points"], row["remarks"]) for row in rows(tmp_path / "grades.csv")
    ]
    assert told == [("abe", "", "a link."), ("ann", "2", "a: stopped.")]


def test_older_tables_are_kept_each_under_its_own_name(tmp_path):
    for name in ("ann", "bob", "eve"):
        kept = write_tables(tmp_path, [replace(ONE, student=name)])
    assert len(kept) == 2
    assert rows(tmp_path / "grades.csv")[0]["student"] == "eve"
    older = {rows(p)[0]["student"] for p in tmp_path.glob("grades-*.csv")}
    assert older == {"ann", "bob"}


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", " =1", "\uff1d1"])
def test_a_spreadsheet_takes_no_name_for_a_formula(tmp_path, name):
    write_tables(tmp_path, [replace(ONE, student=name)])
    assert rows(tmp_path / "grades.csv")[0]["student"] == "'" + name.strip()


def test_a_spreadsheet_that_begins_a_cell_at_a_semicolon_takes_none_either(tmp_path):
    write_tables(tmp_path, [replace(ONE, remarks=("a;=1+1; -2; no",))])
    assert rows(tmp_path / "grades.csv")[0]["remarks"] == "a; '=1+1; '-2; no"


def test_a_name_of_any_bytes_can_be_written(tmp_path):
    write_tables(tmp_path, [replace(ONE, student='a\udcff\n,"b')])
    assert rows(tmp_path / "grades.csv")[0]["student"] == 'a? ,"b'


def test_numbers_are_short():
    assert [number(2.0), number(2.5), number(1 / 3), number(0.0)] == ["2", "2.5", "0.33", "0"]
