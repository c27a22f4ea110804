"""Two clocks for a desk: the one on the wall, and one that is simulated.

On the wall work is done, and takes what it takes. On the simulated clock it takes what it was
planned to take, so that a run is the same on every machine, and a minute passes in no time.
Chapter: book/outlook/in_real_time.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter, sleep
from typing import Protocol, runtime_checkable

from torch import Tensor


@dataclass(frozen=True)
class Level:
    """A way to answer, and the seconds that it is planned to take."""

    name: str
    cost: float
    explain: Callable[[Tensor], object] | None = None


@runtime_checkable
class Clock(Protocol):
    """What tells the time, waits and works."""

    def now(self) -> float:
        """Return the seconds since the stream began."""
        ...

    def wait(self, until: float) -> None:
        """Let time pass."""
        ...

    def work(self, level: Level, row: Tensor) -> None:
        """Explain a row, which takes time."""
        ...


@dataclass
class Simulated:
    """A clock on which work takes what it is planned to take, and waiting costs nothing."""

    time: float = 0.0

    def now(self) -> float:
        """Return the seconds since the stream began."""
        return self.time

    def wait(self, until: float) -> None:
        """Set the clock, never back."""
        self.time = max(self.time, until)

    def work(self, level: Level, row: Tensor) -> None:
        """Let the planned time pass."""
        self.time += level.cost


@dataclass
class OnTheWall:
    """The true clock: work is done, and waiting sleeps."""

    begun: float = field(default_factory=perf_counter)

    def now(self) -> float:
        """Return the seconds since the stream began."""
        return perf_counter() - self.begun

    def wait(self, until: float) -> None:
        """Sleep until then."""
        sleep(max(0.0, until - self.now()))

    def work(self, level: Level, row: Tensor) -> None:
        """Explain the row."""
        if level.explain is not None:
            level.explain(row[None])
