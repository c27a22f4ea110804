"""The command grades a folder, says so, and refuses where it could not protect."""

import csv
from pathlib import Path

import pytest

from metaxai_lab.classroom import grading
from metaxai_lab.classroom.grade import main
from metaxai_lab.classroom.grading_steps import Limits
from metaxai_lab.classroom.grading_walls import missing

FREE = [] if not missing() else ["--without-isolation"]


def command(course, *more):
    folders = [str(course.submitted), "--source", str(course.source), "--out", str(course.out)]
    return main([*folders, "--cell-seconds", "5", *more])


def table(course):
    with (course.out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_a_folder_becomes_a_table_and_pages(course, capsys):
    course.hand_in("ann")
    course.hand_in("bob", half="def half(x):\n    return 2")
    assert command(course, *FREE) == 0
    said = capsys.readouterr().out
    assert "ann first: 5 of 5" in said
    assert "2 submissions in " in said
    rows = table(course)
    assert rows["ann"]["points"] == "5"
    assert rows["bob"]["exercises"] == "test_double 2/2; test_half 0/3"
    assert "5 of 5 points" in (course.out / "feedback/ann.html").read_text()


def test_what_cannot_be_graded_is_told_beside_what_can(course, capsys):
    course.hand_in("ann")
    course.hand_in("bob").write_text("{")
    (course.submitted / "eve\x1b[2J").mkdir()
    assert command(course, *FREE) == 1
    said = capsys.readouterr().out
    assert "bob first: not graded" in said
    assert "2 not graded (see the remarks)" in said
    assert "\x1b" not in said
    assert table(course)["ann"]["points"] == "5"
    assert "is not JSON" in table(course)["bob"]["remarks"]


def test_grading_again_keeps_the_older_table(course, capsys):
    course.hand_in("ann")
    command(course, *FREE)
    command(course, *FREE)
    assert "The older table is kept: " in capsys.readouterr().out
    assert len(list(course.out.glob("grades-*.csv"))) == 1


@pytest.mark.parametrize("why", ["walls need Landlock.", "this is darwin."])
def test_where_no_walls_stand_nothing_is_run_unless_asked_for(course, capsys, monkeypatch, why):
    monkeypatch.setattr(grading, "missing", lambda: why)
    mark = course.submitted.parent / "mark"
    course.hand_in("ann", double=f"open({str(mark)!r}, 'w').close()\ndef double(x): return 2 * x")
    assert command(course) == 2
    told = capsys.readouterr().err
    assert f"Nothing was graded: {why}" in told
    assert "--without-isolation" in told
    assert not mark.exists()
    assert not course.out.exists()
    assert command(course, "--without-isolation") == 0
    assert mark.exists()


def test_submissions_that_answers_could_read_are_refused(course, capsys, monkeypatch):
    monkeypatch.setattr(grading, "missing", lambda: None)
    monkeypatch.setattr(grading, "readable", lambda: {str(course.submitted.parent): True})
    course.hand_in("ann")
    assert command(course) == 2
    assert "which the answers may read. Move it elsewhere." in capsys.readouterr().err


def test_nothing_to_grade_is_told(course, capsys):
    assert command(course, *FREE) == 2
    assert "is empty" in capsys.readouterr().err


def test_the_page_for_teachers_tells_the_limits_and_options_as_they_are():
    page = (Path(__file__).parents[2] / "book/appendix/grading.md").read_text()
    usual = Limits()
    for row in (
        f"| seconds for one cell (`--cell-seconds`) | {usual.cell:g} |",
        f"| seconds in all (`--seconds`) | {usual.whole:g} |",
        f"| memory (`--memory`) | {usual.memory >> 30} GB |",
        f"| text printed by one cell | {usual.printed >> 20} MB,",
        f"| files in its own folder | {usual.disk >> 20} MB,",
        "`--without-isolation`",
    ):
        assert row in page
