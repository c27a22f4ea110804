"""Streams of items from a mill: ten columns, a target, a world that may change, and a schedule.

In a quiet stream the target is the same line of the columns all the time, in which three columns
act. The other kinds change from one item on: what comes in, or what the world makes of it. Columns
are independent, with mean 0 and variance 1 before a change. Source for the kinds of drift: Gama et
al. (2014), section 2. Chapter: book/outlook/in_real_time.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.tasks.planted import PlantedFamily

COLUMNS = ("speed", "load", "heat", "current", "pressure")
COLUMNS += ("vibration", "moisture", "grain", "age", "noise")
WORLDS = PlantedFamily(len(COLUMNS), 3, shared="pool", noise=0.3)  # three columns of its own act
SHIFT = 1.0  # deviations by which a column or the level moves
RAMP = 100  # items that a slow change takes
KINDS = {
    "quiet": "nothing changes",
    "unused column": "a column that does not act rises by one deviation",
    "used column": "the column that acts most rises by one deviation",
    "other columns": "the three weights move to three columns that did not act",
    "slowly": f"the same, little by little over {RAMP} items",
    "signs turn": "each weight changes its sign",
    "level": "the target rises by 1, whatever the columns",
}


@dataclass(frozen=True, eq=False)
class Streams:
    """Streams of one kind, side by side.

    Args:
        x: the columns of each item.
        y: its target, whether or not anybody is told.
        weights: what the world makes of the columns at that item.
        start: the first item of the change.
    """

    x: Float[Tensor, "run item feature"]
    y: Float[Tensor, "run item"]
    weights: Float[Tensor, "run item feature"]
    start: int


def draw_streams(
    kind: str, *, n_runs: int, n_items: int = 600, start: int = 400, generator: Generator
) -> Streams:
    """Draw streams of a kind, each from a world of its own.

    Raises:
        ValueError: if the kind is unknown, or the change does not begin inside the stream.
    """
    if kind not in KINDS or not 0 < start < n_items:
        raise ValueError(
            f"kinds are {', '.join(KINDS)}, and a change starts at an item from 1 to n_items - 1 = "
            f"{n_items - 1}; found {kind!r} and start={start}."
        )
    before = WORLDS.tasks(n_runs, generator=generator).weights
    x = torch.randn(n_runs, n_items, len(COLUMNS), generator=generator)
    noise = WORLDS.noise * torch.randn(n_runs, n_items, generator=generator)
    length = RAMP if kind == "slowly" else 1
    part = ((torch.arange(n_items) - start + 1) / length).clamp(0, 1)[:, None]
    weights = (1 - part) * before[:, None] + part * _after(kind, before)[:, None]
    x = x + SHIFT * part * _moved(kind, before)[:, None]
    level = SHIFT * part[:, 0] * (kind == "level")
    return Streams(x, (x * weights).sum(-1) + level + noise, weights, start)


def arrivals(
    n_items: int,
    *,
    every: float,
    burst: tuple[int, int] = (0, 0),
    faster: float = 10.0,
    silence: tuple[int, float] | None = None,
    generator: Generator,
) -> Float[Tensor, " item"]:
    """Return when items arrive, in seconds: at random, with waits of an exponential law.

    Args:
        every: mean seconds from one item to the next.
        burst: the items, first and past the last, that come `faster` times as fast.
        silence: before which item nothing comes, and for how many seconds more.
    """
    drawn = torch.rand(n_items, generator=generator, dtype=torch.float64)
    waits = -every * drawn.clamp_min(1e-12).log()
    waits[burst[0] : burst[1]] /= faster
    if silence is not None:
        waits[silence[0]] += silence[1]
    return waits.cumsum(0)


def _after(kind: str, before: Float[Tensor, "run feature"]) -> Float[Tensor, "run feature"]:
    """Return the weights after a change."""
    if kind == "signs turn":
        return -before
    if kind not in ("other columns", "slowly"):
        return before
    largest_first = before.abs().argsort(-1, descending=True)
    sizes = before.gather(-1, largest_first)
    moved = sizes.roll(WORLDS.n_relevant, -1)  # columns that did not act are the next in this order
    return torch.zeros_like(before).scatter(-1, largest_first, moved)


def _moved(kind: str, before: Float[Tensor, "run feature"]) -> Float[Tensor, "run feature"]:
    """Return the column that rises, as a one."""
    size = before.abs()
    which = {"unused column": size.argmin(-1), "used column": size.argmax(-1)}.get(kind)
    if which is None:
        return torch.zeros_like(before)
    return torch.zeros_like(before).scatter(-1, which[:, None], 1.0)
