"""Progress as a table: every exercise of the book, part by part, and when it was first passed.

One list of rows serves the terminal, the page and the export. Text that reaches HTML is escaped.
Chapter: book/appendix/progress.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from metaxai_lab.classroom.exercise import HARDEST, Exercise
from metaxai_lab.classroom.exercises import EXERCISES
from metaxai_lab.classroom.progress_reader import ROOT, chapter_of

PARTS = {  # in the order of reading
    "concepts": "why_explain three_kinds_of_explanation learning_to_learn three_families "
    "five_steps",
    "attention": "from_equations pictures sentences is_attention_an_explanation repair_and_deploy",
    "importance": "gates guiding_a_learner on_real_tables",
    "local": "shapley_and_lime amortized travelling_explainer",
    "global": "trees_and_rules meta_learned_surrogates",
    "judging": "judges when_judges_disagree",
    "applications": "medicine finance manufacturing city driving",
    "outlook": "across_domains causes_and_logic in_real_time meta_reinforcement",
    "appendix": "questions tools teaching",
}
ORDER = [(part, chapter) for part, chapters in PARTS.items() for chapter in chapters.split()]
SITE = ROOT / "_build" / "html"
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem; }
caption { text-align: start; font-weight: bold; padding: 0.5rem 0; }
th, td { text-align: start; padding: 0.25rem 0.75rem 0.25rem 0; border-top: 1px solid GrayText;
  font-weight: normal; overflow-wrap: anywhere; }
thead th { border: 0; }
progress { width: 100%; }
"""


@dataclass(frozen=True)
class Row:
    """One exercise, and when it was first passed.

    Args:
        minutes: how long it takes most readers.
        first: UTC as ISO 8601; "" if it was not passed yet.
    """

    part: str
    chapter: str
    exercise: str
    difficulty: int
    minutes: int
    first: str = ""

    @property
    def page(self) -> str:
        """Return the page in the book, such as "local/amortized"."""
        return f"{self.part}/{self.chapter}"


def rows(passed: Mapping[str, str], exercises: Mapping[str, Exercise] = EXERCISES) -> list[Row]:
    """Return a row for each exercise, in the order of reading.

    Args:
        passed: when each exercise was first passed; names that are not in the book are left out.
    """
    found = []
    for name, one in exercises.items():
        page = Path(chapter_of(one.ask) or "book/other/unknown.ipynb")
        found.append(
            Row(
                page.parent.name, page.stem, name, one.difficulty, one.minutes, passed.get(name, "")
            )
        )
    return sorted(found, key=_place)


def _place(row: Row) -> int:
    where = (row.part, row.chapter)
    return ORDER.index(where) if where in ORDER else len(ORDER)


def counted(some: Sequence[Row]) -> str:
    """Say how many are passed, such as "2 of 4"."""
    return f"{sum(bool(row.first) for row in some)} of {len(some)}"


def title(name: str) -> str:
    """Return a name as a title: "why_explain" is "Why explain"."""
    return name.replace("_", " ").capitalize()


def text(found: Sequence[Row]) -> str:
    """Return progress for a terminal: parts, their chapters, and the names of what is passed."""
    lines = [f"{counted(found)} exercises passed."]
    for part, own in groupby(found, key=lambda row: row.part):
        inside = list(own)
        lines += ["", f"{title(part)}: {counted(inside)}"]
        for _, each in groupby(inside, key=lambda row: row.chapter):
            chapter = list(each)
            names = ", ".join(row.exercise for row in chapter if row.first)
            line = f"  {title(chapter[0].chapter):<28} {counted(chapter):>8}  {names}"
            lines.append(line.rstrip())
    return "\n".join(lines)


def html_tables(found: Sequence[Row], *, site: Path = SITE) -> str:
    """Return a table for each chapter, with the part in its caption, as HTML.

    Args:
        site: where the book was built; chapters are linked if their page is there.
    """
    parts = [f"<p>{counted(found)} exercises passed.</p>"]
    for page, own in groupby(found, key=lambda row: row.page):
        inside = list(own)
        named = f"{escape(title(inside[0].part))}: {_link(title(inside[0].chapter), page, site)}"
        heads = "".join(f'<th scope="col">{h}</th>' for h in ("exercise", "difficulty", "passed"))
        body = "".join(map(_line, inside))
        parts.append(
            f"<table><caption>{named}, {counted(inside)}</caption><thead><tr>{heads}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )
    return "\n".join(parts)


def html_page(found: Sequence[Row], *, site: Path = SITE) -> str:
    """Return progress as a page of its own, which needs no network, in light or dark."""
    done = sum(bool(row.first) for row in found)
    bar = f'<progress max="{len(found) or 1}" value="{done}" aria-label="passed"></progress>'
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Progress, Learning to Explain</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>Progress</h1>{bar}\n{html_tables(found, site=site)}</main></body>\n"
        "</html>\n"
    )


def _line(row: Row) -> str:
    when = escape(row.first[:10]) or "not yet"
    hard = f"{row.difficulty} of {HARDEST}, {row.minutes} minutes"
    return f'<tr><th scope="row">{escape(row.exercise)}</th><td>{hard}</td><td>{when}</td></tr>'


def _link(name: str, page: str, site: Path) -> str:
    built = site / f"{page}.html"
    there = f'<a href="{escape(built.as_uri())}">' if built.is_file() else ""
    return f"{there}{escape(name)}{'</a>' if there else ''}"
