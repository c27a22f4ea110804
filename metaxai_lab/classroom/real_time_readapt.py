"""The world has changed: how many labelled rows until the model, and its explanation, are right?

A meta-learned line beside rivals that know no other world: ridge and lasso on the new rows, with
penalties tuned on other worlds, for each number of rows; a ridge on old and new rows together; and
the old line, kept. Errors are on rows of the new world without noise, in parts of the variance of
what can be predicted; columns are independent, so the same number is the explanation's error.
Chapter: book/outlook/in_real_time.ipynb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.linear_baselines import Fit, lasso, ridge, tune_penalty
from metaxai_lab.classroom.real_time_drift import LineLearner
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks.streams import WORLDS, Streams, draw_streams

SIZES = (4, 8, 12, 16, 24, 32)  # labelled rows of the new world
OLD = 64  # labelled rows of the world before
PENALTIES = {"ridge": (0.1, 0.3, 1.0, 3.0, 10.0), "lasso": (0.01, 0.03, 0.1, 0.2, 0.4)}
FITS: Mapping[str, Fit] = {"ridge": ridge, "lasso": lasso}
META = "meta-learned"
Weights = Float[Tensor, "run feature"]


@dataclass(frozen=True, eq=False)
class Changed:
    """Worlds that have changed: labelled rows before and after, and the true weights after."""

    old: Examples
    new: Examples
    truth: Weights


def changed(seed: int, n_runs: int) -> Changed:
    """Draw worlds in which other columns matter from one item on; every row is labelled."""
    n_items = OLD + max(SIZES)
    found: Streams = draw_streams(
        "other columns", n_runs=n_runs, n_items=n_items, start=OLD, generator=seeded(seed)
    )
    old, new = Examples(found.x[:, :OLD], found.y[:, :OLD]), found.x[:, OLD:]
    return Changed(old, Examples(new, found.y[:, OLD:]), found.weights[:, -1])


@torch.no_grad()
def lines(learner: LineLearner, worlds: Changed, n_rows: int) -> dict[str, Weights]:
    """Return the weights that each way of refitting finds from so many new rows."""
    few = Examples(worlds.new.x[:, :n_rows], worlds.new.y[:, :n_rows])
    both = Examples(torch.cat([worlds.old.x, few.x], 1), torch.cat([worlds.old.y, few.y], 1))
    found = {META: learner.adapt(few).weights}
    found |= {f"{name}, new rows": fit(few, _penalty(name, n_rows)) for name, fit in FITS.items()}
    found["ridge, all rows"] = ridge(both, _penalty("ridge", OLD))
    found["old line"] = learner.adapt(worlds.old).weights
    return found


def errors(learner: LineLearner, worlds: Changed, n_rows: int) -> dict[str, Float[Tensor, " run"]]:
    """Return the error of each way, in parts of the variance: columns are independent.

    That is also the square of the explanation's error, on the mean.
    """
    size = worlds.truth.square().sum(-1)
    found = lines(learner, worlds, n_rows)
    return {name: (w - worlds.truth).square().sum(-1) / size for name, w in found.items()}


def _penalty(name: str, n_rows: int) -> float:
    """Return the best penalty on 200 other worlds, for so many rows."""
    draw: Callable[..., Episode] = WORLDS.draw
    others = draw(k_support=n_rows, n_query=50, n_tasks=200, generator=seeded(5))
    return tune_penalty(FITS[name], others, PENALTIES[name])
