"""Your progress through the exercises: shown, written to a page, handed on, and joined for a class.

    python -m metaxai_lab.classroom.progress                        # a table, and a page
    python -m metaxai_lab.classroom.progress --export me.json --as "My name"
    python -m metaxai_lab.classroom.progress --join exports/*.json --to class.csv

In a notebook: `from metaxai_lab.classroom.progress import progress`, then `progress()`.
Chapter: book/appendix/progress.md.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from metaxai_lab.classroom.progress_export import NoExportError, export, joined, read
from metaxai_lab.classroom.progress_file import NotOursError, passed, place
from metaxai_lab.classroom.progress_table import Row, html_page, html_tables, rows, text

OFF = "METAXAI_PROGRESS is off, so nothing is noted."


@dataclass(frozen=True)
class Progress:
    """The exercises and when each was first passed; a notebook shows it as tables."""

    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return text(self.rows)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_tables(self.rows)


def progress(when: Mapping[str, str] | None = None) -> Progress:
    """Return your progress.

    Args:
        when: each passed exercise and when; what this machine remembers if None.

    Raises:
        NotOursError: if the file of this machine holds something else.
        OSError: if it cannot be read.
    """
    return Progress(tuple(rows(passed(place()) if when is None else when)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return 1 if something could not be read or written, else 0.

    Who reads the output may stop before its end, as `head` does; then the rest is not said.
    """
    asked = _parser().parse_args(arguments)
    try:
        code = _join(asked.join, asked.to) if asked.join else _own(asked)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed later
        return 0
    except (OSError, NotOursError, NoExportError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m metaxai_lab.classroom.progress")
    parser.add_argument("--page", type=Path, help="write the page there, not beside the file")
    parser.add_argument("--export", type=Path, metavar="FILE", help="FILE.json or FILE.csv")
    parser.add_argument("--as", dest="learner", default="", help="the name in the export")
    parser.add_argument("--join", type=Path, nargs="+", metavar="FILE", help="exports of many")
    parser.add_argument("--to", type=Path, help="where the joined table goes; else it is printed")
    return parser


def _own(asked: argparse.Namespace) -> int:
    file, found = place(), progress()
    if asked.export:
        export(found.rows, asked.learner, asked.export)
        print(f"{asked.export} holds your progress. It is yours to give; nothing was sent.")
        return 0
    page = asked.page or (file.with_name("progress.html") if file else None)
    if page:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(html_page(found.rows), "utf8")
    print(found if file else f"{OFF}\n{found}")
    if page:
        print(f"\nAs a page: {page.resolve().as_uri()}")
    return 0


def _join(files: Sequence[Path], to: Path | None) -> int:
    if to in files:
        raise NoExportError(f"{to} is one of the exports. Name another file with --to.")
    exports, ill = [], 0
    for file in files:
        try:
            exports.append(read(file))
        except NoExportError as error:
            ill += 1
            print(f"left out: {error}", file=sys.stderr)
    table = joined(exports)
    if to:
        to.write_text(table, "utf8")
    print(f"{to} holds {len(exports)} exports." if to else table, end="\n" if to else "")
    return int(ill > 0)


if __name__ == "__main__":
    sys.exit(main())
