"""Marks of explainers over models: errors at each budget, ratios with intervals, coverage.

The unit of every interval is a model, since rows of one model are no independent witnesses.
Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.tables import about
from metaxai_lab.classroom.travelling_study import QUERIES, Explain, Traveller, errors
from metaxai_lab.core import seeded
from metaxai_lab.evaluation.intervals import Interval
from metaxai_lab.explainers.played_games import PlayedGames

NINE_IN_TEN = 1.6449  # standard deviations of a normal curve on each side
Marks = dict[str, dict[int, Float[Tensor, " task"]]]


def judged(
    explainers: Mapping[str, Explain],
    games: PlayedGames,
    *,
    n_draws: int = 5,
    queries: Sequence[int] = QUERIES,
) -> Marks:
    """Return the error of each explainer at each budget, a number for each model.

    Args:
        n_draws: times each game is asked, each time with its columns in another order.
    """
    return {
        name: {k: errors(explain, games, k, n_draws=n_draws) for k in queries}
        for name, explain in explainers.items()
    }


def best_rival(marks: Marks, rivals: Sequence[str], n_queries: int) -> str:
    """Return the rival with the lowest mean error at a budget."""
    return min(rivals, key=lambda name: float(marks[name][n_queries].mean()))


def ratio(
    ours: Float[Tensor, " task"], theirs: Float[Tensor, " task"], *, n_draws: int = 2000
) -> Interval:
    """Return the ratio of two mean errors, with its interval of 95 % over models drawn anew."""
    drawn = torch.randint(len(ours), (n_draws, len(ours)), generator=seeded(0))
    ratios = (ours[drawn].mean(1) / theirs[drawn].mean(1)).double()
    low, high = ratios.quantile(torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()
    return Interval(float(ours.mean() / theirs.mean()), low, high)


def table(marks: Marks, names: Sequence[str]) -> list[list[str]]:
    """Return rows for a table: a name and its mean error at each budget."""
    return [[name, *(_said(e.mean()) for e in marks[name].values())] for name in names]


def _said(error: Tensor) -> str:
    return about(float(error), 3) if error < 1 else "≈ above 1"


def held(
    traveller: Traveller,
    games: PlayedGames,
    n_queries: int,
    *,
    scale: float = 1.0,
    top: int | None = None,
) -> tuple[float, Float[Tensor, " task"]]:
    """Return the share of exact values that intervals of 90 % hold, in all and by model.

    Args:
        scale: of the intervals; a control makes them narrower.
        top: ask only about so many columns of each row, those with the largest exact values.
    """
    found, spread = traveller.with_spread(games, n_queries)
    inside = (found - games.exact).abs() <= scale * NINE_IN_TEN * spread + 1e-9
    if top is not None:
        inside = inside.gather(-1, games.exact.abs().topk(top).indices)
    by_model = inside.double().mean((1, 2))
    return float(by_model.mean()), by_model


def by_table(
    ours: Float[Tensor, " task"], theirs: Float[Tensor, " task"], names: Sequence[str]
) -> dict[str, float]:
    """Return the ratio of two mean errors for each table, the part of a name before its comma."""
    tables = [name.split(",")[0] for name in names]
    places = {t: [i for i, other in enumerate(tables) if other == t] for t in tables}
    return {t: float(ours[at].mean() / theirs[at].mean()) for t, at in places.items()}
