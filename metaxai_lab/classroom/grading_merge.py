"""A student's answers in the instructor's notebook: only what may be answered is taken over.

So test cells that were deleted, edited or moved, and cells that were locked, are as the instructor
wrote them. Cells are known by nbgrader's `grade_id`. Source: the manual of nbgrader 0.9, "Creating
and grading assignments". Chapter: book/appendix/grading.md.
"""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from metaxai_lab.classroom.grading_folder import mark_of
from metaxai_lab.classroom.grading_steps import Step

Cell = Mapping[str, Any]
HEADING = re.compile(r"^#{1,3} +(?:\d+\. +)?(.+?) *$", re.MULTILINE)
HINT = re.compile(r"<details>\s*<summary>[^<]*</summary>\s*(.*?)\s*</details>", re.DOTALL)


@dataclass(frozen=True)
class Written:
    """An answer in words, to be read by a person."""

    name: str
    points: float
    text: str


@dataclass(frozen=True)
class Merged:
    """What is to be run and what is to be read, with remarks for the teacher."""

    steps: tuple[Step, ...]
    written: tuple[Written, ...]
    remarks: tuple[str, ...]


def merge(instructor: Sequence[Cell], student: Sequence[Cell]) -> Merged:
    """Put a student's answers into the instructor's notebook.

    Args:
        instructor: the cells with solutions and hidden tests; a missing answer counts as empty, so
            that the instructor's never stands in for it.
    """
    answers, remarks = _answers(student)
    asked = [mark_of(cell) for cell in instructor if is_answer(cell)]
    names = [mark["grade_id"] for mark in asked]
    remarks += [f"the cell {name} is missing." for name in names if name not in answers]
    if extra := _own_cells(student, {cell["source"].strip() for cell in instructor}):
        cells = "1 code cell" if extra == 1 else f"{extra} code cells"
        remarks.append(f"{cells} of the student's own left out: only answer cells are graded.")
    read = [(mark["grade_id"], _points(mark)) for mark in asked if mark.get("grade")]
    written = [Written(name, points, answers.get(name, "")) for name, points in read]
    steps = [*_prepared(instructor), *_steps(instructor, answers)]
    return Merged(tuple(steps), tuple(written), tuple(remarks))


def is_answer(cell: Cell) -> bool:
    """Say whether a cell is the student's to write."""
    mark = mark_of(cell)
    return bool(mark.get("solution") or mark.get("task")) and not mark.get("locked")


def binds(cell: Cell) -> set[str]:
    """Return the names that a cell of the instructor's binds at its top level."""
    if cell["cell_type"] != "code":
        return set()
    try:
        body = ast.parse(cell["source"]).body
    except SyntaxError:
        return set()
    names = {n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for statement in body:
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
            names |= {n.id for n in found if isinstance(n.ctx, ast.Store)}
    return names


def _prepared(instructor: Sequence[Cell]) -> list[Step]:
    """Import first what tests import, so that it is remembered before an answer can change it."""
    names = {n for cell in instructor if mark_of(cell).get("grade") for n in imports(cell)}
    source = "\n".join(f"__import__({name!r})" for name in sorted(names))
    return [Step("given", "", source)] if names else []


def imports(cell: Cell) -> set[str]:
    """Return the modules that a cell of the instructor's imports."""
    if cell["cell_type"] != "code":
        return set()
    try:
        nodes = list(ast.walk(ast.parse(cell["source"])))
    except SyntaxError:
        return set()
    whole = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    return whole | {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}


def _steps(instructor: Sequence[Cell], answers: Mapping[str, str]) -> Iterator[Step]:
    """Yield the code cells of the merged notebook; tests know the heading and hints above them."""
    free = tuple(sorted({n for cell in instructor if is_answer(cell) for n in binds(cell)}))
    title, hints = "", ()
    for cell in instructor:
        kind, source, mark = cell["cell_type"], cell["source"], mark_of(cell)
        name = str(mark.get("grade_id", ""))
        if kind == "markdown" and (heading := HEADING.search(source)):
            title, hints = heading[1], tuple(HINT.findall(source))
        if kind == "code" and is_answer(cell):
            yield Step("answer", name, answers.get(name, ""), 0.0, free, title)
        elif kind == "code" and mark.get("grade"):
            yield Step("test", name, source, _points(mark), free, title, hints)
        elif kind == "code":
            yield Step("given", name, source, 0.0, free)


def _answers(student: Sequence[Cell]) -> tuple[dict[str, str], list[str]]:
    """Return the student's answers by name; of cells that come twice, the last."""
    cells = [cell for cell in student if is_answer(cell)]
    times = Counter(mark_of(cell)["grade_id"] for cell in cells)
    twice = [
        f"the cell {name} is there {n} times; the last was graded."
        for name, n in times.items()
        if n > 1
    ]
    return {mark_of(cell)["grade_id"]: cell["source"] for cell in cells}, twice


def _own_cells(student: Sequence[Cell], given: Collection[str]) -> int:
    """Count the cells with code that the assignment did not bring."""
    code = [c for c in student if c["cell_type"] == "code" and not mark_of(c)]
    return sum(bool(c["source"].strip()) and c["source"].strip() not in given for c in code)


def _points(mark: Mapping[str, Any]) -> float:
    points = mark.get("points", 0)
    return float(points) if isinstance(points, int | float) else 0.0
