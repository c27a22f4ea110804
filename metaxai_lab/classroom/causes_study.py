"""Attribution beside the effect of interventions, in three small graphs and many models of each.

In the chain, load warms a machine and heat wears it; load also wears it directly. In the fork, age
wears a machine and makes it hum. In the collider, wear sets off an alarm, and so does load. The
predictor is least squares on rows that were seen, with nobody intervening. Chapter:
book/outlook/causes_and_logic.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.core import Model, seeded
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.explainers.conditional_values import conditional_shapley
from metaxai_lab.tasks.causal import CausalModel, causal_model

OUTCOME = "wear"
COLUMNS = {"chain": ("load", "heat"), "fork": ("age", "hum"), "collider": ("load", "alarm")}
RANGES = {
    "chain": {
        ("load", "heat"): (0.5, 2.0),
        ("heat", "wear"): (0.5, 2.0),
        ("load", "wear"): (0.2, 2.0),
    },
    "fork": {("age", "wear"): (0.5, 2.0), ("age", "hum"): (0.5, 2.0)},
    "collider": {
        ("load", "wear"): (0.5, 2.0),
        ("wear", "alarm"): (0.5, 2.0),
        ("load", "alarm"): (0.2, 1.0),
    },
}


def random_models(graph: str, n_models: int, *, seed: int) -> CausalModel:
    """Draw models of one graph; no arrow has the weight 0, and all noise has the size 1."""
    draw = seeded(seed)
    arrows = {
        arrow: low + (high - low) * torch.rand(n_models, generator=draw, dtype=torch.float64)
        for arrow, (low, high) in RANGES[graph].items()
    }
    names = dict.fromkeys(name for arrow in arrows for name in arrow)
    return causal_model(tuple(names), arrows)


@dataclass(frozen=True)
class Compared:
    """What attribution says of each column, and what interventions do; all in units of wear.

    Args:
        marginal: mean size of the marginal Shapley values; so is `conditional`.
        total: how far a usual deviation of the column, set from outside, moves the outcome.
        direct: the same with all other columns held.
        weights: of the predictor.
    """

    marginal: Float[Tensor, "model column"]
    conditional: Float[Tensor, "model column"]
    total: Float[Tensor, "model column"]
    direct: Float[Tensor, "model column"]
    weights: Float[Tensor, "model column"]


def compared(
    graph: str, n_models: int = 50, *, n_rows: int = 2000, seed: int = 0, reads: str | None = None
) -> Compared:
    """Fit a predictor in each model, explain it both ways, and intervene.

    Args:
        reads: the one column that the predictor may read; all if None.
    """
    models = random_models(graph, n_models, seed=seed)
    rows = models.rows(models.draw_noise(n_rows, generator=seeded(seed + 1)))
    names = COLUMNS[graph]
    places, outcome = [models.place(name) for name in names], models.place(OUTCOME)
    x = rows[..., places] - rows[..., places].mean(-2, keepdim=True)
    read = torch.tensor([reads in (None, name) for name in names])
    weights = least_squares(x, rows[..., outcome], read)
    usual = x.abs().mean(-2)
    marginal, conditional = both_credits(weights, x)
    total = models.total_effects()[:, outcome, places].abs() * usual
    direct = models.weights[:, outcome, places].abs() * usual
    return Compared(marginal, conditional, total, direct, weights)


def least_squares(
    x: Float[Tensor, "model row column"],
    y: Float[Tensor, "model row"],
    read: Bool[Tensor, " column"],
) -> Float[Tensor, "model column"]:
    """Fit the columns that may be read, and give the others no weight."""
    y = y - y.mean(-1, keepdim=True)
    found = torch.linalg.lstsq(x[..., read], y[..., None]).solution[..., 0]
    weights = x.new_zeros(len(x), x.shape[-1])
    weights[:, read] = found
    return weights


def both_credits(
    weights: Float[Tensor, "model column"], x: Float[Tensor, "model row column"]
) -> tuple[Float[Tensor, "model column"], Float[Tensor, "model column"]]:
    """Return the mean size of marginal and of conditional Shapley values of linear models."""

    def predictor(rows: Tensor) -> Tensor:
        return rows @ weights[..., None]

    model: Model = predictor
    middle = x.mean(-2, keepdim=True)
    marginal = exact_shapley(Game(model, middle, unit="wear"), x)
    covariance = x.mT @ x / x.shape[-2]
    conditional = conditional_shapley(model, x, background=middle, covariance=covariance)
    return marginal.values.abs().mean(-2), conditional.values.abs().mean(-2)


def same_first(said: Float[Tensor, "model column"], truth: Float[Tensor, "model column"]) -> float:
    """Return the share of models in which both put the same column first."""
    return float((said.argmax(-1) == truth.argmax(-1)).double().mean())


def credit_of(said: Float[Tensor, "model column"], column: int) -> float:
    """Return the share of all credit that a column gets, in the mean over models."""
    return float((said[:, column] / said.sum(-1)).mean())
