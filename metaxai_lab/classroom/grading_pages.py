"""A page of feedback for each student: plain HTML that needs no network and runs no script.

Every word that comes from a submission is escaped. Chapter: book/appendix/grading.md.
"""

import hashlib
import re
from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from metaxai_lab.classroom.grading import Graded, Outcome
from metaxai_lab.classroom.grading_steps import Ran
from metaxai_lab.classroom.grading_tables import number

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto;
  padding: 0 1rem;  background: #fff; color: #1b1b1f; overflow-wrap: anywhere; }
section { border-top: 1px solid #767680; margin-top: 2rem; }
li { margin: .8rem 0; }
pre { white-space: pre-wrap; background: #f1f1f4; padding: .6rem; border-radius: .3rem; }
.right { color: #0b5c2e; } .wrong { color: #8c1d18; }
@media (prefers-color-scheme: dark) {
  body { background: #17171b; color: #e8e8ec; } pre { background: #26262c; }
  .right { color: #8fdcab; } .wrong { color: #ffb4ab; } }
@media print { body { max-width: none; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
SHOWN = 1500  # characters of what a test said
HIDDEN = "A hidden test of this exercise did not hold. Try your function on a case of your own."


def write_pages(folder: Path, results: Sequence[Graded]) -> dict[str, Path]:
    """Write FOLDER/NAME.html for each student and return the pages by student."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(results, key=lambda one: (one.student, one.assignment))
    written: dict[str, Path] = {}
    taken: set[str] = set()
    for student, own in groupby(ordered, key=lambda one: one.student):
        name = page_name(student, taken)
        taken.add(name.casefold())
        written[student] = folder / f"{name}.html"
        written[student].write_text(page(student, list(own)), "utf8", errors="replace")
    return written


def page_name(student: str, taken: set[str]) -> str:
    """Return a name for a file, whatever the student's folder is called: no path, no surprise."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", student)[:60].strip("-")
    if plain == student and plain.casefold() not in taken:
        return plain
    mark = hashlib.sha256(student.encode("utf8", "surrogateescape")).hexdigest()[:8]
    return f"{plain}-{mark}" if plain else mark


def page(student: str, own: Sequence[Graded]) -> str:
    """Return one student's page."""
    title = f"Feedback for {_text(student)}"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head += f"<title>{title}</title><style>{STYLE}</style>"
    parts = "".join(map(_assignment, own))
    body = f"<main><h1>{title}</h1>{parts}</main>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def _assignment(one: Graded) -> str:
    title = f"<h2>{_text(one.assignment) or 'Handed in'}</h2>"
    if not one.graded:
        return f"<section>{title}<p>Not graded: {_text(' '.join(one.remarks))}</p></section>"
    points = f"<p><strong>{number(one.points)} of {number(one.of)} points</strong> for code"
    points += f", {len(one.written)} to be read by your teacher.</p>" if one.written else ".</p>"
    tests = "".join(map(_test, one.tests))
    failed = "".join(
        f"<li><code>{_text(name)}</code>: {_said(ran)}</li>" for name, ran in one.failed
    )
    failed = f"<h3>Answers that did not run</h3><ul>{failed}</ul>" if failed else ""
    missing = [r for r in one.remarks if " missing." in r or " times" in r or "left out" in r]
    told = "".join(f"<li>{_text(remark.capitalize())}</li>" for remark in missing)
    told = f"<h3>About the file</h3><ul>{told}</ul>" if told else ""
    texts = "".join(
        f"<h3>{_text(w.name)}</h3><p>To be read by your teacher, {number(w.points)} points.</p>"
        f"<pre>{_text(w.text) or '(nothing written)'}</pre>"
        for w in one.written
    )
    return f"<section>{title}{points}<ul>{tests}</ul>{failed}{told}{texts}</section>"


def _test(test: Outcome) -> str:
    right = test.ran.ok
    mark = '<span class="right">✓ right</span>' if right else '<span class="wrong">✗ not yet</span>'
    said = test.ran.printed.strip() if right else ""
    told = f"<pre>{_text(said[:SHOWN])}</pre>" if said else ""
    told = told if right else f"<p>{_said(test.ran)}</p>"
    points = f"{number(test.points)} of {number(test.step.points)}"
    hints = [] if right else test.step.hints
    folded = "".join(
        f"<details><summary>Hint {n}</summary><p>{_text(hint)}</p></details>"
        for n, hint in enumerate(hints, 1)
    )
    title = f"{_text(test.step.title)} (<code>{_text(test.name)}</code>)"
    return f"<li>{mark} <strong>{title}</strong>, {points}{told}{folded}</li>"


def _said(ran: Ran) -> str:
    """Say what went wrong: the sentence of a check as it is, other errors with their names."""
    sentence = _text(ran.sentence[:SHOWN])
    if ran.error == "NotYet":
        return sentence
    if ran.error == "NotImplementedError" and not ran.sentence:
        return "Nothing is written here yet."
    if ran.error == "AssertionError":
        return sentence or HIDDEN
    if ran.error in ("stopped", "not run"):
        return f"{sentence.capitalize()}."
    where = f" (line {ran.line} of the cell)" if ran.line else ""
    return f"<code>{_text(ran.error)}</code>: {sentence}{where}"


def _text(words: str) -> str:
    """Escape, and show what cannot be shown as a sign of its own."""
    seen = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in words)
    return escape(seen)
