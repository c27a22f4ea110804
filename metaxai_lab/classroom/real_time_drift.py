"""A model that keeps learning, and watchers beside it: what does each notice?

Every fourth item gets its label, some items late. A meta-learner adapts a line to the last labelled
rows, again and again; an explanation of a line is a product, exact. The watchers see the inputs,
the predictions, the first model's errors, the explanations of the first model, those of the model
that keeps learning, and its weights. Each has a bound from quiet streams of other seeds. At most 5
of 100 quiet streams may ring; the bound aims at one, since it is itself measured on a sample.
Source: Gama et al. (2014). Chapter: book/outlook/in_real_time.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Examples, at_scale, initialised_with, seeded
from metaxai_lab.evaluation.drift_alarms import (
    Alarms,
    alarms,
    bound_of,
    mean_shift,
    profile_shift,
)
from metaxai_lab.learners import FeatureGates, meta_train_gates
from metaxai_lab.learners.guided import Guided
from metaxai_lab.learners.linear_model import LinearModel
from metaxai_lab.tasks.streams import WORLDS, Streams, draw_streams

LABELLED, LATE = 4, 20  # every fourth item, and how many items later its label is known
KEPT = 24  # labelled rows that the model is adapted to
STRIDE = 8  # items between two adaptations
KNOWN, WINDOW = 200, 40  # first items, which are taken for quiet, and last ones
AIM = 0.01  # share of quiet streams that may pass a bound; the promise is 0.05
TOGETHER = 100  # streams that are served side by side
MIXED = "explanations, mixed"
READAPTED = "explanations"
Watched = Mapping[str, Float[Tensor, "run item"]]


@runtime_checkable
class LineLearner(Protocol):
    """Turns labelled rows into a line of each task."""

    def adapt(self, support: Examples) -> LinearModel:
        """Return the lines."""
        ...


@dataclass(frozen=True)
class Plan:
    """Streams that bounds come from, streams of each kind that are judged, and training steps."""

    n_quiet: int
    n_judged: int
    steps: int


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(600, 100, 250), full=Plan(2000, 400, 1000))


def train_learner(seed: int = 0) -> Guided:
    """Meta-train gates on worlds of the family, from four rows to forty."""
    with initialised_with(seeded(seed)):
        learner = Guided(FeatureGates(width=32, n_layers=1))

    def draw(g: torch.Generator):
        k = int(torch.randint(4, 41, (), generator=g))
        return WORLDS.draw(k_support=k, n_query=40, n_tasks=16, generator=g)

    steps = plan().steps
    meta_train_gates(learner, draw, steps=steps, generator=seeded(100 + seed), device="cpu")
    return learner.eval()


@dataclass(frozen=True, eq=False)
class Served:
    """The lines that were in service at each item of some streams.

    Args:
        weights: of the line that keeps learning, at each item from the first adaptation on; before
            that, those of the first adaptation.
        level: its intercept.
    """

    streams: Streams
    weights: Float[Tensor, "run item feature"]
    level: Float[Tensor, "run item"]

    @property
    def first(self) -> tuple[Tensor, Tensor]:
        """The line that was in service at the end of the first items: weights and level."""
        return self.weights[:, KNOWN - 1 : KNOWN], self.level[:, KNOWN - 1 : KNOWN]

    @property
    def middle(self) -> Float[Tensor, "run 1 feature"]:
        """The mean of the first items, against which explanations are given."""
        return self.streams.x[:, :KNOWN].mean(1, keepdim=True)

    def reasons(self) -> Float[Tensor, "run item feature"]:
        """Return the exact Shapley values of each item under the line of its time."""
        return self.weights * (self.streams.x - self.middle)

    def first_reasons(self) -> Float[Tensor, "run item feature"]:
        """Return the exact Shapley values of each item under the first line."""
        return self.first[0] * (self.streams.x - self.middle)

    def said(self) -> Float[Tensor, "run item"]:
        """Return the prediction of the line of each item's time."""
        return (self.weights * self.streams.x).sum(-1) + self.level

    def errors(self) -> Float[Tensor, "run item"]:
        """Return the squared error of the first line: an item counts when its label is known."""
        weights, level = self.first
        wrong = ((weights * self.streams.x).sum(-1) + level - self.streams.y).square()
        at = (torch.arange(wrong.shape[1]) - LATE).clamp_min(0) // LABELLED * LABELLED
        return wrong[:, at]


