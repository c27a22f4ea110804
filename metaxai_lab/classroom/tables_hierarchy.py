"""Two learners made for such tables: a logistic line brought to a new group, and a shrunken level.

A pooled line says a number for each patient. `recalibrated` turns it into a chance by a slope and a
level, which begin where the training groups put them and move by the support rows; how far they may
move is chosen by leaving training groups out. `shrunk_level` is partial pooling: the mean of what
the line leaves in k rows counts k v / (k v + s), with the variance v between groups and s within.
Sources: Steyerberg et al. (2004); Gelman & Hill (2007), chapter 12.
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.tables_rivals import N_TUNED, Rivals
from metaxai_lab.classroom.tables_study import Fold, rows_of
from metaxai_lab.core import Episode, Examples
from metaxai_lab.learners import LinearModel

SLOPES = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)  # variances of the step of the slope
LEVELS = (0.1, 0.3, 1.0, 3.0, 10.0)  # and of the level, in log-odds
FREE = 1e4


@dataclass(frozen=True)
class Recalibrated:
    """A line whose answers become chances, by a slope and a level of each task.

    Args:
        line: weights and level of the pooled line.
        middle: the slope and the level of the training groups.
        variance: how far a task's own may lie from them; or a stack of them to try, each (1, 2).
    """

    line: Float[Tensor, " feature_and_one"]
    middle: Float[Tensor, "2"]
    variance: Float[Tensor, "*tried 2"]

    def errors(self, judged: Episode) -> Float[Tensor, "*tried task"]:
        """Return the mean squared error of the chances in the query rows of each task."""
        said = answers(self.line, judged.support.x)
        found = recalibrate(said, judged.support.y.double(), self.middle, self.variance)
        left = chances(found, answers(self.line, judged.query.x)) - judged.query.y
        return left.square().mean(-1)


def recalibrated(fold: Fold, found: Rivals, k: int, *, generator: Generator) -> Recalibrated:
    """Learn from the training groups where slope and level begin, and how far they may go.

    The line that meets a training group, here as with a new one, was fitted without it.
    """
    known = {name: _known(fold, found, name) for name in fold.by}
    drawn = {
        name: fold.draw(tasks, k, N_TUNED, generator=generator) for name, tasks in fold.by.items()
    }

    tried, errors = torch.tensor([*product(SLOPES, LEVELS)]), []
    for name, episode in drawn.items():
        others = {other: rows for other, rows in known.items() if other != name}
        learner = Recalibrated(found.others[name], _middle(others), tried[:, None])
        errors.append(learner.errors(episode).mean(-1))
    best = tried[torch.stack(errors).mean(0).argmin()]
    return Recalibrated(found.pooled, _middle(known), best)


def recalibrate(
    said: Float[Tensor, "*tasks row"],
    y: Float[Tensor, "*tasks row"],
    middle: Float[Tensor, "2"],
    variance: Float[Tensor, "*tried 2"],
    *,
    n_steps: int = 30,
) -> Float[Tensor, "*stack 2"]:
    """Return the most probable slope and level of each task, by Newton's method.

    Args:
        y: 0 or 1.
    """
    columns = _columns(said)
    price = 1 / variance.double()
    stack = torch.broadcast_shapes(said.shape[:-1], variance.shape[:-1])
    found = middle.double().expand(*stack, 2)
    for _ in range(n_steps):
        chance = chances(found, said)
        weight = (chance * (1 - chance)).clamp_min(1e-6)
        slope = (columns * (y - chance)[..., None]).sum(-2) - (found - middle) * price
        curve = (columns.mT * weight[..., None, :]) @ columns + price.diag_embed()
        found = found + torch.linalg.solve(curve, slope)
    return found


def chances(
    two: Float[Tensor, "*#tasks 2"], said: Float[Tensor, "*#tasks row"]
) -> Float[Tensor, "*#tasks row"]:
    """Return the chance of class 1 for each answer of the line."""
    return (_columns(said) @ two[..., None])[..., 0].sigmoid()


def answers(
    line: Float[Tensor, " feature_and_one"], x: Float[Tensor, "*tasks row feature"]
) -> Float[Tensor, "*tasks row"]:
    """Return what a line says of rows."""
    return (x @ line[:-1] + line[-1]).double()


def shrunk_level(fold: Fold, found: Rivals, support: Examples) -> LinearModel:
    """Return the pooled line with the level that partial pooling gives each task."""
    left = support.y - answers(found.pooled, support.x)
    between, within = spreads({name: _left(fold, found, name) for name in fold.by})
    k = left.shape[-1]
    moved = left.mean(-1) * (k * between / (k * between + within))
    flat = found.pooled_line(len(moved))
    return LinearModel(flat.weights, flat.intercept + moved.to(flat.intercept.dtype))


def spreads(left: Mapping[str, Float[Tensor, " row"]]) -> tuple[float, float]:
    """Return the variance between groups and the one within, of what a line left in each.

    Source: the moments of Henderson (1953) about a mean of 0; not below a small number.
    """
    each = list(left.values())
    n_rows = sum(len(one) for one in each)
    within = sum(float((one - one.mean()).square().sum()) for one in each) / (n_rows - len(each))
    means = sum(len(one) * float(one.mean()) ** 2 for one in each)
    return max(1e-6, (means - len(each) * within) / n_rows), within


def _columns(said: Float[Tensor, "*tasks row"]) -> Float[Tensor, "*tasks row 2"]:
    return torch.stack([said, torch.ones_like(said)], -1)


def _known(fold: Fold, found: Rivals, name: str) -> tuple[Tensor, Tensor]:
    rows = rows_of(fold.table, fold.by[name])
    return answers(found.others[name], fold.table.x[rows]), fold.table.y[rows].double()


def _left(fold: Fold, found: Rivals, name: str) -> Float[Tensor, " row"]:
    said, y = _known(fold, found, name)
    return y - said


def _middle(known: Mapping[str, tuple[Tensor, Tensor]]) -> Float[Tensor, "2"]:
    said, y = (torch.cat(parts) for parts in zip(*known.values(), strict=True))
    return recalibrate(said, y, torch.zeros(2), torch.full((2,), FREE))
