"""Structural causal models: each column is made from its parents, and can be set from outside.

A column is its level, plus a weight for each parent, plus a bend for the square of each parent,
plus its own noise. To intervene is to change a mechanism: the column forgets its parents and its
noise, and is the value that was set; all other mechanisms stay. Effects of interventions are
simulated with the same noise on both sides, so that what differs is the intervention alone. In
linear models they stand in (I - B)^-1. Models of one graph lie side by side, in any batch.
Sources: Wright (1921) for path weights; Pearl (2009), chapters 1 and 3.
Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Generator, Tensor


class CycleError(ValueError):
    """A graph in which a column is its own ancestor; the message names the columns on the way."""


@dataclass(frozen=True)
class CausalModel:
    """Mechanisms of one graph, for a batch of models.

    Args:
        names: of the columns.
        weights: what a unit of each parent (last axis) adds to each child.
        bends: what the square of each parent adds to each child.
        levels: of each column, without parents and noise.
        noise: standard deviation of each column's own noise.

    Raises:
        CycleError: if the arrows run in a circle.
        ValueError: if the shapes do not fit the names.
    """

    names: tuple[str, ...]
    weights: Float[Tensor, "*models child parent"]
    bends: Float[Tensor, "*models child parent"]
    levels: Float[Tensor, "*models child"]
    noise: Float[Tensor, "*models child"]

    def __post_init__(self) -> None:
        n, shape = len(self.names), self.weights.shape
        if shape[-2:] != (n, n) or self.bends.shape != shape or self.levels.shape != shape[:-1]:
            raise ValueError(
                f"{n} names need weights and bends (*models, {n}, {n}), levels (*models, {n}); "
                f"found {[tuple(t.shape) for t in (self.weights, self.bends, self.levels)]}."
            )
        ordered(self.names, self.arrows)

    @property
    def arrows(self) -> list[tuple[str, str]]:
        """Parent and child of each arrow that some model of the batch has."""
        n = len(self.names)
        there = ((self.weights != 0) | (self.bends != 0)).reshape(-1, n, n).any(0)
        pairs = there.nonzero().tolist()
        return [(self.names[parent], self.names[child]) for child, parent in pairs]

    def place(self, name: str) -> int:
        """Return which column has this name.

        Raises:
            ValueError: if none has.
        """
        if name not in self.names:
            raise ValueError(f"there is no column {name!r}; there are {', '.join(self.names)}.")
        return self.names.index(name)

    def do(self, name: str, value: Float[Tensor, "*#models"] | float) -> "CausalModel":
        """Return the models in which a column is set from outside, whatever its parents are.

        Raises:
            ValueError: if there is no such column.
        """
        at = torch.arange(len(self.names), device=self.weights.device) == self.place(name)
        rows = at[:, None]
        to = torch.as_tensor(value).to(self.levels)[..., None]
        return replace(
            self,
            weights=self.weights.masked_fill(rows, 0.0),
            bends=self.bends.masked_fill(rows, 0.0),
            levels=torch.where(at, to, self.levels),
            noise=self.noise.masked_fill(at, 0.0),
        )

    def draw_noise(
        self, n_rows: int, *, generator: Generator
    ) -> Float[Tensor, "*models {n_rows} child"]:
        """Draw standard normal noise for so many rows of each model."""
        *models, n = self.levels.shape
        drawn = torch.randn(*models, n_rows, n, generator=generator, dtype=self.levels.dtype)
        return drawn.to(self.levels.device)

    def rows(self, noise: Float[Tensor, "*models row child"]) -> Float[Tensor, "*models row child"]:
        """Return the rows that this noise makes, each column after its parents."""
        own = self.levels[..., None, :] + self.noise[..., None, :] * noise
        made = torch.zeros_like(own)
        for child in map(self.place, ordered(self.names, self.arrows)):
            weight, bend = self.weights[..., child, :, None], self.bends[..., child, :, None]
            value = own[..., child] + (made @ weight + made.square() @ bend)[..., 0]
            made = made.index_copy(-1, torch.tensor([child], device=own.device), value[..., None])
        return made

    def effect(
        self,
        cause: str,
        outcome: str,
        noise: Float[Tensor, "*models row child"],
        *,
        low: float = 0.0,
        high: float = 1.0,
    ) -> Float[Tensor, "*models"]:
        """Simulate how far the mean of `outcome` moves as `cause` is set to `high`, not `low`."""
        at = self.place(outcome)
        after, before = (self.do(cause, v).rows(noise)[..., at].mean(-1) for v in (high, low))
        return after - before

    def total_effects(self) -> Float[Tensor, "*models child parent"]:
        """Return what one unit more of each column, set from outside, does to each other.

        Raises:
            ValueError: if a mechanism bends: then there is no one number.
        """
        if bool(self.bends.any()):
            raise ValueError(
                "some mechanism bends, so effects depend on the values that are set; ask "
                "`effect` with low and high."
            )
        own = torch.eye(len(self.names), dtype=self.weights.dtype, device=self.weights.device)
        return torch.linalg.inv(own - self.weights)

    def covariance(self) -> Float[Tensor, "*models child child"]:
        """Return the covariance of the columns while nobody intervenes, where nothing bends."""
        paths = self.total_effects() * self.noise[..., None, :]
        return paths @ paths.mT


def causal_model(
    names: Sequence[str],
    arrows: Mapping[tuple[str, str], Float[Tensor, "*models"] | float],
    *,
    bends: Mapping[tuple[str, str], Float[Tensor, "*models"] | float] | None = None,
    noise: Mapping[str, Float[Tensor, "*models"] | float] | None = None,
) -> CausalModel:
    """Return models from the weights of their arrows, (parent, child), in double precision.

    Args:
        noise: standard deviations; 1 where none is given.

    Raises:
        CycleError: if the arrows run in a circle.
        ValueError: if an arrow or a noise speaks of a column that is none.
    """
    given = [*arrows.values(), *(bends or {}).values(), *(noise or {}).values()]
    shape = torch.broadcast_shapes(*(torch.as_tensor(value).shape for value in given))
    n, place = len(names), {name: i for i, name in enumerate(names)}
    asked = {name for arrow in [*arrows, *(bends or {})] for name in arrow} | set(noise or {})
    if unknown := sorted(asked - set(place)):
        raise ValueError(f"{unknown} is no column; the columns are {', '.join(names)}.")
    weights, bent = (torch.zeros(*shape, n, n, dtype=torch.float64) for _ in range(2))
    scale = torch.ones(*shape, n, dtype=torch.float64)
    for table, entries in ((weights, arrows), (bent, bends or {})):
        for (parent, child), value in entries.items():
            table[..., place[child], place[parent]] = torch.as_tensor(value).double()
    for name, value in (noise or {}).items():
        scale[..., place[name]] = torch.as_tensor(value).double()
    return CausalModel(tuple(names), weights, bent, torch.zeros_like(scale), scale)


def ordered(names: Sequence[str], arrows: Sequence[tuple[str, str]]) -> list[str]:
    """Return the columns so that parents come before children.

    Raises:
        CycleError: if the arrows run in a circle, which the message names.
    """
    left, found = list(names), list[str]()
    while left:
        free = [n for n in left if not any(c == n and p in left for p, c in arrows)]
        if not free:
            raise CycleError(
                f"the arrows run in a circle: {' -> '.join(_circle(left, arrows))}. A column is "
                "made after its causes; take one of these arrows away."
            )
        found += free
        left = [name for name in left if name not in free]
    return found


def _circle(left: Sequence[str], arrows: Sequence[tuple[str, str]]) -> list[str]:
    """Walk from child to parent among columns that all have one, until one comes again."""
    way = [left[0]]
    while way[-1] not in way[:-1]:
        way.append(next(p for p, c in arrows if c == way[-1] and p in left))
    return way[way.index(way[-1]) :][::-1]
