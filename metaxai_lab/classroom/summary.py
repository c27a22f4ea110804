"""The ledger on one page: what held, what did not, and under which condition the rest holds.

Counts, states and numbers come from the records of the chapters, the lines from `in_short`.
Chapter: book/appendix/summary.md.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from metaxai_lab.classroom.claims import VERDICTS, Record
from metaxai_lab.classroom.findings import finding
from metaxai_lab.classroom.in_short import SHORT, THEMES, Short
from metaxai_lab.classroom.ledger import escaped, link, state_of
from metaxai_lab.classroom.statements import STATEMENTS

HEADS = {
    "supported": "What holds as it stands",
    "refuted": "What does not hold",
    "conditional": "What holds under a condition",
}


def outdated(records: Sequence[Record], lines: Mapping[str, Short] = SHORT) -> list[str]:
    """Return a sentence for each line that was written for another verdict, or lacks its number."""
    claims = {record.id for record in records if record.kind == "claim"}
    verdicts = {record.id: record.state for record in records if record.kind == "verdict"}
    return [
        f"in_short says that {id} is {short.state}, its verdict that it is {verdicts[id]}: write "
        "the line anew."
        for id, short in lines.items()
        if verdicts.get(id, short.state) != short.state
    ] + [
        f"in_short shows the number of {short.number}, which no chapter claims."
        for id, short in lines.items()
        if id in verdicts and short.number and short.number not in claims
    ]


def markdown(records: Sequence[Record], *, here: str = "appendix/summary") -> str:
    """Return the summary as MyST text: the counts, then each state, the last one by themes.

    Args:
        here: the page the text is for; links start from it.
    """
    states = {id: state_of(statement, records) for id, statement in STATEMENTS.items()}
    parts = [counted(states)]
    for state in ("supported", "refuted"):
        own = [id for ids in THEMES.values() for id in ids if states[id] == state]
        parts += [_rubric(HEADS[state]), _list(own, records, here)] if own else []
    parts.append(_rubric(HEADS["conditional"]))
    for theme, ids in THEMES.items():
        own = [id for id in ids if states[id] == "conditional"]
        parts += [f"**{theme}**", _list(own, records, here)] if own else []
    return "\n\n".join(parts) + "\n"


def counted(states: Mapping[str, str]) -> str:
    """Say how many statements ended in which state."""
    counts = Counter(states.values())
    *first, last = [f"**{counts[state]}** {state}" for state in VERDICTS]
    without = sum(n for state, n in counts.items() if state not in VERDICTS)
    rest = f" {without} have no verdict in this build." if without else ""
    return f"Of {len(states)} statements, the book found {', '.join(first)} and {last}.{rest}"


def _list(ids: Sequence[str], records: Sequence[Record], here: str) -> str:
    return "\n".join(_entry(id, records, here) for id in ids)


def _entry(id: str, records: Sequence[Record], here: str) -> str:
    """Return a statement as an item: its id, which leads to the verdict, and what is left of it."""
    (found,) = [record for record in records if record.kind == "verdict" and record.id == id][:1]
    short = SHORT[id]
    numbers = [r for r in records if r.kind == "claim" and r.id == short.number]
    shown = "".join(f" {link(record, here, finding(record).said)}." for record in numbers[:1])
    says = escaped(STATEMENTS[id].says)
    return f"- {link(found, here, id)}: {says} *{escaped(short.line)}*{shown}"


def _rubric(title: str) -> str:
    return f":::{{rubric}} {title}\n:::"
