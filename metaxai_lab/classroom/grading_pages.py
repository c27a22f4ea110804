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
MARKS = re.compile(r"`([^`]+)`|\*([^*\s][^*]*)\*|\$([^$]+)\$")  # code, emphasis, a formula
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
    lines = "".join(
        f'<li><a href="#a{n}">{_text(one.assignment) or "Handed in"}</a>: {_points(one)}</li>'
        for n, one in enumerate(own)
    )
    parts = "".join(_assignment(n, one) for n, one in enumerate(own))
    body = f"<main><h1>{title}</h1><ul>{lines}</ul>{parts}</main>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def _points(one: Graded) -> str:
    if not one.graded:
        return "not graded"
    answers = "1 answer" if len(one.written) == 1 else f"{len(one.written)} answers"
    by_hand = f", {answers} to be read by your teacher" if one.written else ""
    return f"{number(one.points)} of {number(one.of)} points for code{by_hand}"


def _assignment(place: int, one: Graded) -> str:
    title = f'<h2 id="a{place}">{_text(one.assignment) or "Handed in"}</h2>'
    if not one.graded:
        return f"<section>{title}<p>Not graded: {_text(' '.join(one.remarks))}</p></section>"
    titles = dict.fromkeys(each.step.title for each in (*one.tests, *one.failed))
    tasks = "".join(_task(name, one) for name in titles)
    missing = [r for r in one.remarks if " missing." in r or " times" in r or "left out" in r]
    told = "".join(f"<li>{_text(remark.capitalize())}</li>" for remark in missing)
    told = f"<h3>About the file</h3><ul>{told}</ul>" if told else ""
    texts = "".join(
        f"<h3>{_text(w.name)}</h3><p>To be read by your teacher, {number(w.points)} points.</p>"
        f"<pre>{_text(w.text) or '(nothing written)'}</pre>"
        for w in one.written
    )
    return f"<section>{title}<p>{_points(one)}.</p>{tasks}{told}{texts}</section>"


def _task(title: str, one: Graded) -> str:
    """Return what is said of one exercise: answers that did not run, tests, and then hints."""
    tests = [each for each in one.tests if each.step.title == title]
    failed = [each for each in one.failed if each.step.title == title]
    lines = [f"<li>Your answer did not run. {_said(each)}</li>" for each in failed]
    lines += map(_test, tests)
    wrong = [each for each in tests if not each.ran.ok]
    folded = "".join(
        f"<details><summary>Hint {n}</summary><p>{_marked_up(hint)}</p></details>"
        for n, hint in enumerate(wrong[0].step.hints if wrong else (), 1)
    )
    of = sum((each.step.points for each in tests), 0.0)
    points = f"{number(sum((each.points for each in tests), 0.0))} of {number(of)}"
    return f"<h3>{_text(title) or 'Exercise'}: {points}</h3><ul>{''.join(lines)}</ul>{folded}"


def _test(test: Outcome) -> str:
    name = f"<code>{_text(test.name)}</code>"
    points = f"{number(test.points)} of {number(test.step.points)}"
    if not test.ran.ok:
        mark = '<span class="wrong">✗ not yet</span>'
        return f"<li>{mark} {name}, {points}<p>{_said(test)}</p></li>"
    said = test.ran.printed.strip()
    told = f"<pre>{_text(said[:SHOWN])}</pre>" if said else ""
    return f'<li><span class="right">✓ right</span> {name}, {points}{told}</li>'


def _said(each: Outcome) -> str:
    """Say what went wrong: the sentence of a check as it is, other errors with name and place."""
    ran = each.ran
    sentence, culprit = _text(ran.sentence[:SHOWN]), f"<code>{_text(ran.culprit)}</code>"
    if ran.error == "NotYet":
        return sentence
    if ran.error == "NotImplementedError" and not ran.sentence:
        return f"Nothing is written {f'in {culprit}' if ran.culprit else 'here'} yet."
    if ran.error == "AssertionError" and not ran.culprit:
        return sentence or HIDDEN
    if ran.error in ("stopped", "not run"):
        return f"{sentence.capitalize()}."
    where = f" (line {ran.line} of the cell)" if ran.line and each.step.kind == "answer" else ""
    inside = f" in {culprit}" if ran.culprit else ""
    told = f": {sentence}" if sentence else ""
    return f"<code>{_text(ran.error)}</code>{inside}{told}{where}"


def _marked_up(hint: str) -> str:
    """Escape a hint, and then show its code, emphasis and formulas as such; no other Markdown."""

    def shown(found: re.Match[str]) -> str:
        code, stressed, formula = found.groups()
        return f"<code>{code}</code>" if code else f"<em>{stressed or formula}</em>"

    return MARKS.sub(shown, _text(hint))


def _text(words: str) -> str:
    """Escape, and show what cannot be shown as a sign of its own."""
    seen = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in words)
    return escape(seen)
