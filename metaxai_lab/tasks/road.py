"""A road with one car ahead and one bend: each task has its grip, its gap and its speeds.

The car brakes as hard as the road lets it, friction times gravity, or drives on. The friction is
told to nobody; who braked before has felt it. Many trips are stepped side by side, and each ends:
by a collision, by leaving the road in the bend, or at the horizon. The distance that is enough
whatever the car ahead does: Shalev-Shwartz, Shammah & Shashua (2017), definition 1.
Chapter: book/applications/driving.ipynb.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.tasks.sampling import check_sizes

GRAVITY, SECONDS, HORIZON = 9.81, 0.5, 80  # metres per second squared; of a step; steps of a trip
GAS, FASTEST = 1.0, 20.0  # how the car speeds up, and until when
HARDEST = 6.0  # how the car ahead may brake; its tyres are good
LONGEST = 6  # steps that it brakes on end
BEND = 40.0  # metres of its length
WET = 20  # the step from which a road may be wet
CARE, ROOM, CALM = 0.1, (3.0, 2.0), 0.75  # of a braking distance; metres; of the bend's limit
SLIP = 0.1  # how far what is felt lies from what the road gave
FRICTIONS = (0.15, 0.9)  # from ice to dry asphalt
SEEN = ("gap", "speed", "speed ahead", "to the bend", "radius")
PAST = (200.0, 150.0)  # metres to the bend and its radius, once it was passed


class End(IntEnum):
    """How a trip stands."""

    GOING, COLLIDED, LEFT_ROAD, ARRIVED = range(4)


@dataclass(frozen=True)
class Roads:
    """Worlds side by side, and what they know that a driver does not.

    Args:
        friction: of tyres and road together, in each step; it limits braking, gas and speed in
            the bend.
        start: the first values of `SEEN`.
        ahead: how the car ahead speeds up or brakes in each step.
        noise: what is added to what is felt.
    """

    friction: Float[Tensor, "world step"]
    start: Float[Tensor, "world column"]
    ahead: Float[Tensor, "world step"]
    noise: Float[Tensor, "world step"]

    def begin(self) -> "Trip":
        """Return all trips before their first step."""
        nothing = torch.zeros_like(self.friction[:, 0])
        return Trip(self, self.start, nothing.bool(), nothing, nothing.long(), 0)

    def to(self, device: torch.device | str) -> "Roads":
        """Return the same roads on `device`."""
        parts = (self.friction, self.start, self.ahead, self.noise)
        return Roads(*(part.to(device) for part in parts))


@dataclass(frozen=True)
class Trip:
    """Where all cars are now; a trip that has ended stays as it is.

    Args:
        seen: gap, own speed, speed ahead, metres to the bend, and its radius.
        braked: whether the last step was braked, and not to a standstill.
        felt: how the speed changed in the last step, as the driver felt it.
        end: how each stands, as `End`.
    """

    roads: Roads
    seen: Float[Tensor, "world column"]
    braked: Bool[Tensor, " world"]
    felt: Float[Tensor, " world"]
    end: Int[Tensor, " world"]
    step: int

    @property
    def grip(self) -> Float[Tensor, " world"]:
        """How hard each road lets the car brake now, in metres per second squared."""
        return self.roads.friction[:, min(self.step, HORIZON - 1)] * GRAVITY

    @property
    def going(self) -> Bool[Tensor, " world"]:
        """Which trips have not ended."""
        return self.end == End.GOING

    def after(self, brake: Bool[Tensor, " world"]) -> "Trip":
        """Return all trips one step later; at the horizon those that still go have arrived."""
        gap, speed, ahead, to_bend, radius = self.seen.unbind(-1)
        grip = self.grip
        push = torch.where(brake, -grip, grip.clamp_max(GAS))
        later = (speed + push * SECONDS).clamp(0, FASTEST)
        other = (ahead + self.roads.ahead[:, self.step] * SECONDS).clamp(0, FASTEST)
        driven = (speed + later) / 2 * SECONDS
        gap = gap + (ahead + other) / 2 * SECONDS - driven
        to_bend = to_bend - driven
        inside = (to_bend <= 0) & (to_bend > -BEND)
        behind = to_bend <= -BEND
        step = self.step + 1
        end = torch.full_like(self.end, End.ARRIVED if step == HORIZON else End.GOING)
        end = torch.where(inside & (later.square() > grip * radius), int(End.LEFT_ROAD), end)
        end = torch.where(gap <= 0, int(End.COLLIDED), end)
        bend = (to_bend.where(~behind, PAST[0]), radius.where(~behind, PAST[1]))
        seen = torch.stack([gap, later, other, *bend], -1)
        felt = (later - speed) / SECONDS + self.roads.noise[:, self.step]
        going = self.going
        return replace(
            self,
            seen=torch.where(going[:, None], seen, self.seen),
            braked=torch.where(going, brake & (later > 0), self.braked),
            felt=torch.where(going, felt, self.felt),
            end=torch.where(going, end, self.end),
            step=step,
        )


def draw_roads(
    n_worlds: int,
    *,
    frictions: tuple[float, float] = FRICTIONS,
    kept: float = 1.0,
    generator: Generator,
) -> Roads:
    """Draw worlds from which a driver who knows the friction can arrive unharmed.

    Args:
        kept: the share of the friction that is left from step `WET` on; below 1 a dry road becomes
            wet on the way, and nobody is told.

    Raises:
        ValueError: if there is no world, a friction is not above 0, or `kept` is no such share.
    """
    check_sizes(n_worlds=n_worlds)
    if not 0 < frictions[0] <= frictions[1] < float("inf") or not 0 < kept <= 1:
        raise ValueError(
            f"frictions are above 0, the lower first, and of them a share above 0 is kept; found "
            f"{frictions} and {kept}."
        )

    def between(low: float | Tensor, high: float | Tensor) -> Tensor:
        return low + (high - low) * torch.rand(n_worlds, generator=generator)

    friction, speed = between(*frictions), between(8.0, 18.0)
    ahead, radius = between(8.0, 18.0), between(30.0, 150.0)
    trip = torch.stack([torch.zeros(n_worlds), speed, ahead, torch.zeros(n_worlds), radius], -1)
    car, bend = spare(trip, friction * GRAVITY).unbind(-1)
    gap, to_bend = between(10.0, 60.0) - car, between(10.0, 300.0) - bend
    start = torch.stack([gap.clamp_min(8.0), speed, ahead, to_bend.clamp_min(20.0), radius], -1)
    noise = SLIP * torch.randn(n_worlds, HORIZON, generator=generator)
    left = torch.where(torch.arange(HORIZON) < WET, 1.0, kept)
    return Roads(friction[:, None] * left, start, _plans(n_worlds, generator), noise)


def spare(
    seen: Float[Tensor, "*batch column"], grip: Float[Tensor, "*batch"]
) -> Float[Tensor, "*batch 2"]:
    """Return how many metres there are to spare if the car drives on for one more step.

    To the car ahead: if that brakes as hard as it may from now on, and the car brakes after the
    step. To the bend: if the car brakes after the step to a speed that the bend takes. A tenth of
    each braking distance and a few metres are no spare room. Below 0 it is time to brake.
    """
    gap, speed, ahead, to_bend, radius = seen.unbind(-1)
    later = (speed + grip.clamp_max(GAS) * SECONDS).clamp_max(FASTEST)
    other = (ahead - HARDEST * SECONDS).clamp_min(0)
    driven = (speed + later) / 2 * SECONDS
    between = gap + (ahead + other) / 2 * SECONDS - driven + other.square() / (2 * HARDEST)
    car = between - (1 + CARE) * later.square() / (2 * grip.clamp_max(HARDEST)) - ROOM[0]
    fast = later.square() - CALM * grip * radius
    bend = (to_bend - driven).clamp_min(0) - (1 + CARE) * fast / (2 * grip)
    return torch.stack([car, bend - ROOM[1] * (fast > 0)], -1)


def _plans(n_worlds: int, generator: Generator) -> Float[Tensor, "world step"]:
    """Return how the cars ahead drive: they speed up a little, and now and then brake."""
    shape = (n_worlds, HORIZON)
    begins = torch.rand(shape, generator=generator) < 0.05
    lasts = torch.randint(2, LONGEST + 1, shape, generator=generator)
    hard = 2 + (HARDEST - 2) * torch.rand(shape, generator=generator)
    age = torch.arange(LONGEST - 1, -1, -1)  # of what began in each of the last steps
    windows = [
        F.pad(part, (LONGEST - 1, 0)).unfold(1, LONGEST, 1) for part in (begins, lasts, hard)
    ]
    braking = (windows[0] * (age < windows[1]) * windows[2]).amax(-1)
    return torch.where(braking > 0, -braking, 0.8)
