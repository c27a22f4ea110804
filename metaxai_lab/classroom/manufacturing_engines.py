"""How many cycles has this engine left? Judged after its first 30 to 120 cycles, engine by engine.

Own: a line through the engine's own wear, drawn on to the level at which engines failed. Pooled: a
ridge from the engine's readings of now to the cycles left, fitted to all cycles of the others, or
to this cycle of each; or simply the mean life of the others.
Learned across engines: the cycles left of the others, weighted by how like their first cycles were;
how quickly the weight falls with unlikeness is learned by leaving each training engine out. This is
a metric-based meta-learner; Wang et al. (2008) for life by similar engines.
Chapter: book/applications/manufacturing.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.classroom.left_out import LEARNED, LeftOut
from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable

CYCLES = (30, 60, 90, 120)
N_PARTS = 5  # of the engines; each is left out in turn
WINDOW = 10  # cycles that a reading of now is the mean of
WIDTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (1.0, 10.0, 100.0, 1000.0, 100_000.0)
LONGEST = 400.0  # cycles; no engine of the set came so far


@dataclass(frozen=True)
class Engines:
    """Readings of engines side by side; zeros stand beyond their lives.

    Args:
        z: standardised by the training engines.
        life: cycles of each engine.
    """

    z: Float[Tensor, "engine cycle sensor"]
    life: Int[Tensor, " engine"]


def engines(table: TaskTable, by: Sequence[int]) -> Engines:
    """Lay the engines of a table side by side, in units of the engines `by`."""
    life = table.counts
    place = torch.arange(len(table.y)) - (life.cumsum(0) - life)[table.task]
    known = torch.isin(table.task, torch.tensor(by))
    x = table.x[:, 1:]
    z = (x - x[known].mean(0)) / x[known].std(0)
    laid = z.new_zeros(len(life), int(life.max()), z.shape[1])
    laid[table.task, place] = z
    return Engines(laid, life)


def by_line(all_: Engines, by: Tensor, asked: Tensor, at: int) -> Float[Tensor, " engine"]:
    """Draw the line through each engine's own wear on to the level at which others failed."""
    wear = all_.z @ _direction(all_, by)
    level = torch.stack([wear[e, n - WINDOW : n].mean() for e, n in _lives(all_, by)]).mean()
    t = torch.arange(at).float()
    own = wear[asked, :at]
    slope = ((t - t.mean()) * own).sum(1) / (t - t.mean()).square().sum()
    left = (level - own.mean(1)) / slope.clamp_min(1e-4) + t.mean() - at
    return left.clamp(0.0, LONGEST - at)


