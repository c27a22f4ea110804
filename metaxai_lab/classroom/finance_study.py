"""A branch that is new to the bank: what was learned elsewhere, ten files of it, and its points.

Branches stand in regions; a region is left out as a whole, and each of its branches is judged by
itself. A branch's model is a line in the units of the columns, so a reason is points of this
branch, and a change can be worked out exactly. Chapter: book/applications/finance.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.classroom.linear_baselines import ridge
from metaxai_lab.classroom.tables_rivals import alone, rivals, tuned
from metaxai_lab.classroom.tables_study import Cut, Fold, Groups, leave, train
from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers.counterfactual import Allowed
from metaxai_lab.learners import LinearModel, SharedStart
from metaxai_lab.tasks.credit import HIGH, LOW, NAMES, STEP, CreditFamily

WAYS = ("up", "down", "never", "up", "up", "down", "never", "never", "never")
PRICES = (0.5, 0.4, 1.0, 12.0, 0.5, 0.5, 1.0, 1.0, 1.0)  # of a step, in months of effort
REACH = (15, 20, 0, 2, 12, 20, 0, 0, 0)  # steps that a person can go in two years
N_REGIONS = 4
ALLOWED = Allowed(
    torch.tensor(LOW),
    torch.tensor(HIGH),
    torch.tensor(STEP),
    torch.tensor(PRICES),
    WAYS,
    torch.tensor(REACH),
)


@dataclass(frozen=True)
class Bank:
    """A family with one region left out, and what the other regions taught.

    Args:
        fold: the table in units of the training branches.
        learner: starts a new branch where others are, and moves with its files.
        kept: the columns of the family that the learner sees.
    """

    family: CreditFamily
    fold: Fold
    learner: SharedStart
    kept: tuple[int, ...]

    def files(self, branch: int, k: int, *, draw: int = 0) -> tuple[Tensor, Tensor]:
        """Return which rows of a branch are its first files, and which are all others."""
        rows = self.family.rows(branch).nonzero()[:, 0].cpu()
        order = rows[torch.randperm(len(rows), generator=seeded(1000 * draw + branch))]
        return order[:k], order[k:]

    def branch(self, branch: int, k: int, *, draw: int = 0) -> LinearModel:
        """Return the model of a branch after `k` files: points, for rows as they were filed."""
        first, _ = self.files(branch, k, draw=draw)
        return self.line(self.learner.adapt(self._support(first)))

    def own(self, branch: int, k: int, penalty: float, *, draw: int = 0) -> LinearModel:
        """Return the ridge of the same files alone."""
        first, _ = self.files(branch, k, draw=draw)
        return self.line(alone(ridge, self._support(first), penalty))

    def own_penalty(self, k: int) -> float:
        """Return the penalty that serves the ridge of `k` files best on training branches."""
        return tuned(self.fold, k, seeded(k))[ridge]

    def pooled(self) -> LinearModel:
        """Return the one line of all training branches: where the learner starts."""
        start = self.learner.start
        return self.line(LinearModel(start[:-1], start[-1]))

    def line(self, model: LinearModel) -> LinearModel:
        """Return a line over standardised columns as points over columns as they were filed."""
        centre, scale = self.fold.table.target_scale
        mean, size = self._units()
        weights = self.family.table.x.new_zeros(len(NAMES))
        weights[list(self.kept)] = model.weights.detach() * scale / size
        level = model.intercept.detach() * scale + centre
        return LinearModel(weights, level - (weights[list(self.kept)] * mean).sum())

    def _support(self, rows: Int[Tensor, " row"]) -> Examples:
        return Examples(self.fold.table.x[rows], self.fold.table.y[rows])

    def _units(self) -> tuple[Tensor, Tensor]:
        raw, ours = self.family.table.x[:, list(self.kept)], self.fold.table.x
        size = raw.std(0) / ours.std(0)
        return raw.mean(0) - ours.mean(0) * size, size


def regions(family: CreditFamily, n_query: int = 100, *, n_judged: int = N_REGIONS) -> Cut:
    """Cut a family into regions of branches, of which the first `n_judged` are left out in turn."""
    n_tasks = len(family.table.task_names)
    groups: Groups = {
        f"region {number + 1}": tuple(range(number, n_tasks, N_REGIONS))
        for number in range(N_REGIONS)
    }
    return Cut(family.table, groups, tuple(groups)[:n_judged], n_query=n_query, rows=(5, 50))


def open_bank(
    family: CreditFamily, *, seed: int, region: str = "region 1", without: Sequence[int] = ()
) -> Bank:
    """Leave a region out, train on the others, and return what is there for new branches.

    Args:
        without: columns that nobody sees, as if they had never been filed.
    """
    kept = tuple(c for c in range(len(NAMES)) if c not in without)
    table = replace(
        family.table,
        x=family.table.x[:, list(kept)],
        feature_names=tuple(NAMES[c] for c in kept),
    )
    fold = leave(regions(replace(family, table=table)), region)
    found = rivals(fold)
    return Bank(family, fold, train(fold, found.pooled, found.others, seed=seed), kept)


def held(model: LinearModel, column: int, at: float) -> LinearModel:
    """Return the model that takes everybody's value of a column to be `at`."""
    weights = model.weights.clone()
    weights[..., column] = 0
    return LinearModel(weights, model.intercept + model.weights[..., column] * at)


def points(model: LinearModel, x: Float[Tensor, "row feature"]) -> Float[Tensor, " row"]:
    """Return the points of each row."""
    return model(x)[:, 0].detach()


def reasons(
    model: LinearModel, x: Float[Tensor, "row feature"], middle: Float[Tensor, " feature"]
) -> Float[Tensor, "row feature"]:
    """Return the points that each column adds, beside an applicant whose values are `middle`."""
    return (x - middle) * model.weights.detach()


def yes(model: LinearModel, x: Float[Tensor, "row feature"], cut: float) -> Bool[Tensor, " row"]:
    """Mark who gets a yes."""
    return points(model, x) >= cut
