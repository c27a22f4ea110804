"""Progress handed on: a file that a learner may give to a teacher, and many of them in one table.

Nothing is sent; the learner makes the file and gives it away or not. It holds names of exercises
and dates and no code. It can be edited by whoever has it, so it is no proof: marks come from
`make grade`. Chapter: book/appendix/progress.md.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from metaxai_lab.classroom.progress_table import ORDER, Row

WHAT = "an export of progress in Learning to Explain"
HEAD = ["learner", *(field.name for field in fields(Row))]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


class NoExportError(ValueError):
    """A file that should be an export and is not."""


@dataclass(frozen=True)
class Export:
    """What one learner handed on."""

    learner: str
    rows: tuple[Row, ...]


def export(found: Sequence[Row], learner: str, file: Path) -> None:
    """Write the rows of one learner, as CSV if the file is called so, else as JSON.

    Raises:
        NoExportError: if the file is there already and is no export; it is left as it was.
    """
    if file.exists():
        read(file)
    if file.suffix.lower() == ".csv":
        table = [[learner, *map(str, asdict(row).values())] for row in found]
        content = _csv([HEAD, *table])
    else:
        kept = {"what": WHAT, "learner": learner, "rows": [asdict(row) for row in found]}
        content = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    file.write_text(content, "utf8")


def read(file: Path) -> Export:
    """Return what an export holds; a learner without a name is called as the file is.

    Raises:
        NoExportError: if it is none, or is damaged.
    """
    try:
        words = file.read_text("utf-8-sig")
        if file.suffix.lower() == ".csv":
            table = list(csv.DictReader(io.StringIO(words), restval=""))
            learner = _plain(table[0]["learner"])
        else:
            kept = json.loads(words)
            if kept["what"] != WHAT:
                raise ValueError("it says that it is something else")
            table, learner = kept["rows"], str(kept["learner"])
        return Export(learner or file.stem, tuple(map(_row, table)))
    except (OSError, ValueError, KeyError, TypeError, IndexError, csv.Error) as error:
        raise NoExportError(f"{file} is no export of progress ({error!r}).") from None


def joined(exports: Iterable[Export]) -> str:
    """Return many exports as one table in CSV: a row for each, a column for each chapter.

    A cell holds how many exercises of the chapter are passed, and its column's head of how many.
    It is empty where an export does not know the chapter.
    """
    taken = list(exports)
    of: dict[str, int] = {}
    for one in taken:
        for page, (_, asked) in _pages(one).items():
            of[page] = max(asked, of.get(page, 0))
    pages = sorted(of, key=_order)
    lines = [["learner", "passed", *(f"{page} (of {of[page]})" for page in pages)]]
    for one in sorted(taken, key=lambda one: one.learner):
        own = _pages(one)
        passed = [str(own[page][0]) if page in own else "" for page in pages]
        lines.append([one.learner, str(sum(done for done, _ in own.values())), *passed])
    return _csv(lines)


def _pages(one: Export) -> dict[str, tuple[int, int]]:
    """Return for each page how many exercises are passed, and how many there are."""
    found: dict[str, tuple[int, int]] = {}
    for row in one.rows:
        done, asked = found.get(row.page, (0, 0))
        found[row.page] = (done + bool(row.first), asked + 1)
    return found


def _order(page: str) -> tuple[int, str]:
    known = [f"{part}/{chapter}" for part, chapter in ORDER]
    return (known.index(page) if page in known else len(known), page)


def _row(entry: Mapping[str, object]) -> Row:
    words = {name: _plain(str(entry[name])) for name in ("part", "chapter", "exercise", "first")}
    return Row(
        **words, difficulty=int(str(entry["difficulty"])), minutes=int(str(entry["minutes"]))
    )


def _csv(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([map(_safe, line) for line in lines])
    return out.getvalue()


def _safe(word: str) -> str:
    return f"'{word}" if word.startswith(FORMULA) else word


def _plain(word: str) -> str:
    return word[1:] if word.startswith("'") and word[1:].startswith(FORMULA) else word
