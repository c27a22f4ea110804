"""What a policy needs of worlds side by side: something to see, a push, and what it led to.

The carts of `rl_trials` and the environments of `rl_gymnasium` keep this promise, so one loop plays
both. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from jaxtyping import Bool, Float
from torch import Generator, Tensor

HALF = 32  # steps of a round; a trial has two
FALL_COST = 5.0  # points; a step upright earns 1


@dataclass(frozen=True)
class Step:
    """What a push led to.

    Args:
        after: what is seen right after the push.
        seen: what the next decision sees; another thing where the pole was set up anew.
        fell: whether the pole fell by the push.
    """

    after: Float[Tensor, "world seen"]
    seen: Float[Tensor, "world seen"]
    fell: Bool[Tensor, " world"]

    @property
    def reward(self) -> Float[Tensor, " world"]:
        """Points: 1 for a step, less the cost of a fall."""
        return 1 - FALL_COST * self.fell.to(self.seen)


@runtime_checkable
class Worlds(Protocol):
    """Worlds side by side, in which a policy can push."""

    @property
    def n_worlds(self) -> int:
        """How many worlds there are."""
        ...

    def begin(self, *, generator: Generator) -> Float[Tensor, "world seen"]:
        """Return what is seen at the beginning of a trial."""
        ...

    def step(
        self,
        seen: Float[Tensor, "world seen"],
        action: Float[Tensor, " world"],
        *,
        now: int,
        generator: Generator,
    ) -> Step:
        """Return what the push of step `now` leads to."""
        ...
