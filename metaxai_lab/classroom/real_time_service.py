"""A desk that answers items in turn and keeps its delay by a cheaper explanation when many wait.

For each item it takes the best explainer with which this item, and all that wait behind it, can
still be answered in time, those by the cheapest. What got less than the best is owed, and paid when
nobody waits. Nothing is dropped: an item that lacks a field is answered by a refusal that names the
field, and a stream that stops is reported after a time. One code runs by the clock on the wall and
by a simulated one, on which work takes what it was measured to take. Sources: Lindley (1952), for
the queue; Zilberstein (1996), for answers that are better with more time.
Chapter: book/outlook/in_real_time.ipynb.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.real_time_clocks import Clock, Level
from metaxai_lab.tasks.streams import COLUMNS

REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What an item got: when it came, when it was answered, how, and what was said of it."""

    item: int
    arrived: float
    answered: float
    level: str
    note: str = ""


@dataclass
class Log:
    """All that a desk did.

    Args:
        owed: how many items waited for their best explanation, at each answer.
        paid: when each such item got it.
    """

    n_items: int
    answers: list[Answer] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    paid: dict[int, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Items that got no answer."""
        return self.n_items - len({answer.item for answer in self.answers})

    @property
    def delays(self) -> Float[Tensor, " answer"]:
        """Seconds from coming to answer."""
        return torch.tensor([a.answered - a.arrived for a in self.answers]).double()

    def levels(self) -> Counter[str]:
        """Return how many items each level answered."""
        return Counter(answer.level for answer in self.answers)


def serve(
    rows: Float[Tensor, "item feature"],
    arrivals: Float[Tensor, " item"],
    levels: Sequence[Level],
    *,
    limit: float,
    clock: Clock,
    timeout: float = 2.0,
    room: int | None = None,
) -> Log:
    """Answer every item of a stream, in turn; then pay what is owed, and say when it stopped.

    Args:
        rows: a missing field is NaN.
        arrivals: in seconds, rising.
        levels: the best first, the cheapest last.
        limit: seconds that an item may wait for its answer.
        timeout: seconds without an item after which the silence is reported.
        room: items that may wait; further ones are dropped. None for a desk that drops none.
    """
    log, waiting, owed = Log(len(rows)), deque[int](), deque[int]()
    came, heard, silent, times = 0, 0.0, False, arrivals.tolist()
    while came < len(rows) or waiting or owed or not silent:
        now = clock.now()
        while came < len(rows) and times[came] <= now:
            if room is None or len(waiting) < room:
                waiting.append(came)
            heard, silent, came = times[came], False, came + 1
        if not silent and now >= heard + timeout:
            log.notes.append(f"no item since {heard:.2f} s; reported at {now:.2f} s")
            silent = True
        elif waiting:
            item = waiting.popleft()
            queue = [times[one] for one in (item, *waiting)]
            level = _answer(item, rows[item], queue, levels, limit, clock, log)
            if level not in (levels[0].name, REFUSED):
                owed.append(item)
            log.owed.append(len(owed))
        elif owed:
            item = owed.popleft()
            clock.work(levels[0], rows[item])
            log.paid[item] = clock.now()
        else:
            clock.wait(min([heard + timeout] * (not silent) + times[came : came + 1]))
    return log


def best_in_time(
    levels: Sequence[Level], now: float, queue: Sequence[float], limit: float
) -> Level:
    """Return the best level that keeps the limit for the first of a queue and all behind it.

    Args:
        queue: when each that waits came, the first in front. Those behind are taken to get the
            cheapest level. Where no level keeps the limit, the cheapest is returned.
    """
    behind = levels[-1].cost * torch.arange(len(queue)).double()
    came = torch.tensor(queue).double()
    for level in levels:
        if bool((now + level.cost + behind - came <= limit).all()):
            return level
    return levels[-1]


def row_of(fields: Mapping[str, float]) -> Float[Tensor, " feature"]:
    """Return an item as a row; a field that is missing is NaN, and one that is unknown refused.

    Raises:
        ValueError: if a field is no column of the mill.
    """
    if unknown := set(fields) - set(COLUMNS):
        raise ValueError(
            f"an item has the fields {', '.join(COLUMNS)}; found {', '.join(sorted(unknown))}."
        )
    return torch.tensor([float(fields.get(name, torch.nan)) for name in COLUMNS])


def refusal(row: Float[Tensor, " feature"]) -> str:
    """Return the sentence that refuses a row with fields that are no numbers, or nothing."""
    named = [name for name, value in zip(COLUMNS, row.tolist(), strict=True) if value != value]
    return f"no answer: the item has no {' and no '.join(named)}. Send it again." if named else ""


def _answer(item, row, queue, levels, limit, clock: Clock, log: Log) -> str:
    note, level = refusal(row), REFUSED
    if not note:
        chosen = best_in_time(levels, clock.now(), queue, limit)
        clock.work(chosen, row)
        level = chosen.name
    log.answers.append(Answer(item, queue[0], clock.now(), level, note))
    return level
