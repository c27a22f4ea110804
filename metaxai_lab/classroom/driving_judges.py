"""Why did it brake? What is known of that in the simulator, and how far an explanation meets it.

The simulator knows whether the car ahead or the bend left no room, and which past steps tell the
friction: those in which the car braked. Rules are judged twice: do they say what the driver says,
and does somebody who drives by them arrive? Chapter: book/applications/driving.ipynb.
"""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.driving_study import (
    TAP,
    Choose,
    Drives,
    drive,
    felt_grip,
    known_at,
)
from metaxai_lab.core import Model, seeded
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.trees import Tree
from metaxai_lab.learners.trip_attention import TripAttention
from metaxai_lab.tasks.road import HORIZON, SECONDS, SEEN, End, draw_roads, spare

RAW = (*SEEN, "grip felt")
WORKED = (*RAW, "room to the car", "room to the bend")
CAR, BEND = (0, 2), (3, 4)  # the columns that speak of each
Columns = Callable[[Tensor, Tensor], Tensor]


def raw(seen: Float[Tensor, "*row column"], grip: Float[Tensor, "*row"]) -> Tensor:
    """Return what is seen, and the grip as it was felt."""
    return torch.cat([seen, grip[..., None]], -1)


def worked(seen: Float[Tensor, "*row column"], grip: Float[Tensor, "*row"]) -> Tensor:
    """Return the same, and the room to car and bend that is worked out from it."""
    return torch.cat([raw(seen, grip), spare(seen, grip)], -1)


def visited(driven: Drives, columns: Columns) -> tuple[Float[Tensor, "row column"], Tensor]:
    """Return the states in which a driver decided, and 1 where it braked."""
    now = torch.arange(HORIZON, device=driven.past.device)
    rows = columns(driven.seen, felt_grip(driven.past, known_at(now)))
    return rows[driven.decided], driven.brake[driven.decided].long()


def rule_tree(driven: Drives, columns: Columns, *, depth: int) -> Tree:
    """Grow a tree that says what a driver did."""
    return grow_tree(*visited(driven, columns), depth=depth, min_rows=20).merged()


def agreement(rules: Model, driven: Drives, columns: Columns) -> float:
    """Return the share of visited states in which rules and driver do the same."""
    rows, did = visited(driven, columns)
    return float(((rules(rows)[:, 0] > 0) == (did > 0)).float().mean())


def outcomes(
    choose: Choose, *, seed: int, n: int = 1000, tap: int = TAP, kept: float = 1.0
) -> Drives:
    """Drive `n` new roads to their ends.

    Args:
        kept: as `draw_roads` takes it.
    """
    return drive(draw_roads(n, kept=kept, generator=seeded(seed)), choose, tap=tap)


def harm(driven: Drives) -> int:
    """Return how many trips ended by a collision or beside the road."""
    return driven.count(End.COLLIDED) + driven.count(End.LEFT_ROAD)


def on_braked(
    net: TripAttention, driven: Drives
) -> tuple[Float[Tensor, " state"], Float[Tensor, " state"]]:
    """Return how much attention lies on braked steps, and their share of the past steps."""
    now = torch.arange(TAP, HORIZON, device=driven.past.device)
    known = known_at(now)
    braked = driven.past[..., 0]
    with torch.no_grad():
        weights = net.weigh(driven.seen[:, now], driven.past, known)
    mass = (weights * braked[:, None]).sum(-1)
    share = braked @ known.to(braked).mT / known.sum(-1)
    still = driven.decided[:, now]
    return mass[still], share[still]


