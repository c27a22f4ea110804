"""A start that tasks share, a freedom for each column to leave it, and gates that read rows.

With few rows a task should keep to what other tasks found, and with many to its own. How far each
column may go from the start is learned across tasks, and so is how far the start may grow or shrink
as a whole, and how much more or less a column may move once the support was seen. Freedoms of
nought give the start itself, the pooled solution; with a start at nought, and one freedom for all,
it is ridge on the task alone. The price of a step is one over the freedom. While it is trained,
each task has a start that did not see it, as a new task will. Columns keep the unit in which they
come: standardise the whole table by the training groups beforehand. Sources: Gelman & Hill (2007),
chapter 12, for a start and how far groups lie from it; Steyerberg et al. (2004) for a model that is
carried to another place and recalibrated there, in level and strength.
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import Episode, Examples
from metaxai_lab.learners.feature_gates import FeatureGates
from metaxai_lab.learners.linear_model import LinearModel
from metaxai_lab.learners.outer_loop import History, meta_train
from metaxai_lab.learners.standardised import in_own_units, refuse_unfit

QUICK = 30.0  # freedoms learn so many times as fast as gates
MOST = 4.6  # logarithm of the largest freedom, 100: beyond, 32 bits do not solve for the weights
FREEDOM, LEVEL = -3.0, -1.0  # logarithms before training, of columns and strength, of the level
PULL = 0.01  # of gates towards one half


class SharedStart(nn.Module):
    """Linear regression that begins where other tasks ended.

    Labels 0 and 1 are regressed as numbers. A column that is constant in the support says nothing
    there: its gate is one half, and it moves with the start as a whole only.

    Args:
        gates: read the support rows, in whatever unit, and what the start leaves of their targets.
        start: a weight for each column, and the intercept as the last.
    """

    start: Tensor

    def __init__(self, gates: FeatureGates, start: Float[Tensor, " feature_and_one"]) -> None:
        super().__init__()
        self.read = gates
        self.register_buffer("start", start.detach().clone())
        self.log_freedom = nn.Parameter(start.new_zeros(len(start) + 1))  # from the first / QUICK

    @property
    def freedom(self) -> Float[Tensor, " feature_and_two"]:
        """How far columns, the start as a whole and the level may go.

        A freedom is the variance of the step, in that of the residuals.
        """
        first = torch.full_like(self.log_freedom, FREEDOM)
        first[-1] = LEVEL
        return (first + QUICK * self.log_freedom).clamp_max(MOST).exp()

    def adapt(self, support: Examples) -> "StartedModel":
        """Return the model of one task, or of a stacked batch of tasks.

        Raises:
            ValueError: if there is only one row, a value is NaN or infinite, or the columns are not
                as many as the gates were made for.
        """
        self.read.refuse_width(support.x.shape[-1])
        refuse_unfit(support)
        weights, level = self.start[:-1], self.start[-1]
        moved = self.depart(support, support.x @ weights + level)
        kept = 1 + moved.strength
        return StartedModel(
            kept[..., None] * weights + moved.weights, kept * level + moved.level, moved.logits
        )

    def depart(self, support: Examples, said: Float[Tensor, "*tasks row"]) -> "Departure":
        """Return how tasks depart from what a start said of their support rows; refuse nothing."""
        left = support.y - said
        rows = in_own_units(Examples(support.x, left))
        read = self.read.said(rows, self.read.tokens(rows)).logits
        logits = read.where(rows.varies, torch.zeros_like(read))
        two = logits.new_ones((*logits.shape[:-1], 2))
        scale = torch.cat([2 * logits.sigmoid(), two], -1)
        reach = scale * self.freedom.sqrt() * torch.cat([rows.varies.to(two.dtype), two], -1)
        whole = torch.stack([said, torch.ones_like(said)], -1)
        moved = _ridge(torch.cat([support.x, whole], -1) * reach[..., None, :], left) * reach
        return Departure(moved[..., :-2], moved[..., -2], moved[..., -1], logits)


@dataclass(frozen=True, eq=False)
class Departure:
    """How each task departs from a start, whichever it was.

    Args:
        weights: what is added to the start's.
        strength: by which share the start grows as a whole; -1 leaves nothing of it.
        level: what is added to every answer.
        logits: of the gates.
    """

    weights: Float[Tensor, "*tasks feature"]
    strength: Float[Tensor, "*tasks"]
    level: Float[Tensor, "*tasks"]
    logits: Float[Tensor, "*tasks feature"]

    def __call__(
        self, x: Float[Tensor, "*tasks row feature"], said: Float[Tensor, "*tasks row"]
    ) -> Float[Tensor, "*tasks row"]:
        """Return the answer for rows of which the start says `said`."""
        more = (x @ self.weights[..., None])[..., 0] + self.level[..., None]
        return said * (1 + self.strength[..., None]) + more


@dataclass(frozen=True, eq=False)
class StartedModel(LinearModel):
    """A linear model of each task, and the gates that were read from its support.

    Args:
        logits: of the gates, as they were read; 0 where a column is constant in the support.
    """

    logits: Float[Tensor, "*tasks feature"]

    @property
    def gates(self) -> Float[Tensor, "*tasks feature"]:
        """Between 0 and 1; a column with one half moves as cheaply as in the mean task."""
        return self.logits.sigmoid()


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
        draw: makes the stacked tasks of a step. Their last column is what a start says of each row
            that did not see the task, such as one of the other groups.
        settings: go to `meta_train` as they are.
    """
    usual = {"clip": 1.0, "progress": False, "outer_lr": 3e-3}
    return meta_train(
        learner, draw, start_loss, steps=steps, generator=generator, **(usual | settings)
    )


def _ridge(
    x: Float[Tensor, "*tasks row feature"], y: Float[Tensor, "*tasks row"]
) -> Float[Tensor, "*tasks feature"]:
    """Return ridge's weights at a penalty of 1, from as many unknowns as there are columns."""
    with torch.autocast(x.device.type, enabled=False):  # a system of 16 bits cannot be solved
        factor = torch.linalg.cholesky(x.mT @ x + torch.eye(x.shape[-1]).to(x))
        return torch.cholesky_solve(x.mT @ y[..., None], factor)[..., 0]


def start_loss(learner: SharedStart, episode: Episode) -> Float[Tensor, ""]:
    """Return the mean squared error of the query rows, and a little for gates that are not even.

    The last column is what a start says of each row.
    """
    support, query = episode.support, episode.query
    moved = learner.depart(Examples(support.x[..., :-1], support.y), support.x[..., -1])
    error = (moved(query.x[..., :-1], query.x[..., -1]) - query.y).square().mean()
    return error + PULL * moved.logits.square().mean()
