"""Whatever is handed in is read or told, and none of it hinders the others."""

import json
import os

import pytest

from metaxai_lab.classroom import grading_folder
from metaxai_lab.classroom.grading_folder import (
    UnreadableError,
    mark_of,
    read_notebook,
    submissions,
)


def found(course, known=("first",)):
    return {(one.student, one.assignment): one for one in submissions(course.submitted, known)}


def told(course, student, assignment="first"):
    one = found(course)[student, assignment]
    assert one.path is None
    return " ".join(one.remarks)


def test_every_notebook_is_found_student_by_student(course):
    for name in ("zoe", "ann"):
        course.hand_in(name)
    names = [(one.student, one.assignment) for one in submissions(course.submitted, ["first"])]
    assert names == [("ann", "first"), ("zoe", "first")]
    assert not [one for one in found(course).values() if one.remarks or one.path is None]


def test_an_empty_folder_and_a_missing_one_are_refused(course, tmp_path):
    with pytest.raises(UnreadableError, match="is empty"):
        found(course)
    with pytest.raises(UnreadableError, match="is no folder"):
        submissions(tmp_path / "none", ["first"])


def test_what_is_missing_or_unknown_is_told(course):
    (course.submitted / "bob").mkdir()
    (course.submitted / "eve/second").mkdir(parents=True)
    (course.submitted / "joe/first").mkdir(parents=True)
    (course.submitted / "loose.ipynb").write_text("{}")
    (course.submitted / "tim").mkdir()
    (course.submitted / "tim/first.ipynb").write_text("{}")
    assert told(course, "bob", "") == "the folder is empty."
    assert told(course, "eve", "second") == "no such assignment; there are first."
    assert told(course, "joe") == "first.ipynb is missing."
    assert "a student's folder is needed" in told(course, "loose.ipynb", "")
    assert "a folder named for the assignment" in told(course, "tim", "first.ipynb")


def test_links_are_not_followed(course, tmp_path):
    secret = course.write(tmp_path / "elsewhere/first/first.ipynb", course.cells)
    (course.submitted / "ann").symlink_to(secret.parents[1])
    (course.submitted / "bob").mkdir()
    (course.submitted / "bob/first").symlink_to(secret.parent)
    (course.submitted / "eve/first").mkdir(parents=True)
    (course.submitted / "eve/first/first.ipynb").symlink_to(secret)
    assert "not followed" in told(course, "ann", "")
    assert "not followed" in told(course, "bob")
    assert "not followed" in told(course, "eve")
    with pytest.raises(UnreadableError, match="cannot be opened"):
        read_notebook(course.submitted / "eve/first/first.ipynb")


def test_a_second_notebook_of_one_student_is_told(course):
    path = course.hand_in("ann")
    path.with_name("first (1).ipynb").write_text("{}")
    assert found(course)["ann", "first"].remarks == (
        "also handed in, and not graded: first (1).ipynb.",
    )
    path.unlink()
    assert "first.ipynb is missing. also handed in" in told(course, "ann")


def test_two_folders_of_one_name_are_told(course):
    course.hand_in("Ann")
    course.hand_in("ann ")
    course.hand_in("bob")
    remarks = {one.student: one.remarks for one in submissions(course.submitted, ["first"])}
    assert "two folders have this student's name" in str(remarks["Ann"])
    assert "two folders have this student's name" in str(remarks["ann "])
    assert remarks["bob"] == ()


def test_a_name_that_cannot_be_shown_is_told(course):
    course.hand_in("a\nb")
    assert "cannot be shown" in str(found(course)["a\nb", "first"].remarks)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{ half", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "no notebook of format 4"),
        (b'{"nbformat": 3, "worksheets": []}', "no notebook of format 4"),
        (b'{"nbformat": 4, "cells": 1}', "no list of cells"),
    ],
)
def test_a_file_that_is_no_notebook_is_told(tmp_path, content, said):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        read_notebook(path)


def test_a_huge_file_and_a_pipe_are_not_read(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    with path.open("wb") as file:
        file.truncate(grading_folder.LARGEST + 1)
    with pytest.raises(UnreadableError, match="at most 20"):
        read_notebook(path)
    os.mkfifo(tmp_path / "b.ipynb")
    with pytest.raises(UnreadableError, match="no plain file"):
        read_notebook(tmp_path / "b.ipynb")


def test_cells_are_made_sound(tmp_path):
    cells = [{"cell_type": "code", "source": ["a\n", "b", 3], "metadata": 5}, "no cell", {}]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    first, second = read_notebook(path)
    assert first == {"cell_type": "code", "source": "a\nb", "metadata": {}}
    assert second["source"] == ""
    assert mark_of({"metadata": {"nbgrader": {"grade_id": ["x"]}}}) == {}