def masked_steps(
    net: TripAttention, driven: Drives, *, now: int, n: int = 200
) -> tuple[Float[Tensor, "state step"], Float[Tensor, "state step"]]:
    """Mask each past step at one moment: its attention, and how far the log-odds move without it.

    Of up to `n` trips that still go at that moment.
    """
    going = driven.going[:, now].nonzero()[:n, 0]
    seen, past = driven.seen[going, now], driven.past[going]
    whole = known_at(torch.tensor([now], device=past.device))
    without = whole & ~torch.eye(HORIZON, dtype=torch.bool, device=past.device)[:now]
    with torch.no_grad():
        weights = net.weigh(seen[:, None], past, whole)[:, 0, :now]
        before = net(seen[:, None], past, whole)
        after = net(seen[:, None].expand(-1, now, -1), past, without)
    return weights, (after - before).abs()


def reasons_to_brake(
    driven: Drives, *, n: int = 200
) -> tuple[Float[Tensor, "state column"], Float[Tensor, " state"], Bool[Tensor, " state"]]:
    """Return states braked for one reason only: what was seen, felt, and whether for the bend."""
    one = driven.brake & driven.decided & (driven.need.sum(-1) == 1)
    felt = felt_grip(driven.past, known_at(torch.arange(HORIZON, device=driven.past.device)))
    bend = driven.need[one][:, 1]
    order = torch.randperm(len(bend), generator=seeded(0)).to(bend.device)
    evenly = torch.cat([order[bend[order]][: n // 2], order[~bend[order]][: n // 2]])
    return driven.seen[one][evenly], felt[one][evenly], bend[evenly]


def shares(
    net: TripAttention,
    background: Float[Tensor, "row column"],
    rows: Float[Tensor, "state column"],
) -> Float[Tensor, "state column"]:
    """Return the exact Shapley value of each column of `RAW` in the log-odds of braking."""

    def model(x: Tensor) -> Tensor:
        with torch.no_grad():
            return net.decide(x[..., :-1], x[..., -1])[..., None]

    return exact_shapley(Game(model, background), rows).values


def says_bend(values: Float[Tensor, "state column"]) -> Bool[Tensor, " state"]:
    """Mark where the two columns of the bend push more towards braking than those of the car."""
    return values[:, BEND].sum(-1) > values[:, CAR].sum(-1)


def worst_missed(driven: Drives) -> tuple[Float[Tensor, " column"], Float[Tensor, " 2"], float]:
    """Return a state in which no room was left and the driver drove on, of a trip that was harmed.

    It is the one that lacks most room among all such: what was seen, the room in metres to car and
    bend as the simulator knows it, and how hard the road let the car brake.
    """
    room = spare(driven.seen, driven.grip)
    harmed = (driven.end == End.COLLIDED) | (driven.end == End.LEFT_ROAD)
    missed = driven.decided & ~driven.brake & (room.amin(-1) < 0) & harmed[:, None]
    lacks = room.amin(-1).where(missed, torch.inf)
    trip, step = divmod(int(lacks.argmin()), HORIZON)
    return driven.seen[trip, step], room[trip, step], float(driven.grip[trip, step])


def nearer_is_bend(seen: Float[Tensor, "state column"]) -> Bool[Tensor, " state"]:
    """Guess without any model: the reason is whichever is nearer."""
    return seen[:, SEEN.index("to the bend")] < seen[:, SEEN.index("gap")]


def by_hand(rows: Float[Tensor, "*row column"]) -> Float[Tensor, "*row one"]:
    """Brake where one of the two rooms that are worked out is below 0: no training, no tree."""
    return -rows[..., -2:].amin(-1, keepdim=True)


def metres(driven: Drives) -> float:
    """Return how far a trip went in the mean, until it ended."""
    return float((driven.seen[..., 1] * driven.going).sum(1).mean()) * SECONDS


def belief_off(net: TripAttention, driven: Drives) -> float:
    """Return how far the grip that a driver believes in lies from the road's, in m/s²."""
    now = torch.arange(TAP, HORIZON, device=driven.past.device)
    with torch.no_grad():
        felt = net.felt(driven.seen[:, now], driven.past, known_at(now))
    return float((felt - driven.grip[:, now]).abs()[driven.decided[:, now]].mean())
