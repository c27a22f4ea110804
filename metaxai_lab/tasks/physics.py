"""One step of a cart with a pole and of a pendulum, for all tasks and rows at once.

The equations are those of Gymnasium 1.x, files `cartpole.py` and `pendulum.py` of its classic
control, after Barto, Sutton & Anderson (1983) and Florian (2007); the tests hold each task against
Gymnasium's own step. Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi

import torch
from jaxtyping import Float
from torch import Tensor

CART_STEP, CART_FORCE = 0.02, 10.0  # seconds, newtons
PENDULUM_STEP, TOP_SPEED = 0.05, 8.0  # seconds, radians a second


def push_cart(
    state: Float[Tensor, "*tasks row 4"],
    action: Float[Tensor, "*tasks row"],
    *,
    gravity: Float[Tensor, "*tasks 1"],
    masscart: Float[Tensor, "*tasks 1"],
    masspole: Float[Tensor, "*tasks 1"],
    length: Float[Tensor, "*tasks 1"],
) -> Float[Tensor, "*tasks row 4"]:
    """Return place, speed, angle and turning speed after a push left (action 0) or right (1)."""
    _, speed, angle, turning = state.unbind(-1)
    total, leverage = masscart + masspole, masspole * length
    force = CART_FORCE * (2 * action - 1)
    sine, cosine = angle.sin(), angle.cos()
    pushed = (force + leverage * turning**2 * sine) / total
    inertia = length * (4 / 3 - masspole * cosine**2 / total)
    turned = (gravity * sine - cosine * pushed) / inertia
    moved = pushed - leverage * turned * cosine / total
    return state + CART_STEP * torch.stack([speed, moved, turning, turned], -1)


def turn_pendulum(
    state: Float[Tensor, "*tasks row 2"],
    action: Float[Tensor, "*tasks row"],
    *,
    g: Float[Tensor, "*tasks 1"],
    m: Float[Tensor, "*tasks 1"],
    l: Float[Tensor, "*tasks 1"],  # noqa: E741 (Gymnasium's name)
) -> Float[Tensor, "*tasks row 2"]:
    """Return angle (0 is upright) and turning speed after a torque between -2 and 2."""
    angle, turning = state.unbind(-1)
    turned = 3 * g / (2 * l) * angle.sin() + 3 / (m * l**2) * action
    turning = (turning + PENDULUM_STEP * turned).clamp(-TOP_SPEED, TOP_SPEED)
    return torch.stack([angle + PENDULUM_STEP * turning, turning], -1)


def see_cart(state: Float[Tensor, "*tasks row 4"]) -> Float[Tensor, "*tasks row 4"]:
    """Return what Gymnasium shows of a cart: its state."""
    return state


def see_pendulum(state: Float[Tensor, "*tasks row 2"]) -> Float[Tensor, "*tasks row 3"]:
    """Return what Gymnasium shows of a pendulum: no angle, but its cosine and sine."""
    angle, turning = state.unbind(-1)
    return torch.stack([angle.cos(), angle.sin(), turning], -1)


@dataclass(frozen=True)
class System:
    """What there is to know about a moving thing.

    Args:
        acts: for each column, the columns on which its change in a step depends.
    """

    env_id: str  # in Gymnasium
    ranges: dict[str, tuple[float, float]]  # of each physical number, by Gymnasium's name
    columns: tuple[str, ...]  # what is seen, then the action
    reach: tuple[float, ...]  # states are drawn from minus to plus this
    forces: tuple[float, float] | None  # the range of actions; None: 0 or 1
    step: Callable[..., Tensor]
    see: Callable[[Tensor], Tensor]
    acts: tuple[tuple[int, ...], ...]


SYSTEMS = {
    "cartpole": System(
        env_id="CartPole-v1",
        ranges={
            "gravity": (5.0, 15.0),
            "masscart": (0.5, 2.0),
            "masspole": (0.05, 0.5),
            "length": (0.25, 1.0),  # half the pole
        },
        columns=("place", "speed", "angle", "turning speed", "push"),
        reach=(2.4, 2.0, 0.2, 2.0),
        forces=None,
        step=push_cart,
        see=see_cart,
        acts=((1,), (2, 3, 4), (3,), (2, 3, 4)),
    ),
    "pendulum": System(
        env_id="Pendulum-v1",
        ranges={"g": (5.0, 15.0), "m": (0.5, 2.0), "l": (0.5, 1.5)},
        columns=("cosine", "sine", "turning speed", "torque"),
        reach=(pi, 3.0),  # within these ranges no step reaches the top speed
        forces=(-2.0, 2.0),
        step=turn_pendulum,
        see=see_pendulum,
        acts=((0, 1, 2, 3), (0, 1, 2, 3), (1, 3)),
    ),
}
