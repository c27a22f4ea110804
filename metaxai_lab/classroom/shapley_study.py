"""What the page on Shapley values and LIME measures: a model with its exact values, and estimates.

Also the other game that a set of columns may play, where what is absent is drawn given what is
known. Source: Janzing, Minorics & Bloebaum (2020) and Chen et al. (2020) for the two.
Chapter: book/local/shapley_and_lime.ipynb.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.local_models import LocalModel, local_model
from metaxai_lab.core import Attribution, Model, at_scale
from metaxai_lab.evaluation import exact_agreement
from metaxai_lab.explainers import Game, exact_shapley, permutation_shapley
from metaxai_lab.explainers.coalitions import all_coalitions

Rows = Float[Tensor, "row feature"]
Estimate = Callable[[int], Rows]  # from queries for each row to values


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_rows: int  # explained, of each model
    n_judged: int  # on which judges are examined
    n_reference: int  # queries for the values of thirty columns that stand for exact ones
    budgets: tuple[int, ...]  # queries for each row
    n_seeds: int  # of what draws at random


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(16, 40, 8_000, (32, 64, 128, 256, 512), 5),
        full=Plan(100, 100, 100_000, (32, 64, 128, 256, 512, 1024, 2048), 10),
    )


@dataclass(frozen=True)
class Judged:
    """A trained model, rows that it has not seen, and their exact Shapley values."""

    local: LocalModel
    game: Game
    exact: Attribution

    @property
    def rows(self) -> Rows:
        """The rows that are explained."""
        return self.exact.inputs


def judged(name: str, seed: int, *, n_rows: int) -> Judged:
    """Train a model, and ask for every coalition of each row."""
    local = local_model(name, seed=seed)
    game = Game(local.model, local.background)
    return Judged(local, game, exact_shapley(game, local.rows[:n_rows]))


def referred(name: str, seed: int, *, n_rows: int, n_queries: int, generator: Generator) -> Judged:
    """Do the same for a model of too many columns: drawn orders stand for the exact values."""
    local = local_model(name, seed=seed)
    game = Game(local.model, local.background)
    rows = local.rows[:n_rows]
    found = permutation_shapley(game, rows, n_queries=n_queries, generator=generator)
    return Judged(local, game, found)


def error_over(
    ask: Estimate, budgets: Iterable[int], exact: Attribution
) -> dict[int, Float[Tensor, " row"]]:
    """Return the error of each row at each number of queries."""
    return {n: exact_agreement(ask(n), exact.values, k=1).error.values for n in budgets}


def conditional_values(
    model: Model, table: Rows, row: Float[Tensor, " feature"]
) -> Float[Tensor, " coalition"]:
    """Return what each coalition is worth where absent columns are drawn given the known ones.

    v(S) is the mean output over those rows of the table that have the row's values in S.

    Raises:
        ValueError: if the row is none of the table, so that no row has its values.
    """
    masks = all_coalitions(len(row))
    alike = ((table == row) | ~masks[:, None]).all(-1).to(table.dtype)
    count = alike.sum(1)
    if not bool((count > 0).all()):
        raise ValueError(
            "no row of the table has all values of the row that is explained. Take a row of the "
            "table, with columns that hold few different values."
        )
    with torch.no_grad():
        return alike @ model(table)[:, 0] / count
