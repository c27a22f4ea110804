"""Training gates across tasks: by the error of the guided learner on rows that it did not see.

Nothing tells the gates which columns matter; columns that help on query rows are opened. Their
spread learns beside them from pairs of disjoint support sets of one task: how far apart are the
gates that two such sets give? Some pairs disagree on a column altogether, so that likelihood is
Laplace's, whose tails are heavier than the normal law's. Chapter: book/importance/gates.ipynb.
"""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.learners.guided import Guided
from metaxai_lab.learners.outer_loop import History, meta_train


def meta_train_gates(
    learner: Guided,
    draw: Callable[[Generator], Episode],
    *,
    steps: int,
    generator: Generator,
    outer_lr: float = 3e-3,
    **settings: Any,
) -> History:
    """Train a guided learner in place, its gates and their spread; `meta_train` says the rest.

    Args:
        draw: makes the stacked tasks of a step; at least as many query rows as support rows.
        settings: go to `meta_train` as they are.

    Raises:
        ValueError: if a draw has fewer query rows than support rows; and as `meta_train` does.
    """
    settings = {"clip": 1.0, "progress": False} | settings
    return meta_train(
        learner, draw, gates_loss, steps=steps, outer_lr=outer_lr, generator=generator, **settings
    )


def gates_loss(learner: Guided, episode: Episode) -> Float[Tensor, ""]:
    """Return the scaled error of the query rows, and how unlikely the gates of other rows are.

    Raises:
        ValueError: if there are fewer query rows than support rows.
    """
    model = learner.adapt(episode.support)
    error = scaled_errors(model(episode.query.x), episode).mean()
    with torch.no_grad():
        other = learner.gates(_other_support(episode))
    spread = model.gates.spread
    away = (other.logits - model.gates.logits.detach()).abs() / spread
    return error + (2**0.5 * away + spread.log()).mean()


def scaled_errors(
    outputs: Float[Tensor, "*tasks row 1"], episode: Episode
) -> Float[Tensor, "*tasks"]:
    """Return the mean squared error of the query rows as a share of the targets' variance.

    The variance is over all rows of the task; where all targets are one, there is no share, and the
    task counts 0.
    """
    y = torch.cat([episode.support.y, episode.query.y], -1).to(outputs.dtype)
    size = y.var(-1, correction=0)
    error = (outputs[..., 0] - episode.query.y).square().mean(-1)
    return (error / size.where(size > 0, torch.ones_like(size))) * (size > 0)


def _other_support(episode: Episode) -> Examples:
    """Return the first query rows as another support set of the same task."""
    n_rows, found = episode.support.y.shape[-1], episode.query.y.shape[-1]
    if found < n_rows:
        raise ValueError(
            f"gates learn their spread from another support of {n_rows} rows, which are taken from "
            f"the query; found {found} rows there. Draw n_query={n_rows} or more."
        )
    return Examples(episode.query.x[..., :n_rows, :], episode.query.y[..., :n_rows])
