"""A start that tasks share, a price for each column to leave it, and gates that read the support.

With few rows a task should keep to what other tasks found, and with many to its own. How far each
column may go from the start is learned across tasks, and so is how much more or less a column
counts once the support was seen. Prices of nought give the start itself, the pooled solution;
without a start, and with one price for all, it is ridge on the task alone. Columns keep the unit in
which they come, so that a scale need not be guessed from ten rows: standardise the whole table by
the training groups beforehand. Source: Gelman & Hill (2007), chapter 12, for a start with prices.
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import Episode, Examples
from metaxai_lab.learners.adaptive_ridge import adaptive_ridge
from metaxai_lab.learners.feature_gates import FeatureGates
from metaxai_lab.learners.outer_loop import History, meta_train
from metaxai_lab.learners.standardised import standardised

QUICK = 30.0  # prices learn so many times as fast as gates
FREEDOM, LEVEL = -3.0, -1.0  # logarithms before training, of columns and of the intercept
PULL = 0.01  # of gates towards one half


class SharedStart(nn.Module):
    """Linear regression that begins where other tasks ended.

    Labels 0 and 1 are regressed as numbers. A column that is constant in the support says nothing
    there, and keeps the gate one half: what was learned elsewhere stays.

    Args:
        gates: read the support rows, in whatever unit.
        start: a weight for each column, and the intercept as the last.
    """

    start: Tensor

    def __init__(self, gates: FeatureGates, start: Float[Tensor, " feature_and_one"]) -> None:
        super().__init__()
        self.read = gates
        self.register_buffer("start", start.detach().clone())
        self.prices = nn.Parameter(torch.zeros_like(start))

    @property
    def freedom(self) -> Float[Tensor, " feature_and_one"]:
        """How far weights may go from the start: their variance, in that of the residuals."""
        first = torch.full_like(self.prices, FREEDOM)
        first[-1] = LEVEL
        return (first + QUICK * self.prices).exp()

    def adapt(self, support: Examples) -> "StartedModel":
        """Return the model of one task, or of a stacked batch of tasks.

        Raises:
            ValueError: if there is only one row, a value is NaN or infinite, or the columns are not
                as many as the gates were made for.
        """
        gates = self._gates(support)
        one = torch.ones_like(support.x[..., :1])
        scale = torch.cat([2 * gates, torch.ones_like(gates[..., :1])], -1)
        x = torch.cat([support.x, one], -1) * scale[..., None, :]
        start = self.start.expand_as(scale)
        y = support.y.to(x.dtype)
        price = y.new_ones(y.shape[:-1])
        fitted = adaptive_ridge(x, y, self.freedom.expand_as(scale), price, start) * scale
        return StartedModel(fitted[..., :-1], fitted[..., -1], gates)

    def _gates(self, support: Examples) -> Float[Tensor, "*tasks feature"]:
        weights = self.read(support).weights
        varies = standardised(support).varies
        return weights.where(varies, torch.full_like(weights, 0.5))


@dataclass(frozen=True, eq=False)
class StartedModel:
    """A linear model of each task, and the gates that were read from its support.

    Args:
        weights: in the units of the support's own columns.
        intercept: what a row of zeros gets.
        gates: between 0 and 1; a column with one half counts as in the start, before its weight
            moves.
    """

    weights: Float[Tensor, "*tasks feature"]
    intercept: Float[Tensor, "*tasks"]
    gates: Float[Tensor, "*tasks feature"]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row 1"]:
        """Return the prediction for each row."""
        return x @ self.weights[..., None] + self.intercept[..., None, None]


def meta_train_start(
    learner: SharedStart,
    draw: Callable[[Generator], Episode],
    *,
    steps: int,
    generator: Generator,
    **settings: Any,
) -> History:
    """Train prices and gates in place by the error on query rows; `meta_train` says the rest.

    Args:
        draw: makes the stacked tasks of a step.
        settings: go to `meta_train` as they are.
    """
    usual = {"clip": 1.0, "progress": False, "outer_lr": 3e-3}
    return meta_train(
        learner, draw, start_loss, steps=steps, generator=generator, **(usual | settings)
    )


def start_loss(learner: SharedStart, episode: Episode) -> Float[Tensor, ""]:
    """Return the mean squared error of the query rows, and a little for gates that are not even."""
    model = learner.adapt(episode.support)
    error = (model(episode.query.x)[..., 0] - episode.query.y).square().mean()
    return error + PULL * model.gates.logit().square().mean()
