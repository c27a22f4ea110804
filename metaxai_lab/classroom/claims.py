"""A claim is a number with a bound: it says one sentence, and fails its cell if it does not hold.

The sentence goes to the page; a record of it goes into the metadata of the cell's output, where
the ledger finds it. A verdict closes a statement. Chapter: book/appendix/claims.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, SupportsFloat

from IPython.core.getipython import get_ipython
from IPython.display import display

from metaxai_lab.classroom.bounds import Bound, Number, beside, rounded
from metaxai_lab.classroom.statements import statement_of

VERDICTS = ("supported", "conditional", "refuted")
_WORD = re.compile(r"[a-z][a-z -]*")
_CLAIM_ID = re.compile(r"[AB]\d+\.[a-z0-9_]+")


class ClaimFailed(AssertionError):
    """A number misses its bound, or a control that should miss the bound keeps it."""


@dataclass(frozen=True)
class Record:
    """What a claim or a verdict leaves in the output of its cell.

    Args:
        kind: "claim" or "verdict".
        id: "A8.pointing" for a claim, "A8" for a verdict.
        state: "holds" or "fails" for a claim; one of `VERDICTS` for a verdict.
        sentence: what the page says after the id and the state.
        page: the page of the book, such as "attention/from_equations"; the ledger fills it in.
    """

    kind: str
    id: str
    state: str
    sentence: str
    page: str = ""

    @property
    def statement(self) -> str:
        """The id of the statement this record belongs to."""
        return self.id.partition(".")[0]

    @property
    def anchor(self) -> str:
        """The id of the element that says the sentence on the built page."""
        return f"{self.kind}-{self.id}"

    @property
    def head(self) -> str:
        """The first words: "A8.pointing holds", "A8 is supported"."""
        return f"{self.id} {'is ' if self.kind == 'verdict' else ''}{self.state}"

    def __str__(self) -> str:
        return f"{self.head}: {self.sentence}"


def claim(
    id: str,
    value: SupportsFloat,
    *,
    what: str,
    at_least: Number | None = None,
    at_most: Number | None = None,
    equals: Number | None = None,
    within: Number = 0.0,
    spread: Iterable[SupportsFloat] = (),
    over: str = "runs",
    control: Mapping[str, SupportsFloat] | None = None,
    digits: int = 2,
    exact: bool = False,
) -> None:
    """Say whether a number keeps its bound, leave a record, and fail the cell if it does not.

    Args:
        id: a statement and a name of its own, such as "A8.pointing".
        what: the quantity in words; the sentence reads "{what} ≈ 0.87, wanted at least 0.8".
        within: how far from `equals` the value may lie.
        spread: the values of the single runs (seeds), where chance plays a part, or of the parts
            that the number sums up.
        over: what the spread goes over, if not runs: "families", "hospitals".
        control: what knows nothing, by name: {"chance": 0.05, "untrained": 0.06}. A control that
            keeps the bound makes the claim fail, for then the number shows nothing.
        digits: decimals to print.
        exact: the number is the same on every machine; it is printed without the sign "≈".

    Raises:
        ClaimFailed: if the value is no number or misses its bound, or a control keeps it.
        ValueError: if the id belongs to no statement, no bound is given, or `over` is no word for
            what the spread goes over.
    """
    if not _CLAIM_ID.fullmatch(id):
        raise ValueError(f"a claim's id is a statement and a name, as 'A8.pointing'; found {id!r}.")
    statement_of(id)
    bound = Bound(at_least, at_most, equals, within)
    number, runs = _plain(value), [_plain(run) for run in spread]
    _refuse_word(over, runs)
    controls = {name: _plain(other) for name, other in (control or {}).items()}
    blind = [name for name, other in controls.items() if bound.keeps(other)]
    holds = bound.keeps(number) and not blind
    digits = digits if holds else digits + 2  # a near miss should look like one
    sentence = (
        f"{what} {'=' if exact else '≈'} {rounded(number, digits)}, wanted {bound}"
        f"{beside(runs, controls, digits, exact=exact, over=over)}."
    )
    if blind:
        sentence += f" The control {blind[0]!r} keeps the bound too, so the number shows nothing."
    record = Record("claim", id, "holds" if holds else "fails", sentence)
    _show(record)
    if not holds:
        raise ClaimFailed(str(record))


def verdict(id: str, state: str, because: str) -> None:
    """Close a statement: say what the book found, and under which condition.

    Args:
        id: the statement, such as "A8".
        state: "supported", "conditional" or "refuted".
        because: one sentence; where the state is "conditional" it names the condition.

    Raises:
        ValueError: if the statement or the state is unknown, or the reason is empty.
    """
    if statement_of(id).id != id:
        raise ValueError(f"a verdict closes a whole statement, as 'A8'; found {id!r}.")
    if state not in VERDICTS:
        raise ValueError(f"a verdict is one of {', '.join(VERDICTS)}; found {state!r}.")
    if not because.strip():
        raise ValueError(f"the verdict on {id} needs its reason in one sentence; found none.")
    _show(Record("verdict", id, state, because.strip()))


def record_in(metadata: Mapping[str, Any]) -> Record | None:
    """Return the record that the metadata of one cell output holds, or None."""
    return Record(**metadata["metaxai"]) if "metaxai" in metadata else None


def _refuse_word(over: str, runs: list[float]) -> None:
    if not _WORD.fullmatch(over) or (over != "runs" and not runs):
        raise ValueError(
            "`over` names what the values of `spread` belong to, in small letters, as 'families'; "
            f"found {over!r} for {len(runs)} values."
        )


def _plain(value: SupportsFloat) -> float:
    """Return a number that remembers no gradient."""
    return float(getattr(value, "detach", lambda: value)())


def _show(record: Record) -> None:
    """Show the sentence; inside a notebook as a paragraph with an anchor, and with the record."""
    if get_ipython() is None:
        print(record)
        return
    kind = f"metaxai-{record.kind} {record.state}"
    page = (
        f'<p class="{kind}" id="{record.anchor}"><strong>{record.head}</strong>: '
        f"{escape(record.sentence)}</p>"
    )
    fields = {name: value for name, value in asdict(record).items() if name != "page"}
    display({"text/plain": str(record), "text/html": page}, raw=True, metadata={"metaxai": fields})
