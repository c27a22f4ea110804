"""Carts whose wiring is hidden: a push may go the other way, and nobody says so.

Each world has its own physics, its own force and its own sign of the push; gusts push, too. A trial
is two rounds in one world: when the pole falls, and at the half, it is set up anew at random, so
both rounds begin alike, and whoever does better in the second has learned something of the world.
Sources: Barto, Sutton & Anderson (1983), the cart; Duan et al. (2016), trials of several episodes.
Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import pi
from typing import Any

import gymnasium
import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.tasks.control import ControlFamily, ControlTasks
from metaxai_lab.tasks.physics import CART_FORCE, CART_STEP
from metaxai_lab.tasks.rl_worlds import HALF, Step
from metaxai_lab.tasks.sampling import check_sizes

EDGE, TIPPED = 2.4, 12 * 2 * pi / 360  # metres, radians: beyond, the pole has fallen (Gymnasium)
NARROW = (0.05, 0.05, 0.12, 0.05)  # a round begins between minus and plus this


@dataclass(frozen=True)
class WiredCarts:
    """A stack of carts with their wiring.

    Args:
        worlds: the physics of each.
        sign: 1 where a push to the right goes right, -1 where it goes left.
        force: of a push, in parts of Gymnasium's 10 N.
        gust: the standard deviation of the wind's push in a step, in the same parts.
        told: whether the sign is shown, as one more column.
    """

    worlds: ControlTasks
    sign: Float[Tensor, " world"]
    force: Float[Tensor, " world"]
    gust: float
    told: bool = False

    @property
    def n_worlds(self) -> int:
        """How many carts there are."""
        return len(self.sign)

    def begin(self, *, generator: Generator) -> Float[Tensor, "world seen"]:
        """Return what is seen of carts set up anew."""
        chance = torch.rand(self.n_worlds, len(NARROW), generator=generator)
        return self._show((torch.tensor(NARROW) * (2 * chance - 1)).to(self.sign))

    def step(
        self,
        seen: Float[Tensor, "world seen"],
        action: Float[Tensor, " world"],
        *,
        now: int,
        generator: Generator,
    ) -> Step:
        """Push all carts once, in a gust; set up anew what fell, and all at the half."""
        wind = torch.randn(self.n_worlds, generator=generator).to(seen)
        after = self._show(self.push(seen[:, : len(NARROW)], action, wind))
        fell = (after[:, 0].abs() > EDGE) | (after[:, 2].abs() > TIPPED)
        anew = fell | (now == HALF - 1)
        return Step(after, torch.where(anew[:, None], self.begin(generator=generator), after), fell)

    def push(
        self,
        state: Float[Tensor, "world 4"],
        action: Float[Tensor, " world"],
        wind: Float[Tensor, " world"],
    ) -> Float[Tensor, "world 4"]:
        """Return the states one step later.

        Args:
            wind: in standard deviations of a gust.
        """
        pushed = self.sign * self.force * (2 * action - 1) + self.gust * wind
        return self.worlds.step(state[:, None], (1 + pushed[:, None]) / 2)[:, 0]

    def felt(
        self, state: Float[Tensor, "world step 4"], after: Float[Tensor, "world step 4"]
    ) -> Float[Tensor, "world step"]:
        """Return the force that moved each cart, push and gust together, in parts of 10 N.

        It turns the equations of `tasks.physics` round: whoever knows a world's masses can work the
        force out from two states. Above 0 is to the right.
        """
        number = {n: one.to(state)[:, None] for n, one in self.worlds.physics.items()}
        total = number["masscart"] + number["masspole"]
        leverage = number["masspole"] * number["length"]
        _, moved, _, turned = ((after - state) / CART_STEP).unbind(-1)
        angle, turning = state[..., 2], state[..., 3]
        force = moved * total + leverage * (turned * angle.cos() - turning**2 * angle.sin())
        return force / CART_FORCE

    def evidence(
        self, action: Float[Tensor, "world step"], felt: Float[Tensor, "world step"]
    ) -> Float[Tensor, "world step"]:
        """Return how far a step speaks for "not reversed", in log-odds.

        The felt force is the push and a normal gust; the log-odds are its density where the push
        goes as called, over that where it is reversed. They add up over steps.

        Raises:
            ValueError: if there are no gusts; then one step settles it.
        """
        if self.gust == 0:
            raise ValueError(
                "without gusts one step settles the sign; evidence needs a gust above 0."
            )
        return 2 * (2 * action - 1) * self.force[:, None] * felt / self.gust**2

    def env(self, index: int, *, generator: Generator) -> gymnasium.Env:
        """Return one cart as a Gymnasium environment with its wiring, reset and seeded."""
        env = self.worlds.env(index, generator=generator)
        wired = HiddenWiring(env, float(self.sign[index] * self.force[index]), self.gust)
        wired.reset(seed=int(torch.randint(2**31, (), generator=generator)))
        return wired

    def _show(self, state: Float[Tensor, "world 4"]) -> Float[Tensor, "world seen"]:
        return torch.cat([state, self.sign[:, None]], -1) if self.told else state


class HiddenWiring(gymnasium.Wrapper):
    """Gymnasium's own cart, pushed by a hidden force, with gusts.

    Args:
        force: in parts of 10 N; below 0 where the push is reversed.
        gust: as `WiredCarts` has it.
    """

    def __init__(self, env: gymnasium.Env, force: float, gust: float) -> None:
        super().__init__(env)
        self.force, self.gust = force, gust

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Push once; the wind is drawn from Gymnasium's own generator."""
        cart: Any = self.unwrapped
        wind = cart.np_random.standard_normal()
        pushed = self.force * (2 * int(action) - 1) + self.gust * wind
        cart.force_mag = CART_FORCE * abs(pushed)
        return self.env.step(int(pushed > 0))


@dataclass(frozen=True)
class WiredFamily:
    """Carts of varied physics whose wiring is drawn, too.

    Args:
        forces: the range of the force, in parts of 10 N.
        gust, told: as `WiredCarts` has them.
        reversed_share: of the worlds.
        ranges: of the physics, as `ControlFamily` takes them.

    Raises:
        ValueError: if a range, a share or the gust is out of bounds.
    """

    forces: tuple[float, float] = (0.6, 1.2)
    gust: float = 1.0
    told: bool = False
    reversed_share: float = 0.5
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        low, high = self.forces
        if not (0 < low <= high < float("inf") and 0 <= self.gust < float("inf")):
            raise ValueError(
                "forces need two numbers above 0, the lower first, and the gust 0 or more; found "
                f"{self.forces} and {self.gust}."
            )
        if not 0 <= self.reversed_share <= 1:
            raise ValueError(f"a share lies between 0 and 1; found {self.reversed_share}.")

    def draw(self, n_worlds: int, *, generator: Generator) -> WiredCarts:
        """Draw worlds with their physics and wiring.

        Raises:
            ValueError: if `n_worlds` is below 1.
        """
        check_sizes(n_worlds=n_worlds)
        worlds = ControlFamily("cartpole", self.ranges).tasks(n_worlds, generator=generator)
        turned = torch.rand(n_worlds, generator=generator) < self.reversed_share
        low, high = self.forces
        force = low + (high - low) * torch.rand(n_worlds, generator=generator)
        return WiredCarts(worlds, 1 - 2 * turned.float(), force, self.gust, self.told)
