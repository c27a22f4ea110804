"""The ledger: what the chapters found about each statement, read from the cells that measured it.

A chapter's claims and verdicts lie in the metadata of its outputs. A build takes them from the runs
that it keeps (jupyter-cache): a chapter that did not finish counts for nothing, whatever is stored
in its file. So the ledger page must be filled in after the chapters have run.
Chapter: book/appendix/claims.md.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import nbformat

from metaxai_lab.classroom.claims import VERDICTS, Record, record_in
from metaxai_lab.classroom.statements import STATEMENTS, Statement

OPEN = "not yet measured"
MEASURED = "measured, no verdict yet"
DOCUMENTS = {
    "A": "Document A: meta-learning in explainable AI",
    "B": "Document B: meta-learning for interpretability",
}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|$~^&@:=.-])")


def read(notebooks: Iterable[Path], *, cache: Path | None = None) -> list[Record]:
    """Return the records of executed notebooks in reading order, each with its page.

    Args:
        cache: the folder of the build's runs, `_build/.jupyter_cache`; None reads what is stored.
    """
    found = []
    for path in notebooks:
        page, run = page_of(path), executed(path, cache)
        outputs = [out for cell in (run.cells if run else ()) for out in cell.get("outputs", ())]
        records = [record_in(out.get("metadata", {})) for out in outputs]
        found += [replace(record, page=page) for record in records if record is not None]
    return found


def unfinished(notebooks: Iterable[Path], *, cache: Path) -> list[str]:
    """Return the pages of the notebooks that this build did not run to their end."""
    return [page_of(path) for path in notebooks if executed(path, cache) is None]


def page_of(notebook: Path) -> str:
    """Return the name Sphinx has for a notebook: its path below the folder of `_toc.yml`."""
    for folder in notebook.resolve().parents:
        if (folder / "_toc.yml").exists():
            return notebook.resolve().relative_to(folder).with_suffix("").as_posix()
    return notebook.stem


def state_of(statement: Statement, records: Sequence[Record]) -> str:
    """Return the verdict on a statement, or `MEASURED`, or `OPEN`."""
    own = [record for record in records if record.statement == statement.id]
    verdicts = [record.state for record in own if record.kind == "verdict"]
    if verdicts:
        return verdicts[0]
    return MEASURED if own else OPEN


def problems(records: Sequence[Record]) -> list[str]:
    """Return a sentence for each thing the ledger must not print: the page is sound without one."""
    claims = [record for record in records if record.kind == "claim"]
    counts = Counter((record.kind, record.id) for record in records)
    measured = {record.statement for record in claims if record.state == "holds"}
    return [
        *(f"{r.page}: {r}" for r in claims if r.state == "fails"),
        *(f"{id} has {n} {kind}s; it may have one." for (kind, id), n in counts.items() if n > 1),
        *(
            f"{r.page}: the verdict on {r.id} rests on no claim that holds."
            for r in records
            if r.kind == "verdict" and r.id not in measured
        ),
        *(
            f"{r.page}: no statement {r.statement}."
            for r in records
            if r.statement not in STATEMENTS
        ),
    ]


def lacking(
    records: Sequence[Record], statements: Mapping[str, Statement] = STATEMENTS
) -> list[str]:
    """Return a sentence for each statement without a verdict: the book is complete without one."""
    states = {id: state_of(statement, records) for id, statement in statements.items()}
    return [
        f"{id} is {state}: a chapter has to measure it and say `verdict({id!r}, ...)`."
        if state == OPEN
        else f"{id} is {state}: a chapter has to say `verdict({id!r}, ...)`."
        for id, state in states.items()
        if state not in VERDICTS
    ]


def markdown(
    records: Sequence[Record],
    statements: Mapping[str, Statement] = STATEMENTS,
    *,
    here: str = "appendix/claims",
) -> str:
    """Return the ledger as MyST text: a count, then each statement with what was found about it.

    Args:
        here: the page the text is for; links start from it and lead to the cell that measured.
    """
    states = Counter(state_of(statement, records) for statement in statements.values())
    order = (*VERDICTS, MEASURED, OPEN)
    counted = ", ".join(f"{states[state]} {state}" for state in order if states[state])
    parts = [f"{len(statements)} statements: {counted}."]
    for letter, title in DOCUMENTS.items():
        parts.append(f":::{{rubric}} {title}\n:::")
        own = [s for s in statements.values() if s.id.startswith(letter)]
        parts += [_entry(statement, records, here) for statement in own]
    return "\n\n".join(parts) + "\n"


def _entry(statement: Statement, records: Sequence[Record], here: str) -> str:
    """Return one statement as a definition: id and state, the statement, and what was found."""
    own = [record for record in records if record.statement == statement.id]
    lines = [
        f'<span id="{statement.id}"></span>{statement.id}, section {statement.section}: '
        f"**{state_of(statement, records)}**",
        f": {escaped(statement.says)}",
    ]
    own.sort(key=lambda record: record.kind == "claim")
    lines += [f"  - {link(record, here)}: {escaped(record.sentence)}" for record in own]
    return "\n".join(lines)


def link(record: Record, here: str, text: str = "") -> str:
    """Return a link from the page `here` to the cell of a record; it says `text`, or its head."""
    page = posixpath.relpath(f"{record.page}.html", posixpath.dirname(here))
    return f'<a href="{page}#{record.anchor}">{escaped(text or record.head)}</a>'


def escaped(text: str) -> str:
    """Return text that MyST shows letter by letter, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def executed(path: Path, cache: Path | None) -> nbformat.NotebookNode | None:
    """Return a notebook as it is stored or, where there is a cache, as it ran; None if it did not.

    A notebook without code has nothing to run.
    """
    stored = nbformat.read(path, as_version=4)
    if cache is None or not any(cell.cell_type == "code" for cell in stored.cells):
        return stored
    if not cache.exists():
        return None
    from jupyter_cache import get_cache  # comes with the extra `book`

    try:
        return get_cache(cache).merge_match_into_notebook(stored)[1]
    except KeyError:  # never run to its end in this form
        return None
