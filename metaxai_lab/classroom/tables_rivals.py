"""Who is compared on real tables: the task alone, all groups as one, and a forest of a few rows.

Ridge and lasso see the support rows alone, with a level of their own; their penalties are chosen on
training groups. The pooled ridge sees all training rows, and its penalty is chosen by leaving
training groups out. Sources: Hoerl & Kennard (1970); Tibshirani (1996); Breiman (2001).
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.linear_baselines import Fit, lasso, ridge
from metaxai_lab.classroom.tables_study import Fold, rows_of
from metaxai_lab.core import Episode, Examples
from metaxai_lab.learners import SharedStart

PENALTIES: Mapping[Fit, Sequence[float]] = {
    ridge: (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0),
    lasso: (0.01, 0.03, 0.05, 0.1, 0.2, 0.5),
}
POOLED = (1.0, 10.0, 100.0, 1000.0)
N_TUNED = 120  # tasks of training groups that a penalty is chosen on
Line = tuple[Tensor, Tensor]  # weights (*tasks, feature) and level (*tasks)


@dataclass(frozen=True)
class Rivals:
    """What is compared on one fold.

    Args:
        pooled: weights and level of the ridge of all training rows.
        within: of the training rows, the sums of squares and products that support rows add to.
    """

    fold: Fold
    pooled: Float[Tensor, " feature_and_one"]
    within: tuple[Tensor, Tensor]

    def lines(self, judged: Episode, tuned: Mapping[Fit, float]) -> dict[str, Line]:
        """Return the line of each rival for each task."""
        support, n_tasks = judged.support, len(judged.support.y)
        weights, level = self.pooled[:-1].expand(n_tasks, -1), self.pooled[-1].expand(n_tasks)
        moved = support.y.mean(-1) - (support.x.mean(-2) * weights).sum(-1)
        return {
            "own ridge": alone(ridge, support, tuned[ridge]),
            "own lasso": alone(lasso, support, tuned[lasso]),
            "pooled": (weights, level),
            "pooled + rows": self._added(support),
            "pooled, own level": (weights, moved),
        }

    def _added(self, support: Examples) -> Line:
        x = _with_one(support.x).double()
        squares = self.within[0] + x.mT @ x
        products = self.within[1] + (x.mT @ support.y.double()[..., None])[..., 0]
        found = torch.linalg.solve(squares, products[..., None])[..., 0].to(support.x.dtype)
        return found[..., :-1], found[..., -1]


def rivals(fold: Fold) -> Rivals:
    """Fit the pooled ridge, with the penalty that leaving training groups out prefers."""
    sums = {name: _sums(fold, tasks) for name, tasks in fold.by.items()}
    whole = tuple(torch.stack(parts).sum(0) for parts in zip(*sums.values(), strict=True))
    errors = {penalty: 0.0 for penalty in POOLED}
    for name, (squares, products, total) in sums.items():
        for penalty in POOLED:
            found = _solved(whole[0] - squares, whole[1] - products, penalty)
            error = total - 2 * found @ products + found @ squares @ found
            errors[penalty] += float(error) / int(fold.table.counts[list(fold.by[name])].sum())
    best = min(errors, key=lambda penalty: errors[penalty])
    squares = whole[0] + best * _penalised(len(whole[0]))
    pooled = torch.linalg.solve(squares, whole[1]).to(fold.table.x.dtype)
    return Rivals(fold, pooled, (squares, whole[1]))


def tuned(fold: Fold, k: int, generator: Generator) -> dict[Fit, float]:
    """Choose the penalties of ridge and lasso for `k` rows, on tasks of the training groups."""
    drawn = fold.draw(fold.trained, k, N_TUNED, generator)

    def error(fit: Fit, penalty: float) -> float:
        return float(line_errors(alone(fit, drawn.support, penalty), drawn.query).mean())

    return {
        fit: min(penalties, key=lambda penalty, fit=fit: error(fit, penalty))
        for fit, penalties in PENALTIES.items()
    }


def alone(fit: Fit, support: Examples, penalty: float) -> Line:
    """Fit the support rows alone, with a level that costs nothing."""
    middle, level = support.x.mean(-2, keepdim=True), support.y.mean(-1, keepdim=True)
    weights = fit(Examples(support.x - middle, support.y - level), penalty)
    return weights, level[..., 0] - (middle[..., 0, :] * weights).sum(-1)


def guided(learner: SharedStart, support: Examples) -> Line:
    """Return the line of the guided learner for each task."""
    with torch.no_grad():
        model = learner.adapt(support)
    return model.weights, model.intercept


def line_errors(line: Line, query: Examples) -> Float[Tensor, "*tasks"]:
    """Return the mean squared error of each task on its query rows."""
    said = (query.x @ line[0][..., None])[..., 0] + line[1][..., None]
    return (said - query.y).square().mean(-1)


def forest(rows: Examples, *, n_trees: int = 100, generator: Generator) -> Any:
    """Grow a random forest on the rows of one task; classes 0 and 1 are numbers."""
    from sklearn.ensemble import RandomForestRegressor  # here, since it takes long to load

    seed = int(torch.randint(2**31 - 1, (), generator=generator))
    grown = RandomForestRegressor(n_trees, min_samples_leaf=2, random_state=seed)
    return grown.fit(rows.x.cpu().numpy(), rows.y.cpu().numpy())


def forest_errors(judged: Episode, *, generator: Generator) -> Float[Tensor, " task"]:
    """Return the mean squared error of a forest of each task's support rows."""
    errors = []
    for task in range(len(judged.support.y)):
        one = judged.task(task)
        grown = forest(one.support, n_trees=60, generator=generator)
        said = torch.as_tensor(grown.predict(one.query.x.cpu().numpy()))
        errors.append((said - one.query.y.cpu()).square().mean())
    return torch.stack(errors)


def _sums(fold: Fold, tasks: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    rows = rows_of(fold.table, tasks)
    x, y = _with_one(fold.table.x[rows]).double(), fold.table.y[rows].double()
    return x.mT @ x, x.mT @ y, y @ y


def _solved(squares: Tensor, products: Tensor, penalty: float) -> Tensor:
    return torch.linalg.solve(squares + penalty * _penalised(len(squares)), products)


def _penalised(n: int) -> Tensor:
    free = torch.eye(n, dtype=torch.float64)
    free[-1, -1] = 1e-9  # the level costs nothing
    return free


def _with_one(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[..., :1])], -1)
