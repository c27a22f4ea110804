"""Grade a folder of submissions: `python -m metaxai_lab.classroom.grade SUBMITTED`.

Writes grades.csv, exercises.csv and feedback/STUDENT.html below the output folder. Ends with 0 if
every submission could be graded, 1 if one could not, and 2 if nothing was run.
Chapter: book/appendix/grading.md.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from metaxai_lab.classroom.grading import Graded, grade
from metaxai_lab.classroom.grading_folder import UnreadableError
from metaxai_lab.classroom.grading_pages import write_pages
from metaxai_lab.classroom.grading_process import NoWallsError
from metaxai_lab.classroom.grading_steps import Limits
from metaxai_lab.classroom.grading_tables import number, write_tables

MADE = Path("_build/assignments")


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, write what came out, and say it in a line."""
    asked = _parser().parse_args(arguments)
    out = asked.out or asked.submitted.parent / "graded"
    start, results = monotonic(), list[Graded]()
    try:
        for one in _graded(asked):
            results.append(one)
            print(_line(one), flush=True)
    except (UnreadableError, NoWallsError) as error:
        print(f"Nothing was graded: {error}", file=sys.stderr)
        if isinstance(error, NoWallsError):
            print("Where you trust every answer, add --without-isolation.", file=sys.stderr)
        return 2
    finally:
        if results:
            _write(out, results)
    print(f"{_summary(results, monotonic() - start)}: {out / 'grades.csv'}")
    return int(not all(one.graded for one in results))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m metaxai_lab.classroom.grade")
    parser.add_argument("submitted", type=Path, help="holds STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb")
    parser.add_argument("--source", type=Path, default=MADE / "instructor", help="the instructor's")
    parser.add_argument("--out", type=Path, help="where grades go; graded/ beside the submissions")
    parser.add_argument("--workers", type=int, default=2, help="notebooks at a time")
    parser.add_argument("--cell-seconds", type=float, default=Limits.cell, help="for one cell")
    parser.add_argument("--seconds", type=float, default=Limits.whole, help="for one notebook")
    parser.add_argument("--memory", type=float, default=4.0, help="GB for one notebook")
    parser.add_argument(
        "--without-isolation",
        action="store_true",
        help="run answers with your own rights: they can read and delete your files",
    )
    return parser


def _graded(asked: argparse.Namespace) -> Iterator[Graded]:
    limits = Limits(cell=asked.cell_seconds, whole=asked.seconds, memory=int(asked.memory * 2**30))
    walls = not asked.without_isolation
    return grade(asked.submitted, asked.source, limits=limits, walls=walls, workers=asked.workers)


def _summary(results: Sequence[Graded], seconds: float) -> str:
    ungraded = sum(not one.graded for one in results)
    rest = f", {ungraded} not graded (see the remarks)" if ungraded else ""
    count = "1 submission" if len(results) == 1 else f"{len(results)} submissions"
    return f"{count} in {seconds:.0f} s{rest}"


def _line(one: Graded) -> str:
    points = f"{number(one.points)} of {number(one.of)}" if one.graded else "not graded"
    name = one.student if one.student.isprintable() else ascii(one.student)
    told = f" ({' '.join(one.remarks)})" if one.remarks else ""
    told = "".join(c if c.isprintable() else "?" for c in told)
    return f"{name} {one.assignment}: {points}, {one.seconds:.0f} s{told}"


def _write(out: Path, results: Sequence[Graded]) -> None:
    for kept in write_tables(out, results):
        print(f"The older table is kept: {kept}")
    write_pages(out / "feedback", results)


if __name__ == "__main__":
    sys.exit(main())
