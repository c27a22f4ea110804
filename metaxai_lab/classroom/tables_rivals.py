"""Who is compared on real tables: the task alone, all groups as one, and a forest of a few rows.

Ridge and lasso see the support rows alone, with a level of their own; their penalties are chosen on
training groups. The pooled ridge sees all training rows, and its penalty is chosen by leaving
training groups out. "One price" leaves the pooled line at one price for all columns and one for the
level, chosen as the guided learner is trained: with the line of the other groups.
Sources: Hoerl & Kennard (1970); Tibshirani (1996); Breiman (2001).
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.linear_baselines import Fit, at_each, lasso, ridge
from metaxai_lab.classroom.tables_study import Fold, rows_of, told
from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.learners import LinearModel

PENALTIES: Mapping[Fit, Sequence[float]] = {
    ridge: (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0),
    lasso: (0.01, 0.03, 0.05, 0.1, 0.2, 0.5),
}
POOLED = (1.0, 10.0, 100.0, 1000.0)
N_TUNED = 120  # tasks of training groups that a penalty is chosen on
PRICES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # of a step of each column away from the pooled line
LEVELS = (0.3, 1.0, 3.0, 10.0)  # of a step of the level


@dataclass(frozen=True)
class Rivals:
    """What is compared on one fold.

    Args:
        pooled: weights and level of the ridge of all training rows.
        others: the same of all training groups but one, by that one.
        within: of the training rows, the sums of squares and products that support rows add to.
    """

    fold: Fold
    pooled: Float[Tensor, " feature_and_one"]
    others: Mapping[str, Float[Tensor, " feature_and_one"]]
    within: tuple[Tensor, Tensor]

    def lines(self, support: Examples, tuned: Mapping[Fit, float]) -> dict[str, LinearModel]:
        """Return the line of each rival for each task, but for "one price"."""
        pooled = self.pooled_line(len(support.y))
        moved = support.y.mean(-1) - (support.x.mean(-2) * pooled.weights).sum(-1)
        return {
            "own ridge": alone(ridge, support, tuned[ridge]),
            "own lasso": alone(lasso, support, tuned[lasso]),
            "pooled": pooled,
            "pooled + rows": self._added(support),
            "pooled, own level": LinearModel(pooled.weights, moved),
        }

    def pooled_line(self, n_tasks: int) -> LinearModel:
        """Return the pooled line for each of so many tasks."""
        return LinearModel(self.pooled[:-1].expand(n_tasks, -1), self.pooled[-1].expand(n_tasks))

    def priced(self, support: Examples, prices: tuple[float, float]) -> LinearModel:
        """Leave the pooled line at a price for each column and one for the level."""
        left = support.y - with_one(support.x) @ self.pooled
        moved = _moved(_of_rows(Examples(support.x, left)), prices)
        return LinearModel(self.pooled[:-1] + moved[..., :-1], self.pooled[-1] + moved[..., -1])

    def tuned_prices(self, k: int, generator: Generator) -> tuple[float, float]:
        """Choose the two prices on tasks of training groups, with the line of the other groups."""
        drawn = told(self.fold, self.others).draw(self.fold.trained, k, N_TUNED, generator)
        parts = (drawn.support, drawn.query)
        support, query = (Examples(p.x[..., :-1], p.y - p.x[..., -1]) for p in parts)
        sums = _of_rows(support)

        def error(prices: tuple[float, float]) -> float:
            moved = _moved(sums, prices)
            return float(LinearModel(moved[..., :-1], moved[..., -1]).errors(query).mean())

        return min(product(PRICES, LEVELS), key=error)

    def _added(self, support: Examples) -> LinearModel:
        x = with_one(support.x).double()
        squares = self.within[0] + x.mT @ x
        products = self.within[1] + (x.mT @ support.y.double()[..., None])[..., 0]
        found = torch.linalg.solve(squares, products[..., None])[..., 0].to(support.x.dtype)
        return LinearModel(found[..., :-1], found[..., -1])


def everyone(found: Rivals, k: int) -> Callable[[Examples], dict[str, LinearModel]]:
    """Return what fits all rivals to a stack of support sets of `k` rows, tuned for that many."""
    penalties, prices = tuned(found.fold, k, seeded(k)), found.tuned_prices(k, seeded(k))

    def lines(support: Examples) -> dict[str, LinearModel]:
        return found.lines(support, penalties) | {"one price": found.priced(support, prices)}

    return lines


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
    squares = whole[0] + best * penalised(len(whole[0]))
    kind = fold.table.x.dtype
    others = {
        name: _solved(whole[0] - squares, whole[1] - products, best).to(kind)
        for name, (squares, products, _) in sums.items()
    }
    pooled = torch.linalg.solve(squares, whole[1]).to(kind)
    return Rivals(fold, pooled, others, (squares, whole[1]))


def tuned(fold: Fold, k: int, generator: Generator) -> dict[Fit, float]:
    """Choose the penalties of ridge and lasso for `k` rows, on tasks of the training groups."""
    drawn = fold.draw(fold.trained, k, N_TUNED, generator)

    chosen = {}
    for fit, penalties in PENALTIES.items():
        lines = _alone_at_each(fit, drawn.support, penalties)
        errors = [float(line.errors(drawn.query).mean()) for line in lines]
        chosen[fit] = penalties[errors.index(min(errors))]
    return chosen


def alone(fit: Fit, support: Examples, penalty: float) -> LinearModel:
    """Fit the support rows alone, with a level that costs nothing."""
    return _alone_at_each(fit, support, [penalty])[0]


def _alone_at_each(fit: Fit, support: Examples, penalties: Sequence[float]) -> list[LinearModel]:
    middle, level = support.x.mean(-2, keepdim=True), support.y.mean(-1, keepdim=True)
    found = at_each(fit, Examples(support.x - middle, support.y - level), penalties)
    levels = level[..., 0] - (middle[..., 0, :] * found).sum(-1)
    return [LinearModel(*line) for line in zip(found, levels, strict=True)]


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
    x, y = with_one(fold.table.x[rows]).double(), fold.table.y[rows].double()
    return x.mT @ x, x.mT @ y, y @ y


def _solved(squares: Tensor, products: Tensor, penalty: float) -> Tensor:
    return torch.linalg.solve(squares + penalty * penalised(len(squares)), products)


def _of_rows(left: Examples) -> tuple[Tensor, Tensor]:
    """Return of rows and a one the sums of squares and products, and those with the target."""
    x = with_one(left.x)
    return x.mT @ x, x.mT @ left.y[..., None]


def _moved(sums: tuple[Tensor, Tensor], prices: tuple[float, float]) -> Float[Tensor, "*tasks n"]:
    """Return the ridge of what a line left, with a price for each column and one for the level."""
    squares, products = sums
    price = squares.new_tensor([prices[0]] * (squares.shape[-1] - 1) + [prices[1]])
    return torch.cholesky_solve(products, torch.linalg.cholesky(squares + price.diag()))[..., 0]


def penalised(n: int) -> Float[Tensor, "n n"]:
    """Return which weights a ridge penalises: all but the last, the level, which costs nothing."""
    free = torch.eye(n, dtype=torch.float64)
    free[-1, -1] = 1e-9
    return free


def with_one(x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row feature_and_one"]:
    """Return the rows with a last column of ones, which stands for the level."""
    return torch.cat([x, torch.ones_like(x[..., :1])], -1)
