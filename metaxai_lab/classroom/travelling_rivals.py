"""Methods that start anew with each model, asked about games that are played to the end.

A sheet of values is given to them as a model whose columns say "known" or "not known": so our own
estimators and the library `shap` run as they are, and pay for each value.
Chapter: book/local/travelling_explainer.ipynb.
"""

import warnings
from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.library_explainers import shap_kernel
from metaxai_lab.classroom.travelling_study import Explain
from metaxai_lab.core import Attribution
from metaxai_lab.explainers.coalition_prior import Prior
from metaxai_lab.explainers.coalitions import paired_coalitions
from metaxai_lab.explainers.game import Game
from metaxai_lab.explainers.kernel_shap import (
    kernel_shap,
    leverage_shap,
    shapley_map,
)
from metaxai_lab.explainers.permutation import permutation_shapley
from metaxai_lab.explainers.played_games import PlayedGames, numbers_of


def played_again(games: PlayedGames) -> tuple[Game, Float[Tensor, "task row feature"]]:
    """Return games as one game over 0 and 1, stacked by model, and the rows of ones to ask about.

    Output r of the model belongs to row r.
    """
    n_tasks, n_rows = games.values.shape[:2]
    sheet = games.values.mT  # (task, coalition, row)

    def model(x: Float[Tensor, "task asked feature"]) -> Float[Tensor, "task asked row"]:
        index = numbers_of(x > 0.5)[..., None].expand(-1, -1, n_rows)
        return sheet.gather(1, index)

    background = games.values.new_zeros(n_tasks, 1, games.n_features)
    target = torch.arange(n_rows).expand(n_tasks, n_rows)
    rows = games.values.new_ones(n_tasks, n_rows, games.n_features)
    return Game(model, background, target=target, tile=2**14), rows


def shap_library(games: PlayedGames, n_queries: int, generator: Generator) -> Tensor:
    """Ask `shap.KernelExplainer` row by row, without its default of at most ten columns.

    It does not count the two ends among its samples, so it is given two fewer. Its warning about
    systems without a single solution is not shown.
    """
    found = torch.zeros(*games.values.shape[:2], games.n_features)
    for task, row in torch.cartesian_prod(*map(torch.arange, found.shape[:2])).tolist():
        sheet = games.values[task, row]

        def model(x: Tensor, sheet: Tensor = sheet) -> Tensor:
            return sheet[numbers_of(x > 0.5)][..., None]

        game = Game(model, torch.zeros(1, games.n_features))
        ones = torch.ones(1, games.n_features)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = shap_kernel(game, ones, n_queries=n_queries - 2, generator=generator)
        found[task, row] = said[0]
    return found


def least_squares_on(asking: Prior) -> Explain:
    """Return plain weighted least squares on the questions of a prior.

    Each size keeps the mass that the Shapley kernel gives it, shared by its coalitions.
    """

    def explain(games: PlayedGames, n_queries: int, _: Generator) -> Tensor:
        masks = asking.design(n_queries)
        values, inner = games.asked(masks).roll(-1, -1), masks[1:]  # the whole comes last
        size = inner.sum(1)
        counts = torch.bincount(size, minlength=games.n_features + 1)[size]
        n = games.n_features
        mass = 1 / (size * (n - size) * counts)
        lead = shapley_map(inner, mass.double())[1:]
        return values @ lead

    return explain


def on_random_questions(prior: Prior) -> Explain:
    """Return the prior's combination of answers to questions drawn as leverage sampling does."""

    def explain(games: PlayedGames, n_queries: int, generator: Generator) -> Tensor:
        n = games.n_features
        mass = torch.ones(n - 1, dtype=torch.float64)
        drawn, _ = paired_coalitions(n, (n_queries - 2) // 2, mass, generator=generator)
        masks = torch.cat([torch.ones(1, n, dtype=torch.bool), drawn])
        return prior.joint(masks).shapley(games.asked(masks))[0]

    return explain


def _ours(estimate: Callable[..., Attribution]) -> Explain:
    def explain(games: PlayedGames, n_queries: int, generator: Generator) -> Tensor:
        game, rows = played_again(games)
        return estimate(game, rows, n_queries=n_queries, generator=generator).values.double()

    return explain


RIVALS: Mapping[str, Explain] = {
    "KernelSHAP": _ours(kernel_shap),
    "leverage": _ours(leverage_shap),
    "permutation": _ours(permutation_shapley),
}
