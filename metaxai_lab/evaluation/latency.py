"""How long an answer takes: the middle, the slow end, and how many a second.

Each call is timed alone, by the clock on the wall and by the processor. The first calls are not
counted: they load code and fill caches. What the caller does between calls is not inside. Garbage
that Python collects during a call is, as it would be in service.
Source: Dean & Barroso (2013), for the slow end. Chapter: book/outlook/in_real_time.ipynb.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from time import perf_counter, process_time
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Latency:
    """Seconds of each call.

    Args:
        wall: by the clock on the wall, which goes on while other programs have the processor.
        cpu: that the processor spent on this program.
    """

    wall: Float[Tensor, " call"]
    cpu: Float[Tensor, " call"]

    @property
    def p50(self) -> float:
        """Milliseconds of the processor that half of the calls keep within."""
        return 1e3 * percentile(self.cpu, 50.0)

    @property
    def p99(self) -> float:
        """Milliseconds of the processor that 99 of 100 calls keep within."""
        return 1e3 * percentile(self.cpu, 99.0)

    @property
    def p99_wall(self) -> float:
        """Milliseconds on the wall that 99 of 100 calls keep within."""
        return 1e3 * percentile(self.wall, 99.0)

    @property
    def throughput(self) -> float:
        """Calls in a second of the processor, one after the other."""
        return len(self.cpu) / float(self.cpu.sum().clamp_min(1e-12))


def time_calls(
    call: Callable[[Item], object], items: Sequence[Item], *, warm_up: int = 5
) -> Latency:
    """Call once for each item, one after the other, and time each call.

    Args:
        warm_up: calls with the first item that are not counted.

    Raises:
        ValueError: if there is no item.
    """
    if not len(items):
        raise ValueError("a latency is measured on one item or more; found none.")
    for _ in range(warm_up):
        call(items[0])
    wall, cpu = [], []
    for item in items:
        begun, spent = perf_counter(), process_time()
        call(item)
        cpu.append(process_time() - spent)
        wall.append(perf_counter() - begun)
    return Latency(torch.tensor(wall).double(), torch.tensor(cpu).double())


def percentile(values: Float[Tensor, " value"], percent: float) -> float:
    """Return the smallest of the values that at least `percent` of them do not pass.

    Raises:
        ValueError: if there is no value, or `percent` is not above 0 and at most 100.
    """
    if not len(values) or not 0 < percent <= 100:
        raise ValueError(
            f"a percentile asks for values and a percent above 0, up to 100; found {len(values)} "
            f"values and {percent}."
        )
    place = ceil(len(values) * percent / 100 - 1e-9)
    return float(values.sort().values[place - 1])
