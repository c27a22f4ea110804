"""What each account says counts at a station, beside what was planted there.

The importance of a column is the size of its effect times its deviation, in µg/m³: by so much an
ordinary change of the column moves the dust of a day. Accounts that knew nothing stand beside it: a
learner before training, the pooled line, and the right sizes dealt to the columns by chance.
Source: Kendall (1938) and Spearman (1904) for orders. Chapter: book/applications/city.ipynb.
"""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.city_study import N_DRAWS, Left
from metaxai_lab.classroom.left_out import LEARNED
from metaxai_lab.core import initialised_with
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.learners import FeatureGates, SharedStart

Accounts = Mapping[str, Float[Tensor, "station draw column"]]
SHOWN = (LEARNED, "own ridge", "own lasso", "pooled", "one price")


def said(lefts: Sequence[Left], k: int, *, seed: int, generator: Generator) -> Accounts:
    """Return what each account says with `k` days, in µg/m³, of all stations by their number."""
    whole: dict[str, dict[int, Tensor]] = {}
    for left in lefts:
        support = left.of_each(k, seed=seed).support
        lines = {name: line for name, line in left.lines(support).items() if name in SHOWN}
        with torch.no_grad():
            lines["untrained"] = untrained(left, generator).adapt(support)
        unit = left.fold.sizes * left.fold.table.target_scale[1]
        for name, line in lines.items():
            sizes = (line.weights.abs() * unit).unflatten(0, (-1, N_DRAWS))
            whole.setdefault(name, {}).update(zip(left.fold.out, sizes, strict=True))
    return {
        name: torch.stack([each[station] for station in sorted(each)])
        for name, each in whole.items()
    }


def untrained(left: Left, generator: Generator) -> SharedStart:
    """Return a learner with the same start, and freedoms and gates that learned nothing."""
    with initialised_with(generator):
        gates = FeatureGates(n_features=len(left.fold.table.feature_names), width=32, n_layers=1)
        return SharedStart(gates, left.found.pooled)


def dealt(
    truth: Float[Tensor, "station column"], n_draws: int, *, generator: Generator
) -> Float[Tensor, "station draw column"]:
    """Return the right sizes, dealt to the columns by chance in each draw."""
    whole = truth[:, None].expand(-1, n_draws, -1)
    order = torch.rand(whole.shape, generator=generator).argsort(-1).to(truth.device)
    return whole.gather(-1, order)


def distance(
    found: Float[Tensor, "station draw column"], truth: Float[Tensor, "station column"]
) -> Float[Tensor, " station"]:
    """Return how far the importances lie from the planted ones, the mean over draws and columns."""
    return (found - truth[:, None]).abs().mean((1, 2))


def order(
    found: Float[Tensor, "station draw column"], truth: Float[Tensor, "station column"]
) -> Float[Tensor, " station"]:
    """Return the rank correlation of the columns at each station with the planted order."""
    return rank_correlation(found, truth[:, None].expand_as(found)).mean(1)


def over_stations(
    found: Float[Tensor, "station draw column"], truth: Float[Tensor, "station column"]
) -> Float[Tensor, " column"]:
    """Return for each column the rank correlation of the stations with their planted order.

    It asks: is the column said to count more where it does? A column that counts nowhere gets 0.
    """
    true = truth.T[None].expand(found.shape[1], -1, -1)
    return rank_correlation(found.permute(1, 2, 0), true).mean(0)
