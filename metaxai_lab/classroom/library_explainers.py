"""Other people's explainers beside ours: `shap`, `captum` and `lime`, each with its own knobs.

Each takes a game and rows and returns values as our estimators do, so that one judge can ask all of
them. All draw from global generators, which are set from ours for the call and put back after it.
Chapter: book/local/shapley_and_lime.ipynb.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import initialised_with, numpy_seeded
from metaxai_lab.explainers.game import Game

Rows = Float[Tensor, "row feature"]


def shap_exact(game: Game, rows: Rows) -> Rows:
    """Ask `shap.ExactExplainer`, which visits all coalitions."""
    from shap.explainers import ExactExplainer

    explain: Any = ExactExplainer(answers(game), _masker(game))
    found = explain(rows.cpu().numpy(), max_evals=2**game.n_features, silent=True)
    return _tensor(found.values, rows)


def shap_kernel(
    game: Game,
    rows: Rows,
    *,
    n_queries: int,
    l1_reg: str | bool = False,
    generator: Generator,
) -> Rows:
    """Ask `shap.KernelExplainer` for `n_queries` coalitions a row.

    Args:
        l1_reg: "num_features(10)" is the default of `shap`: at most ten columns get a value.
    """
    from shap import KernelExplainer

    explain = KernelExplainer(answers(game), game.background.cpu().numpy())
    with drawn_from(generator):
        found = explain.shap_values(
            rows.cpu().numpy(), nsamples=n_queries, l1_reg=l1_reg, silent=True
        )
    return _tensor(found, rows)


def shap_permutation(game: Game, rows: Rows, *, n_queries: int, generator: Generator) -> Rows:
    """Ask `shap.PermutationExplainer`, which walks along orders, there and back."""
    from shap import PermutationExplainer

    with drawn_from(generator) as seed:
        explain: Any = PermutationExplainer(answers(game), _masker(game), seed=seed)
        found = explain(rows.cpu().numpy(), max_evals=n_queries, silent=True).values
    return _tensor(found, rows)


def captum_kernel(
    game: Game,
    rows: Rows,
    *,
    baseline: Float[Tensor, " feature"],
    n_queries: int,
    generator: Generator,
) -> Rows:
    """Ask `captum.attr.KernelShap` as it is: an absent column has the value of one baseline."""
    from captum.attr import KernelShap

    def output(x: Tensor) -> Tensor:
        return game.model(x)[..., game.target]

    _refuse_unfit(game, least=2)
    ask = KernelShap(output)
    with drawn_from(generator):
        found = [
            ask.attribute(
                row, baselines=baseline[None], n_samples=n_queries, perturbations_per_eval=n_queries
            )
            for row in rows.split(1)
        ]
    return torch.cat(found)


def captum_on_game(game: Game, rows: Rows, *, n_queries: int, generator: Generator) -> Rows:
    """Ask `captum.attr.KernelShap` the way round: its model is the game, its rows are coalitions.

    The row of ones is the coalition of all columns, the baseline of zeros that of none; so an
    absent column takes its values from the whole background.
    """
    from captum.attr import KernelShap

    _refuse_unfit(game, least=2)
    found = []
    with drawn_from(generator):
        for row in rows.split(1):

            def worth(masks: Tensor, row: Tensor = row) -> Tensor:
                return game.values(row, masks > 0.5)[0]

            known, none = torch.ones_like(row), torch.zeros_like(row)
            ask = partial(KernelShap(worth).attribute, known, none, n_samples=n_queries)
            found.append(ask(perturbations_per_eval=n_queries))
    return torch.cat(found)


def lime_library(
    game: Game,
    rows: Rows,
    *,
    data: Float[Tensor, "seen feature"],
    n_samples: int,
    discretised: bool = True,
    generator: Generator,
) -> Rows:
    """Ask `lime.lime_tabular` for the weight of each column.

    Args:
        data: the rows it takes means, deviations and quartiles from.
        discretised: its default: a column says only in which quarter of the data the row lies.
            Else the weights are slopes per deviation, and are given times how many deviations the
            row is from the mean, which makes them contributions.

    Raises:
        ValueError: if a column of `data` does not vary, for then it has no scale.
    """
    from lime.lime_tabular import LimeTabularExplainer

    still = (data == data[:1]).all(0).nonzero()[:, 0].tolist()
    if still:
        raise ValueError(
            f"lime takes the scale of a column from its data, and column {still} of these "
            f"{len(data)} rows does not vary. Give more rows, or leave the column out."
        )
    table = data.cpu().numpy()
    with drawn_from(generator) as seed:
        ask = LimeTabularExplainer(
            table, mode="regression", discretize_continuous=discretised, random_state=seed
        )
        said = [
            ask.explain_instance(
                row, answers(game), num_features=game.n_features, num_samples=n_samples
            ).as_map()[1]
            for row in rows.cpu().numpy()
        ]
    values = torch.zeros_like(rows)
    for i, pairs in enumerate(said):
        for column, weight in pairs:
            values[i, column] = float(weight)
    if discretised:
        return values
    return values * (rows - data.mean(0)) / data.std(0, correction=0)


def answers(game: Game) -> Callable[[Any], Any]:
    """Return the model of a game as these libraries want it: from and to arrays of NumPy."""
    _refuse_unfit(game)
    like = game.background

    def ask(rows: Any) -> Any:
        with torch.no_grad():
            said = game.model(torch.as_tensor(np.asarray(rows)).to(like))
        return said[..., game.target].double().cpu().numpy()

    return ask


@contextmanager
def drawn_from(generator: Generator) -> Iterator[int]:
    """Set the global generators of NumPy and torch from ours, give a seed, and put all back."""
    seed = int(torch.randint(2**31, (), generator=generator))
    with initialised_with(generator), numpy_seeded(seed):
        yield seed


def _masker(game: Game) -> Any:
    from shap.maskers import Independent

    return Independent(game.background.cpu().numpy(), len(game.background))


def _refuse_unfit(game: Game, *, least: int = 1) -> None:
    if isinstance(game.target, Tensor) and game.target.ndim:
        raise ValueError("these libraries explain one output; ask once for each target.")
    if game.n_features < least:
        raise ValueError(f"captum draws sets of {least} columns or more; found {game.n_features}.")


def _tensor(values: Any, like: Tensor) -> Rows:
    return torch.as_tensor(np.asarray(values)).to(like)
