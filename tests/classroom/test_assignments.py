"""Assignments: nothing shown that is hidden, nothing for nothing, and nbgrader counts the same."""

import os
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from runpy import run_path
from time import process_time

import nbformat
import pytest
import torch
from torch import Tensor

from metaxai_lab.classroom.assignment_plans import PLANS, plans
from metaxai_lab.classroom.assignments import contents, main, source, student, table, write
from metaxai_lab.classroom.exercise_texts import told_in
from metaxai_lab.classroom.exercises import EXERCISES
from metaxai_lab.classroom.trial import NotYet

HERE = Path(__file__).parent
TOLD = told_in(PLANS.parent)
ALL = {plan.name: plan for plan in plans()}
FULL = {name: source(plan, TOLD) for name, plan in ALL.items()}
ITEMS = [(name, item.name) for name, plan in ALL.items() for item in plan.items]
RIGHT = run_path(str(HERE / "right_solutions.py"))
every_assignment = pytest.mark.parametrize("name", ALL)
every_item = pytest.mark.parametrize(("name", "item"), ITEMS)


def cell_of(notebook, grade_id):
    return next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == grade_id)


def points(handed_in, full):
    """Run a notebook, cell by cell, with the tests of the full one, and add up its points."""
    names, found = {}, {}
    for cell in handed_in.cells:
        mark = cell.metadata.nbgrader
        if cell.cell_type == "code":
            code = cell_of(full, mark.grade_id).source if mark.grade else cell.source
            try:
                exec(code, names)
            except Exception:
                found[mark.grade_id] = 0
            else:
                found[mark.grade_id] = mark.get("points", 0)
    return sum(found.values())


def filled(name, kept):
    """Return a student's notebook with these solutions; the others are left blank."""
    made = student(FULL[name])
    for each in kept:
        cell_of(made, each).source = cell_of(FULL[name], each).source
    return made


# What students see


@every_assignment
def test_a_student_sees_no_solution_no_hidden_test_and_no_rubric(name):
    shown = "\n".join(cell.source for cell in student(FULL[name]).cells)
    for secret in ("SOLUTION", "HIDDEN", "more_values", "Rubric", ALL[name].written.answer.strip()):
        assert secret not in shown
    for item in ALL[name].items:
        assert cell_of(student(FULL[name]), item.name).source.endswith("# your code")
        assert cell_of(student(FULL[name]), f"{item.name}-more").source.startswith("# Further")


@every_item
def test_no_line_that_solves_a_task_stands_in_the_student_version(name, item):
    shown = "\n".join(c.source for c in student(FULL[name]).cells if c.cell_type == "code")
    solving = [
        line.strip()
        for line in cell_of(FULL[name], item).source.splitlines()[1:]
        if len(line.strip()) > 20 and "SOLUTION" not in line
    ]
    assert not [line for line in solving if line in shown]


@every_assignment
def test_a_student_cannot_delete_what_is_graded(name):
    graded = [c for c in student(FULL[name]).cells if c.metadata.nbgrader.grade]
    assert len(graded) == 2 * len(ALL[name].items) + 1
    assert not any(c.metadata.get("deletable", True) for c in graded)


# What is earned


@every_assignment
def test_a_blank_notebook_earns_nothing_and_the_instructors_all_within_ten_seconds(name):
    start = process_time()
    assert points(student(FULL[name]), FULL[name]) == 0
    assert points(FULL[name], FULL[name]) == ALL[name].autograded
    assert process_time() - start < 10


@every_assignment
def test_points_of_the_cells_are_those_of_the_plan(name):
    told = [c.metadata.nbgrader.points for c in FULL[name].cells if c.metadata.nbgrader.grade]
    assert sum(told) == ALL[name].points
    assert f"**{ALL[name].points} points" in FULL[name].cells[0].source


@every_item
def test_a_usual_mistake_loses_the_points_of_its_exercise(name, item):
    cells = [cell_of(FULL[name], f"{item}-{end}").source for end in ("check", "more")]
    path = HERE / "wrong_solutions" / f"{item}.py"
    for mistake in run_path(str(path)).values():
        own = getattr(getattr(mistake, "__code__", None), "co_filename", None) == str(path)
        if own and not mistake.__doc__.startswith("No mistake"):
            for code in cells:
                with pytest.raises(NotYet):
                    exec(code, {item: mistake})


@every_item
def test_who_knows_the_visible_values_alone_loses_the_hidden_points(name, item):
    asked = []

    def watched(*args):
        answer = RIGHT[item](*args)
        asked.append((deepcopy(args), deepcopy(answer)))
        return answer

    EXERCISES[item](watched)
    for _, otherwise in asked:

        def by_heart(*args, otherwise=otherwise):
            known = [answer for given, answer in asked if alike(given, args)]
            return deepcopy(known[0] if known else otherwise)

        exec(cell_of(FULL[name], f"{item}-check").source, {item: by_heart})
        with pytest.raises(NotYet, match="for drawn values"):
            exec(cell_of(FULL[name], f"{item}-more").source, {item: by_heart})