def by_ridge(all_: Engines, by: Tensor, asked: Tensor, at: int) -> Float[Tensor, " engine"]:
    """Tell the cycles left from the readings of now, by one ridge for all cycles of the others."""
    return _best_ridge(all_, by, asked, at, WINDOW * torch.arange(1, 1 + int(LONGEST) // WINDOW))


def by_ridge_now(all_: Engines, by: Tensor, asked: Tensor, at: int) -> Float[Tensor, " engine"]:
    """Tell it by a ridge that is fitted to the same cycle of the others."""
    return _best_ridge(all_, by, asked, at, torch.tensor([at]))


def by_mean(all_: Engines, by: Tensor, asked: Tensor, at: int) -> Float[Tensor, " engine"]:
    """Tell what the others had left in the mean; the engine's own readings are not looked at."""
    return (all_.life[by] - at).float().mean().expand(len(asked))


def by_median(all_: Engines, by: Tensor, asked: Tensor, at: int) -> Float[Tensor, " engine"]:
    """Tell the median of what the others had left: the best single number for absolute errors."""
    return (all_.life[by] - at).float().median().expand(len(asked))


def by_ridge_same(all_: Engines, by: Tensor, asked: Tensor, at: int) -> Float[Tensor, " engine"]:
    """Fit a ridge to the three numbers of `by_likeness`; each engine left out sets the penalty."""
    told = _told(all_, by, at).double()
    x, left = told[by], (all_.life[by] - at).double()
    level, n = left.mean(), len(by)

    def weights(penalty: float) -> Tensor:
        return torch.linalg.solve(x.mT @ x + penalty * torch.eye(3).to(x), x.mT)

    def error(penalty: float) -> float:
        hat = x @ weights(penalty)
        wrong = left - level - hat @ (left - level)
        return float((wrong / (1 - hat.diagonal() - 1 / n)).abs().mean())

    best = weights(min(PENALTIES, key=error)) @ (left - level)
    return (told[asked] @ best + level).float()


def by_likeness(all_: Engines, by: Tensor, asked: Tensor, at: int) -> Float[Tensor, " engine"]:
    """Take the cycles left of the training engines, weighted by likeness up to now."""
    told = _told(all_, by, at)
    left = (all_.life[by] - at).float()
    among = torch.cdist(told[by], told[by]).square()
    among.fill_diagonal_(torch.inf)

    def weighed(far: Tensor, width: float) -> Tensor:
        return (-far / width).softmax(1) @ left

    best = min(WIDTHS, key=lambda width: float((weighed(among, width) - left).abs().mean()))
    return weighed(torch.cdist(told[asked], told[by]).square(), best)


POOLED = ("pooled", "pooled, this cycle", "pooled, same numbers", "mean life", "median life")
WAYS = {
    "own": by_line,
    "pooled": by_ridge,
    "pooled, this cycle": by_ridge_now,
    "pooled, same numbers": by_ridge_same,
    "mean life": by_mean,
    "median life": by_median,
    LEARNED: by_likeness,
}


def judged_engines(table: TaskTable, *, seed: int) -> LeftOut:
    """Leave a fifth of the engines out in turn; the error is in cycles, an engine is a unit."""
    n = len(table.task_names)
    errors = {name: torch.zeros(len(CYCLES), n) for name in WAYS}
    order = torch.randperm(n, generator=seeded(seed))
    for asked in order.chunk(N_PARTS):
        by = order[~torch.isin(order, asked)]
        all_ = engines(table, by.tolist())
        for place, at in enumerate(CYCLES):
            truth = (all_.life[asked] - at).float()
            for name, way in WAYS.items():
                errors[name][place, asked] = (way(all_, by, asked, at) - truth).abs()
    return LeftOut(errors, CYCLES, table.task_names, ("own",), POOLED)


def _told(all_: Engines, by: Tensor, at: int) -> Float[Tensor, "engine number"]:
    """Return wear until now: in the mean, in the last cycles and in the first."""
    wear = (all_.z @ _direction(all_, by))[:, :at]
    told = torch.stack([wear.mean(1), wear[:, -WINDOW:].mean(1), wear[:, :WINDOW].mean(1)], 1)
    return (told - told[by].mean(0)) / told[by].std(0)


def _direction(all_: Engines, by: Tensor) -> Float[Tensor, " sensor"]:
    """Return along which line readings moved from first cycles to last, in other engines."""
    first = all_.z[by, :WINDOW].mean((0, 1))
    last = torch.stack([all_.z[e, n - WINDOW : n].mean(0) for e, n in _lives(all_, by)]).mean(0)
    return (last - first) / (last - first).norm()


def _lives(all_: Engines, by: Tensor) -> list[tuple[int, int]]:
    return list(zip(by.tolist(), all_.life[by].tolist(), strict=True))


def _best_ridge(all_: Engines, by: Tensor, asked: Tensor, at: int, ends: Tensor) -> Tensor:
    """Choose the penalty on every other training engine."""
    one, other = by[::2], by[1::2]

    def error(penalty: float) -> float:
        wrong = _ridge(all_, one, other, at, ends, penalty) - (all_.life[other] - at)
        return float(wrong.abs().mean())

    return _ridge(all_, by, asked, at, ends, min(PENALTIES, key=error))


def _ridge(
    all_: Engines, by: Tensor, asked: Tensor, at: int, ends: Tensor, penalty: float
) -> Tensor:
    """Fit the readings of the last cycles before each of `ends` that an engine lived to see."""
    ends = ends[ends <= all_.z.shape[1]]
    sums = torch.cat([all_.z[:, :1] * 0, all_.z], 1).cumsum(1)
    windows = (sums[:, ends] - sums[:, ends - WINDOW]) / WINDOW
    there = ends <= all_.life[by, None]
    left = (all_.life[by, None] - ends)[there].double()
    x, now = windows[by][there].double(), all_.z[asked, at - WINDOW : at].mean(1).double()
    middle = x.mean(0)
    pull = penalty * torch.eye(x.shape[1]).double()
    weights = torch.linalg.solve(
        (x - middle).T @ (x - middle) + pull, (x - middle).T @ (left - left.mean())
    )
    return ((now - middle) @ weights + left.mean()).float()
