"""Grades as tables: one row a submission, and one row an exercise, for any spreadsheet.

Source: for cells that a spreadsheet would take for a formula, OWASP, "CSV Injection".
Chapter: book/appendix/grading.md.
"""

import csv
import os
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from metaxai_lab.classroom.grading import Graded

GRADES = ("student", "assignment", "points", "of", "to read", "exercises", "seconds", "remarks")
EXERCISES = ("student", "assignment", "exercise", "points", "of", "seconds", "what was said")
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and in full width
CUT = re.compile(rf";\s*(?=[{re.escape(''.join(FORMULA))}])")  # where a cell may begin, too


def write_tables(folder: Path, results: Sequence[Graded]) -> list[Path]:
    """Write grades.csv and exercises.csv; older ones are kept beside them under their time.

    Returns:
        the older tables, where they are now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(results, key=lambda one: (one.student, one.assignment))
    kept = _write(folder / "grades.csv", GRADES, map(_row, ordered))
    rows = [row for one in ordered for row in _exercises(one)]
    kept += _write(folder / "exercises.csv", EXERCISES, rows)
    return kept


def number(value: float) -> str:
    """Write points or seconds: "2", "2.5"; never more than two decimals."""
    return f"{round(value, 2):g}"


def _row(one: Graded) -> list[str]:
    points = [number(one.points), number(one.of)] if one.graded else ["", ""]
    to_read = "; ".join(f"{written.name} ({number(written.points)})" for written in one.written)
    each = "; ".join(f"{t.name} {number(t.points)}/{number(t.step.points)}" for t in one.tests)
    seconds = f"{one.seconds:.1f}" if one.graded else ""
    return [one.student, one.assignment, *points, to_read, each, seconds, " ".join(one.remarks)]


def _exercises(one: Graded) -> list[list[str]]:
    start = [one.student, one.assignment]
    tested = [
        [
            *start,
            t.name,
            number(t.points),
            number(t.step.points),
            f"{t.ran.seconds:.1f}",
            t.ran.sentence,
        ]
        for t in one.tests
    ]
    return tested + [[*start, w.name, "", number(w.points), "", "to be read"] for w in one.written]


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Path]:
    beside = path.with_suffix(".csv.new")
    with beside.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(heads)
        table.writerows([[_plain(cell) for cell in row] for row in rows])
    kept = [_keep(path)] if path.exists() else []
    os.replace(beside, path)
    return kept


def _keep(path: Path) -> Path:
    """Move a table aside under the time when it was written; never over another."""
    stamp = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d-%H%M%S")
    place = path.with_name(f"{path.stem}-{stamp}.csv")
    times = 1
    while place.exists():
        times += 1
        place = path.with_name(f"{path.stem}-{stamp}-{times}.csv")
    return path.rename(place)


def _plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, in one line.

    Where the comma is for decimals, a spreadsheet may begin a cell at each semicolon.
    """
    text = " ".join(cell.encode("utf8", "replace").decode("utf8").split())
    text = CUT.sub("; '", text)
    return f"'{text}" if text.startswith(FORMULA) else text
