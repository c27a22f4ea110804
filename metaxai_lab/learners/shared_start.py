"""A start that tasks share, a freedom for each column to leave it, and gates that read rows.

With few rows a task should keep to what other tasks found, and with many to its own. How far each
column may go from the start is learned across tasks, and so is how much more or less a column
counts once the support was seen. Freedoms of nought give the start itself, the pooled
solution; with a start at nought, and one freedom for all, it is ridge on the task alone. The price
of a step is one over the freedom. Columns keep the unit in which they come, so that a scale need
not be guessed from ten rows: standardise the whole table by the training groups beforehand.
Source: Gelman & Hill (2007), chapter 12, for a start and how far groups lie from it.
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

QUICK = 30.0  # freedoms learn so many times as fast as gates
MOST = 4.6  # logarithm of the largest freedom, 100: beyond, 32 bits do not solve for the weights
FREEDOM, LEVEL = -3.0, -1.0  # logarithms before training, of columns and of the intercept
PULL = 0.01  # of gates towards one half


class SharedStart(nn.Module):
    """Linear regression that begins where other tasks ended.

    Labels 0 and 1 are regressed as numbers. A column that is constant in the support says nothing
    there, keeps the gate one half and has no freedom: its weight stays what was learned elsewhere,
    and the level moves in its place.

    Args:
        gates: read the support rows, in whatever unit.
        start: a weight for each column, and the intercept as the last.
    """

    start: Tensor

    def __init__(self, gates: FeatureGates, start: Float[Tensor, " feature_and_one"]) -> None:
        super().__init__()
        self.read = gates
        self.register_buffer("start", start.detach().clone())
        self.log_freedom = nn.Parameter(torch.zeros_like(start))  # from the first, in 1 / QUICK

    @property
    def freedom(self) -> Float[Tensor, " feature_and_one"]:
        """How far weights may go from the start: their variance, in that of the residuals."""
        first = torch.full_like(self.log_freedom, FREEDOM)
        first[-1] = LEVEL
        return (first + QUICK * self.log_freedom).clamp_max(MOST).exp()

    def adapt(self, support: Examples) -> "StartedModel":
        """Return the model of one task, or of a stacked batch of tasks.

        Raises:
            ValueError: if there is only one row, a value is NaN or infinite, or the columns are not
                as many as the gates were made for.
        """
        rows = standardised(support)
        read = self.read.said(rows, self.read.tokens(rows)).logits
        logits = read.where(rows.varies, torch.zeros_like(read))
        one = torch.ones_like(support.x[..., :1])
        level = torch.ones_like(logits[..., :1])
        scale = torch.cat([2 * logits.sigmoid(), level], -1)
        freedom = self.freedom * torch.cat([rows.varies.to(level.dtype), level], -1)
        x = torch.cat([support.x, one], -1) * scale[..., None, :]
        start = self.start.expand_as(scale)
        y = support.y.to(x.dtype)
        price = y.new_ones(y.shape[:-1])
        fitted = adaptive_ridge(x, y, freedom, price, start) * scale
        return StartedModel(fitted[..., :-1], fitted[..., -1], logits)


@dataclass(frozen=True, eq=False)
class StartedModel:
    """A linear model of each task, and the gates that were read from its support.

    Args:
        weights: in the units of the support's own columns.
        intercept: what a row of zeros gets.
        logits: of the gates, as they were read; 0 where a column is constant in the support.
    """

    weights: Float[Tensor, "*tasks feature"]
    intercept: Float[Tensor, "*tasks"]
    logits: Float[Tensor, "*tasks feature"]

    @property
    def gates(self) -> Float[Tensor, "*tasks feature"]:
        """Between 0 and 1; a column with one half counts as in the start, before it moves."""
        return self.logits.sigmoid()

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
    """Train freedoms and gates in place by the error on query rows; `meta_train` says the rest.

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
    return error + PULL * model.logits.square().mean()
