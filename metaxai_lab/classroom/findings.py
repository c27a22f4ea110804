"""Findings: the numbers of stored claims, so that one page can reckon with what others measured.

A claim leaves its sentence in the output of its cell. What a finding holds was read back from that
sentence: the number as it was printed, its bound, and what its controls reached. The chapters'
stored outputs are read, which are those of the last `make store`, not those of this build.
Chapter: book/appendix/questions.ipynb.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from metaxai_lab.classroom.bounds import Bound
from metaxai_lab.classroom.claims import Record
from metaxai_lab.classroom.ledger import link, read

BOOK = Path(__file__).parents[2] / "book"
_NUMBER = r"(?:-?[\d.]+|-?inf|nan)"
_SENTENCE = re.compile(
    rf"(?P<number>(?P<what>.*) [=≈] (?P<value>{_NUMBER})), "
    r"wanted (?P<bound>[^(]*?)(?: \((?P<beside>.*)\))?\.",
    re.S,
)
_PART = re.compile(rf"(at least|at most|exactly|close to|to within) ({_NUMBER})")
_RUNS = re.compile(rf"(\d+ [a-z -]+) from (?:≈ )?({_NUMBER}) to (?:≈ )?({_NUMBER})")
_NEXT = re.compile(r"(?:(?<=\d)|(?<=inf)|(?<=nan)); ")  # a control may have a "; " in its name
_CONTROL = re.compile(rf"(.+?) (?:≈ )?({_NUMBER})", re.S)
_WORDS = {
    "at least": "at_least",
    "at most": "at_most",
    "exactly": "equals",
    "close to": "equals",
    "to within": "within",
}


@dataclass(frozen=True)
class Finding:
    """What one claim found.

    Args:
        value: as it was printed, so rounded.
        ends: the least and the largest of its runs; both are the value where there is one run.
        controls: what knows nothing, or another thing, by name.
        said: the number and the controls in words, without the bound and the runs.
    """

    record: Record
    what: str
    value: float
    bound: Bound
    ends: tuple[float, float]
    controls: Mapping[str, float]
    said: str

    @property
    def id(self) -> str:
        """The id of the claim, such as "A8.pointing"."""
        return self.record.id

    def control(self, name: str) -> float:
        """Return what the control of this name reached.

        Raises:
            KeyError: if there is none; the message names those that there are.
        """
        if name not in self.controls:
            raise KeyError(
                f"{self.id} has no control {name!r}; it has {', '.join(self.controls) or 'none'}."
            )
        return self.controls[name]

    @property
    def stands(self) -> bool:
        """Whether the claim holds, and beside a control that misses its bound."""
        missed = [not self.bound.keeps(other) for other in self.controls.values()]
        return self.record.state == "holds" and bool(missed) and all(missed)


def finding(record: Record) -> Finding:
    """Read a claim's sentence back.

    Raises:
        ValueError: if it is no sentence of `claim`.
    """
    said = _SENTENCE.fullmatch(record.sentence)
    if record.kind != "claim" or said is None:
        raise ValueError(f"{record.id} is no claim with a number and a bound: {record.sentence!r}.")
    value = float(said["value"])
    bound = {_WORDS[word]: float(number) for word, number in _PART.findall(said["bound"])}
    parts = _NEXT.split(said["beside"]) if said["beside"] else []
    runs = _RUNS.fullmatch(parts[0]) if parts else None
    ends = (float(runs[2]), float(runs[3])) if runs else (value, value)
    others = parts[1:] if runs else parts
    short = f"{said['number']} ({'; '.join(others)})" if others else said["number"]
    controls = dict(map(_control, others))
    return Finding(record, said["what"], value, Bound(**bound), ends, controls, short)


class Findings(Mapping[str, Finding]):
    """The findings of a book, by the id of the claim."""

    def __init__(self, records: list[Record]) -> None:
        self.verdicts = {r.id: r for r in records if r.kind == "verdict"}
        self._found = {r.id: finding(r) for r in records if r.kind == "claim"}

    def __getitem__(self, id: str) -> Finding:
        if id not in self._found:
            raise KeyError(f"no stored chapter makes the claim {id!r}.")
        return self._found[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def value(self, id: str, control: str = "") -> float:
        """Return the number of a claim, or what one of its controls reached."""
        return self[id].control(control) if control else self[id].value

    def link(self, id: str, here: str) -> str:
        """Return a link from the page `here` to the cell that made a claim, or gave a verdict."""
        record = self.verdicts[id] if id in self.verdicts else self[id].record
        return link(record, here, id)


def stored(folder: Path = BOOK, *, without: str = "") -> Findings:
    """Return the findings stored in a book's notebooks.

    Args:
        without: a page that is left out, such as the one that asks.
    """
    pages = [p for p in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
    return Findings([record for record in read(pages) if record.page != without])


def _control(text: str) -> tuple[str, float]:
    found = _CONTROL.fullmatch(text)
    if found is None:
        raise ValueError(f"a control is a name and a number; found {text!r}.")
    return found[1], float(found[2])