@torch.no_grad()
def serve(learner: LineLearner, streams: Streams) -> Served:
    """Adapt to the last labelled rows every few items, all streams side by side."""
    n_items = streams.x.shape[1]
    x, y = streams.x[:, ::LABELLED], streams.y[:, ::LABELLED]
    soonest = (KEPT - 1) * LABELLED + LATE  # the item at which that many labels are known
    at = torch.arange(soonest, n_items, STRIDE)
    last = (at - LATE) // LABELLED
    back = last[:, None] - torch.arange(KEPT - 1, -1, -1)
    line = learner.adapt(Examples(x[:, back], y[:, back]))
    held = ((torch.arange(n_items) - soonest).clamp_min(0) // STRIDE).clamp_max(len(at) - 1)
    return Served(streams, line.weights[:, held], line.intercept[:, held])


def watched(served: Served) -> Watched:
    """Return the statistic of each watcher at each item."""
    x = served.streams.x
    how = {"known": KNOWN, "window": WINDOW}
    said, reasons = served.said()[..., None], served.reasons()
    weights = served.weights - served.first[0]
    order = torch.rand(x.shape, generator=seeded(7)).argsort(-1)
    return {
        "inputs": mean_shift(_and_size(x), **how),
        "predictions": mean_shift(_and_size(said), **how),
        "errors, by labels": mean_shift(served.errors()[..., None], **how),
        "first model's explanations": profile_shift(served.first_reasons(), **how),
        READAPTED: profile_shift(reasons, **how),
        "weights": weights.norm(dim=-1).masked_fill(torch.arange(x.shape[1]) < KNOWN, torch.nan),
        MIXED: profile_shift(reasons.gather(-1, order), **how),
    }


def watched_anew(learner: LineLearner, kind: str, *, seed: int, n_runs: int) -> Watched:
    """Draw streams of a kind, some at a time, serve them, and return each watcher's statistic."""
    lot, found = seeded(seed), []
    for begun in range(0, n_runs, TOGETHER):
        n_now = min(TOGETHER, n_runs - begun)
        found.append(watched(serve(learner, draw_streams(kind, n_runs=n_now, generator=lot))))
    return {name: torch.cat([one[name] for one in found]) for name in found[0]}


def bounds(learner: LineLearner, *, seed: int, n_runs: int | None = None) -> dict[str, float]:
    """Return what a share `AIM` of quiet streams passes, for each watcher."""
    quiet = watched_anew(learner, "quiet", seed=seed, n_runs=n_runs or plan().n_quiet)
    return {name: bound_of(one, kept=1 - AIM) for name, one in quiet.items()}


def heard(
    learner: LineLearner,
    kind: str,
    limits: Mapping[str, float],
    *,
    seed: int,
    n_runs: int | None = None,
) -> dict[str, Alarms]:
    """Watch new streams of a kind; return when each watcher rang."""
    found = watched_anew(learner, kind, seed=seed, n_runs=n_runs or plan().n_judged)
    return {name: alarms(one, limits[name]) for name, one in found.items()}


def blamed(served: Served, at: int) -> Float[Tensor, "run feature"]:
    """Return how much more of the explanation each column holds at an item than at first."""
    sizes = served.reasons().abs()
    first, now = sizes[:, :KNOWN].mean(1), sizes[:, at - WINDOW : at].mean(1)
    return now / now.sum(-1, keepdim=True) - first / first.sum(-1, keepdim=True)


def _and_size(values: Float[Tensor, "run item feature"]) -> Float[Tensor, "run item feature_twice"]:
    """Return values beside their distance from the mean of the first items."""
    return torch.cat([values, (values - values[:, :KNOWN].mean(1, keepdim=True)).abs()], -1)
