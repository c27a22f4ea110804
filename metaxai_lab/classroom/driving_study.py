"""Who drives, and how: an expert that knows the friction teaches a driver that can only feel it.

The expert brakes as soon as driving on for one more step leaves no room. The driver is taught by
imitation: it drives itself, and the expert says what it would have done in each state that came up.
Source: Ross, Gordon & Bagnell (2011), DAgger. Chapter: book/applications/driving.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from metaxai_lab.core import Model, at_scale, initialised_with, seeded
from metaxai_lab.learners.trip_attention import Reads, TripAttention
from metaxai_lab.tasks.road import HORIZON, End, Roads, Trip, draw_roads, spare

TAP = 2  # steps that every driver brakes at the beginning, to feel the road
CAUTION = 2.0  # how much a state to brake in counts
NOW = 24  # moments of a trip that a training step looks at
Choose = Callable[[Trip, Float[Tensor, "trip step felt"]], Bool[Tensor, " trip"]]


@dataclass(frozen=True)
class Drives:
    """Whole trips, step by step.

    Args:
        seen: what was seen before each step.
        past: what was felt in each step.
        brake: what was done.
        need: whether the expert would have braked, for the car ahead and for the bend.
        going: whether the trip had not ended.
        end: how it ended.
        grip: how hard the road let the car brake.
    """

    seen: Float[Tensor, "trip step column"]
    past: Float[Tensor, "trip step felt"]
    brake: Bool[Tensor, "trip step"]
    need: Bool[Tensor, "trip step 2"]
    going: Bool[Tensor, "trip step"]
    end: Int[Tensor, " trip"]
    grip: Float[Tensor, "trip step"]

    def count(self, end: End) -> int:
        """Return how many trips ended so."""
        return int((self.end == end).sum())

    @property
    def decided(self) -> Bool[Tensor, "trip step"]:
        """The states in which the driver decided: those visited after the first taps."""
        return self.going & (torch.arange(HORIZON, device=self.going.device) >= TAP)


def drive(roads: Roads, choose: Choose, *, tap: int = TAP) -> Drives:
    """Drive all roads to their ends, side by side.

    Args:
        choose: says which trips brake now; asked at each step after the taps.
    """
    trip = roads.begin()
    past = trip.seen.new_zeros(len(roads.friction), HORIZON, 3)
    kept: list[tuple[Tensor, ...]] = []
    for step in range(HORIZON):
        brake = torch.ones_like(trip.braked) if step < tap else choose(trip, past)
        kept.append((trip.seen, brake, expert_needs(trip), trip.going, trip.grip))
        trip = trip.after(brake)
        past = past.clone()
        past[:, step] = torch.stack([trip.braked.to(past), trip.felt / 5, trip.seen[:, 1] / 20], -1)
    seen, brake, need, going, grip = (torch.stack(part, 1) for part in zip(*kept, strict=True))
    return Drives(seen, past, brake, need, going, trip.end, grip)


def expert_needs(trip: Trip) -> Bool[Tensor, "trip 2"]:
    """Mark whether there is no room left: to the car ahead, and to the bend."""
    return spare(trip.seen, trip.grip) < 0


def expert(trip: Trip, past: Tensor) -> Bool[Tensor, " trip"]:
    """Brake where one of the two needs it; only the simulator knows the friction."""
    return expert_needs(trip).any(-1)


def never(trip: Trip, past: Tensor) -> Bool[Tensor, " trip"]:
    """Drive on, whatever happens."""
    return torch.zeros_like(trip.braked)


def always(trip: Trip, past: Tensor) -> Bool[Tensor, " trip"]:
    """Brake, whatever happens: nobody is harmed, and nobody gets anywhere."""
    return torch.ones_like(trip.braked)


def by_net(net: TripAttention) -> Choose:
    """Let a trained network drive."""

    @torch.no_grad()
    def choose(trip: Trip, past: Tensor) -> Tensor:
        known = torch.ones(1, trip.step, dtype=torch.bool, device=past.device)
        return net(trip.seen[:, None], past[:, : trip.step], known)[:, 0] > 0

    return choose


def by_rules(rules: Model, columns: Callable[[Tensor, Tensor], Tensor]) -> Choose:
    """Let a tree or a list of rules drive, which reads `columns` of what is seen and felt."""

    def choose(trip: Trip, past: Tensor) -> Tensor:
        known = known_at(torch.tensor([trip.step], device=past.device))
        read = columns(trip.seen[:, None], felt_grip(past, known))
        return rules(read)[:, 0, 0] > 0

    return choose


def known_at(now: Int[Tensor, " now"]) -> Bool[Tensor, "now step"]:
    """Mark the steps that lie before each moment."""
    return torch.arange(HORIZON, device=now.device) < now[:, None]


def felt_grip(
    past: Float[Tensor, "trip step felt"], known: Bool[Tensor, "now step"]
) -> Float[Tensor, "trip now"]:
    """Return the mean of how hard the car slowed in the braked steps so far: a sum by hand."""
    braked = past[..., 0]
    slowed = -5 * past[..., 1] * braked
    counts = known.to(past)
    n_braked = (braked @ counts.mT).clamp_min(1)
    return ((slowed @ counts.mT) / n_braked).clamp_min(0.5)


@dataclass(frozen=True)
class Plan:
    """The size of a training; only these numbers change with the scale."""

    rounds: int = 3
    steps: int = 250  # in a round
    trips: int = 256  # driven in a round


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(), full=Plan(rounds=8, steps=1000, trips=1000))


def fresh(seed: int, *, reads: Reads = "past") -> TripAttention:
    """Return a driver that has learned nothing."""
    with initialised_with(seeded(seed)):
        return TripAttention(reads=reads).eval()


def train(seed: int, *, reads: Reads = "past", size: Plan | None = None) -> TripAttention:
    """Teach a driver by imitation: the first round on the expert's trips, then on its own."""
    size, generator = size or plan(), seeded(1 + seed)
    net, trips = fresh(seed, reads=reads), []
    optimiser = torch.optim.AdamW(net.parameters(), lr=6e-3, fused=True)
    slower = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 6e-3, total_steps=size.rounds * size.steps
    )
    for _ in range(size.rounds):
        roads = draw_roads(size.trips, generator=generator)
        trips.append(drive(roads, by_net(net) if trips else expert))
        for _ in range(size.steps):
            some = trips[int(torch.randint(len(trips), (), generator=generator))]
            optimiser.zero_grad()
            imitation(net, some, generator).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            slower.step()
    return net.eval()


def imitation(net: TripAttention, driven: Drives, generator: Generator) -> Float[Tensor, ""]:
    """Return how far the driver is from the expert, on some trips and moments."""
    trips = torch.randint(len(driven.end), (64,), generator=generator)
    now = TAP + torch.randperm(HORIZON - TAP, generator=generator)[:NOW]
    seen, going = driven.seen[trips][:, now], driven.going[trips][:, now]
    said = net(seen, driven.past[trips], known_at(now))
    right = driven.need[trips][:, now].any(-1).to(said)
    loss = F.binary_cross_entropy_with_logits(
        said, right, reduction="none", pos_weight=said.new_tensor(CAUTION)
    )
    return loss[going].mean()
