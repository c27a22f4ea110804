"""Grades what was handed in: each notebook in a process of its own, a few at a time.

A test cell gives its points if it runs to its end without an error, else none; what was written in
words is listed for a person to read. `python -m metaxai_lab.classroom.grade` is the command.
Chapter: book/appendix/grading.md.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import metaxai_lab
from metaxai_lab.classroom.grading_folder import (
    Submission,
    UnreadableError,
    read_notebook,
    submissions,
)
from metaxai_lab.classroom.grading_marks import suspicious
from metaxai_lab.classroom.grading_merge import Merged, Written, merge
from metaxai_lab.classroom.grading_process import NoWallsError
from metaxai_lab.classroom.grading_run import run_steps
from metaxai_lab.classroom.grading_steps import Limits, Ran, Step
from metaxai_lab.classroom.grading_walls import SYSTEM, fits, missing

SECRET = ("assignment",)  # rooms that may hold what students are not to read
Notebooks = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Outcome:
    """A cell and how it ran."""

    step: Step
    ran: Ran

    @property
    def name(self) -> str:
        """Return its `grade_id`."""
        return self.step.name

    @property
    def points(self) -> float:
        """Return its points: all or none."""
        return self.step.points * self.ran.ok


@dataclass(frozen=True)
class Graded:
    """One submission with its points.

    Args:
        tests: every test cell; `failed` the answers that did not run; `written` to be read.
        seconds: how long it took, all starts together.
        graded: False if there was nothing that could be graded; a remark says why.
    """

    student: str
    assignment: str
    tests: tuple[Outcome, ...] = ()
    failed: tuple[Outcome, ...] = ()
    written: tuple[Written, ...] = ()
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    graded: bool = True

    @property
    def points(self) -> float:
        """Return the points of the test cells; what is written is not among them."""
        return sum((test.points for test in self.tests), 0.0)

    @property
    def of(self) -> float:
        """Return how many points the test cells give at most."""
        return sum((test.step.points for test in self.tests), 0.0)


def assignments(source: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the instructor's notebooks, SOURCE/NAME/NAME.ipynb or SOURCE/NAME.ipynb, by name.

    Raises:
        UnreadableError: if there is none, or one cannot be read.
    """
    found = {p.stem: p for p in sorted(source.glob("*.ipynb"))}
    found |= {p.stem: p for p in sorted(source.glob("*/*.ipynb")) if p.parent.name == p.stem}
    if not found:
        raise UnreadableError(f"{source} has no instructor's notebooks. Run `make assignments`.")
    return {name: read_notebook(path) for name, path in found.items()}


def readable() -> dict[str, bool]:
    """Return what answers may read: Python, its packages, the system's libraries and the lab."""
    lab = Path(metaxai_lab.__file__).parent
    paths = {sys.prefix: True, sys.base_prefix: True} | dict.fromkeys(SYSTEM, True)
    for path in [lab, *lab.rglob("*")]:
        if path.is_dir() or not path.name.startswith(SECRET):
            paths[str(path)] = not path.is_dir()
    return paths


def grade(
    submitted: Path, source: Path, *, limits: Limits, walls: bool = True, workers: int = 2
) -> Iterator[Graded]:
    """Grade a folder and yield each submission as it is done.

    Raises:
        UnreadableError: if there is nothing to grade or nothing to grade it by.
        NoWallsError: if `walls` are asked for and this machine has none; nothing was run then.
    """
    known = assignments(source)
    waiting = submissions(submitted, sorted(known))
    if why := walls and (missing() or fits(readable(), [submitted, source])):
        raise NoWallsError(str(why))
    with ThreadPoolExecutor(workers) as pool:
        asked = [pool.submit(grade_one, one, known, limits, walls=walls) for one in waiting]
        try:
            yield from _finished(asked)
        finally:
            pool.shutdown(cancel_futures=True)


def grade_one(one: Submission, known: Notebooks, limits: Limits, *, walls: bool) -> Graded:
    """Grade one submission; what hinders that is a remark and not an error.

    Raises:
        NoWallsError: if `walls` are asked for and do not stand.
    """
    start = monotonic()
    if one.path is None:
        return Graded(one.student, one.assignment, remarks=one.remarks, graded=False)
    try:
        merged = merge(known[one.assignment], read_notebook(one.path))
        ran = run_steps(merged.steps, limits, readable(), walls=walls)
    except NoWallsError:
        raise
    except Exception as error:
        theirs = isinstance(error, UnreadableError)
        told = str(error) if theirs else f"the grader failed: {type(error).__name__}: {error}"
        return Graded(one.student, one.assignment, remarks=(*one.remarks, told), graded=False)
    remarks = one.remarks + merged.remarks + tuple(_troubles(merged.steps, ran))
    return _marked(one, merged, ran, monotonic() - start, remarks)


def _marked(
    one: Submission, merged: Merged, ran: Sequence[Ran], seconds: float, remarks: tuple[str, ...]
) -> Graded:
    pairs = list(zip(merged.steps, ran, strict=True))
    return Graded(
        one.student,
        one.assignment,
        tuple(Outcome(s, r) for s, r in pairs if s.kind == "test"),
        tuple(Outcome(s, r) for s, r in pairs if s.kind == "answer" and not r.ok),
        merged.written,
        seconds,
        remarks + suspicious([s.source for s in merged.steps if s.kind == "answer"]),
    )


def _troubles(steps: Sequence[Step], ran: Sequence[Ran]) -> Iterator[str]:
    for step, how in zip(steps, ran, strict=True):
        if how.error in ("stopped", "not run"):
            yield f"{step.name or 'a cell of the course'}: {how.sentence}."
        elif step.kind == "given" and not how.ok:
            yield f"{step.name or 'a cell of the course'} failed: {how.error}: {how.sentence}"


def _finished(asked: Sequence[Future[Graded]]) -> Iterator[Graded]:
    for done in as_completed(asked):
        yield done.result()
