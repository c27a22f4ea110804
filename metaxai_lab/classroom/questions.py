"""Questions of the documents: each answer in parts, and what the book measured for and against.

A part counts by rule. It holds if something measured speaks for it and nothing against it; if both
do, it holds on a condition, which the part names; a part that nothing speaks for does not hold
here, or was not measured. What speaks has to stand: a claim that holds beside a control that misses
its bound. Chapter: book/appendix/questions.ipynb.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator

from metaxai_lab.classroom.findings import Finding, Findings

HOLDS, PARTLY = "holds", "holds on a condition"
FAILS, OPEN = "does not hold here", "was not measured"
STATES = (HOLDS, PARTLY, FAILS, OPEN)
HERE = "appendix/questions"
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|$&~^])")  # no full stop: nbval has to see the numbers


@dataclass(frozen=True)
class Part:
    """One thing that an answer says.

    Args:
        says: in our own words.
        so: what the book concludes, in one sentence.
        by: the ids of the claims that speak for it, with a space between.
        against: of those that speak against it, or limit it.
    """

    says: str
    so: str
    by: str = ""
    against: str = ""

    @property
    def state(self) -> str:
        """One of `STATES`, by what was measured."""
        if self.by:
            return PARTLY if self.against else HOLDS
        return FAILS if self.against else OPEN

    def rests_on(self, findings: Findings) -> list[Finding]:
        """Return what speaks for the part and against it.

        Raises:
            ValueError: if a claim does not hold, or stands beside no control that misses its bound.
        """
        named = [findings[id] for id in f"{self.by} {self.against}".split()]
        blind = [found.id for found in named if not found.stands]
        if blind:
            raise ValueError(
                f"{self.says!r} rests on {', '.join(blind)}: a claim counts if it holds and has a "
                "control that misses its bound. Name another."
            )
        return named


def answered(parts: Sequence[Part], findings: Findings, *, here: str = HERE) -> str:
    """Return an answer as Markdown: each part with its state, its conclusion and its numbers.

    Args:
        here: the page that shows it; links start from it.
    """
    return "\n\n".join(_told(part, findings, here) for part in parts)


def counted(parts: Sequence[Part]) -> dict[str, int]:
    """Return how many parts are in each of `STATES`."""
    counts = Counter(part.state for part in parts)
    return {state: counts[state] for state in STATES}


def share_that_stands(found: Sequence[Finding]) -> float:
    """Return which share of findings hold, beside controls that all miss their bound."""
    return sum(each.stands for each in found) / len(found)


def share_by_lot(found: Sequence[Finding], *, generator: Generator) -> float:
    """Return which share of bounds is kept by the number of another finding, drawn by lot."""
    order = torch.randperm(len(found), generator=generator).tolist()
    pairs = zip(order, [*order[1:], *order[:1]], strict=True)
    return sum(found[own].bound.keeps(found[other].value) for own, other in pairs) / len(found)


def _told(part: Part, findings: Findings, here: str) -> str:
    part.rests_on(findings)
    lines = [f"**{_plain(part.says)}** This *{part.state}*. {_plain(part.so)}", ""]
    for word, ids in (("for it", part.by), ("against it", part.against)):
        lines += [
            f"- {word}: {findings.link(id, here)}: {_plain(findings[id].said)}"
            for id in ids.split()
        ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