def alike(one, other):
    if isinstance(one, Tensor):
        same = one.shape == other.shape and one.dtype == other.dtype
        return same and torch.allclose(one, other, 0, 0, equal_nan=True)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


@every_item
def test_a_solution_written_another_way_gets_the_hidden_points_for_any_seeds(name, item):
    plan = ALL[name]
    other = source(plan, TOLD, seeds=(2027, 2028, 2029))
    names = {each.name: RIGHT[each.name] for each in plan.items}
    exec(cell_of(other, f"{item}-more").source, names)
    exec(cell_of(FULL[name], f"{item}-more").source, names)


# What is written


def test_an_exercise_that_no_chapter_tells_is_named():
    with pytest.raises(ValueError, match="judging: no chapter tells gini, deleted"):
        source(ALL["judging"], {})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assignments")
    main([str(folder)])
    return folder


def test_seven_are_written_for_students_for_teachers_and_as_a_course(made):
    for kind in ("student", "instructor"):
        assert {path.stem for path in (made / kind).iterdir()} == set(ALL)
    course = made / "course" / "source"
    assert {path.name for path in course.iterdir()} == set(ALL)
    for name, full in FULL.items():
        paths = made / "instructor" / f"{name}.ipynb", course / name / f"{name}.ipynb"
        assert [nbformat.read(path, 4).cells for path in paths] == [full.cells] * 2
    assert (made / "course" / "nbgrader_config.py").is_file()


def test_what_was_made_is_said_and_made_again_changes_no_file(made, capsys):
    before = {path: path.stat().st_mtime_ns for path in made.rglob("*") if path.is_file()}
    (made / "course" / "gradebook.db").touch()
    main([str(made)])
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(before) == 22
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "concepts: 6 functions for 24 points and an answer in words for 6, 30 in all."
    )
    assert len(said) == 8


def test_a_seed_of_ones_own_changes_the_hidden_values_alone(made, tmp_path):
    write(tmp_path, seeds=(7, 8, 9))
    for name in ALL:
        one, other = (folder / "student" / f"{name}.ipynb" for folder in (made, tmp_path))
        assert one.read_bytes() == other.read_bytes()
        assert "seeds=(7, 8, 9)" in (tmp_path / "instructor" / f"{name}.ipynb").read_text("utf8")


def test_the_table_has_a_line_for_each_and_the_list_every_exercise():
    lines = table().splitlines()
    assert len(lines) == 2 + len(ALL)
    for line, plan in zip(lines[2:], ALL.values(), strict=True):
        assert f"| {plan.autograded} + {plan.written.points} | {plan.minutes} |" in line
    listed = contents()
    assert all(f"`{item}`" in listed for _, item in ITEMS)


# nbgrader


def nbgrader(course, *words):
    """Run nbgrader's command line in a course, with nothing of this machine's settings."""
    home = course.parent / "home"
    home.mkdir(exist_ok=True)
    beside = Path(sys.executable).parent  # nbgrader calls a program that lies beside it
    own = {name: str(home / name) for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    own |= {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    own |= {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    command = [beside / "nbgrader", *words]
    ran = subprocess.run(
        command, cwd=course, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


SCORES = """
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    for each in book.assignment_submissions("judging"):
        print(each.student.id, each.score)
"""


def test_nbgrader_makes_the_same_student_version_and_counts_the_same_points(made, tmp_path):
    course = shutil.copytree(made / "course", tmp_path / "course")
    nbgrader(course, "generate_assignment", "judging")
    released = nbformat.read(course / "release" / "judging" / "judging.ipynb", as_version=4)
    own = nbformat.read(made / "student" / "judging.ipynb", as_version=4)
    assert [c.source for c in released.cells] == [c.source for c in own.cells]
    assert [c.metadata for c in released.cells] == [c.metadata for c in own.cells]

    handed_in = {"half": filled("judging", ("gini", "tau")), "whole": FULL["judging"]}
    for name, notebook in handed_in.items():
        path = course / "submitted" / name / "judging" / "judging.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    nbgrader(course, "autograde", "judging")
    command = [sys.executable, "-c", SCORES]
    told = subprocess.run(command, cwd=course, capture_output=True, text=True, check=True).stdout
    plain = {name: points(notebook, FULL["judging"]) for name, notebook in handed_in.items()}
    assert dict(line.split() for line in told.splitlines()) == {
        name: str(float(found)) for name, found in plain.items()
    }
    assert plain == {"half": 8, "whole": 26}
