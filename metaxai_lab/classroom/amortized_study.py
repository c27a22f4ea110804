"""What the page on amortised explainers measures: three models, rows held back, training, errors.

Exact values are the judge; for thirty columns, where there are none, the mean of two estimates of
thousands of queries each. Chapter: book/local/amortized.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.local_models import LocalModel, local_model
from metaxai_lab.core import at_scale, seeded
from metaxai_lab.evaluation import coverage, exact_agreement
from metaxai_lab.explainers import (
    AmortizedExplainer,
    Game,
    StoredValues,
    Training,
    exact_shapley,
    kernel_shap,
    learned,
    leverage_shap,
    store_coalitions,
)
from metaxai_lab.explainers.amortized_net import AmortizedNet
from metaxai_lab.explainers.stored_values import more_rows

Rows = Float[Tensor, "row feature"]
REACH = 1.645  # spreads to either side hold nine in ten of a normal law
MOST_EXACT = 12  # columns up to which exact values are the judge
TIMES_ROWS = {"bc12": 2}  # rows that are explained, as a multiple
N_SHIFTED = 32  # rows of each kind that is unlike training


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_rows: int  # explained, of each model; twice as many of bc12, whose bound is nearest
    n_reference: int  # queries of each estimate that stands for exact values
    n_stored: int  # rows whose coalition values are stored
    steps: int  # of training
    n_seeds: int  # of the small trainings


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(32, 2_000, 12_000, 1000, 3),
        full=Plan(100, 20_000, 64_000, 4000, 5),
    )


@dataclass(frozen=True)
class Case:
    """A trained model, rows that it has not seen, and their exact values.

    Args:
        spare: other rows that it has not seen.
        doubt: half the distance of the two estimates behind `exact`, relative; 0 where exact.
    """

    local: LocalModel
    game: Game
    rows: Rows
    exact: Rows
    spare: Float[Tensor, "other feature"]
    doubt: float = 0.0

    def errors(self, values: Rows) -> Float[Tensor, " row"]:
        """Return the error of each of the first rows, as a share of the length of its values."""
        return exact_agreement(values, self.exact[: len(values)], k=1).error.values

    def error(self, values: Rows) -> float:
        """Return the median error."""
        return float(self.errors(values).median())


@dataclass(frozen=True)
class _Stated:
    values: Rows
    spread: Rows


def _stated(of: Case, explainer: AmortizedExplainer, rows: Rows) -> _Stated:
    said = explainer(of.local.model, rows, target=0)
    if said.spread is None:
        raise ValueError("a single network states no spread; train an ensemble with n_members.")
    return _Stated(said.values, said.spread)


def case(name: str) -> Case:
    """Train a model, and find the exact values of rows it has not seen, or what comes near."""
    local, how = local_model(name), plan()
    game = Game(local.model, local.background)
    n_rows = how.n_rows * TIMES_ROWS.get(name, 1)
    rows, spare = local.rows[:n_rows], local.rows[n_rows:]
    if game.n_features <= MOST_EXACT:
        return Case(local, game, rows, exact_shapley(game, rows).values, spare)
    one, other = (
        ask(game, rows, n_queries=how.n_reference, generator=seeded(9)).values
        for ask in (kernel_shap, leverage_shap)
    )
    doubt = float(exact_agreement(one, other, k=1).error.values.median()) / 2
    return Case(local, game, rows, (one + other) / 2, spare, doubt)


@dataclass(frozen=True)
class Taught:
    """A trained explainer and what it cost, in seconds of one core."""

    explainer: AmortizedExplainer
    stored: StoredValues
    asking: float
    training: float

    @property
    def seconds(self) -> float:
        """Asking and training together."""
        return self.asking + self.training


def taught(
    of: Case,
    *,
    seed: int = 0,
    training: Training | None = None,
    n_stored: int | None = None,
    on_step: Callable[[int, AmortizedNet], None] | None = None,
) -> Taught:
    """Ask for coalitions of the training rows, learn from them, and look at the clock."""
    generator, game = seeded(seed), Game(of.local.model, of.local.background)
    begun = process_time()
    rows = more_rows(of.local.data, n_stored or plan().n_stored, generator=generator)
    stored = store_coalitions(game, rows, generator=generator)
    asked = process_time()
    how = training or Training(steps=plan().steps)
    found = learned(game, stored, training=how, on_step=on_step, generator=generator)
    return Taught(found, stored, asked - begun, process_time() - asked)


def explained_by(of: Case, explainer: AmortizedExplainer, rows: Rows | None = None) -> Rows:
    """Return the values an explainer gives, of the case's rows or of others."""
    return explainer(of.local.model, of.rows if rows is None else rows, target=0).values


def held(of: Case, explainer: AmortizedExplainer, rows: Rows, exact: Rows) -> float:
    """Return the share of exact values inside intervals that should hold nine in ten.

    Raises:
        ValueError: if the explainer has no spread.
    """
    said = _stated(of, explainer, rows)
    reach = REACH * said.spread
    return coverage(said.values - reach, said.values + reach, exact).mean


def doubt(of: Case, explainer: AmortizedExplainer, rows: Rows) -> float:
    """Return the median size of an ensemble's spread, as a share of the length of its values.

    Raises:
        ValueError: if the explainer has no spread.
    """
    said = _stated(of, explainer, rows)
    return float((said.spread.norm(dim=-1) / said.values.norm(dim=-1)).median())


def median_error(values: Rows, exact: Rows) -> float:
    """Return the median distance of values from exact ones, as a share of their length."""
    return float(exact_agreement(values, exact, k=1).error.values.median())


def shifted_rows(of: Case) -> dict[str, Rows]:
    """Return rows as they were, and four kinds that the training rows are not like."""
    x, n = of.rows[:N_SHIFTED], of.rows.shape[1]
    order = torch.rand(x.shape, generator=seeded(0)).argsort(0)
    mixed = x.gather(0, order.to(x.device))
    one = torch.zeros(n)
    one[0] = 4
    return {
        "as in training": x,
        "columns of other rows": mixed,
        "first column + 4": x + one,
        "three times as far out": 3 * x,
        "each column + or - 2": x + 2 * (torch.arange(n) % 2 * 2 - 1),
    }
