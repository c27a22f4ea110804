"""What each task can say by itself: ridge, lasso, a forest, and libraries that read the forest.

All of them see the support rows of one task and no other. Penalties are tuned: that of ridge and of
one lasso on validation tasks, that of the other lasso by cross-validation inside each task, as is
usual. Breiman (2001) for forests and permutation importance; Lundberg & Lee (2017) for SHAP.
Chapter: book/importance/guiding_a_learner.ipynb.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import process_time
from typing import Literal

import torch
from jaxtyping import Float
from sklearn.ensemble import RandomForestRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LassoCV
from torch import Tensor

from metaxai_lab.classroom.guiding_study import errors, first
from metaxai_lab.classroom.linear_baselines import Fit, lasso, ridge, tune_penalty
from metaxai_lab.core import Episode, Examples, Model, seeded
from metaxai_lab.explainers.importance import column_importance
from metaxai_lab.learners.linear_model import LinearModel
from metaxai_lab.learners.standardised import standardised

PENALTIES: dict[Fit, tuple[float, ...]] = {
    ridge: (0.3, 1.0, 3.0, 10.0, 30.0),
    lasso: (0.01, 0.02, 0.04, 0.06, 0.1, 0.15),
}


def tuned(fit: Fit, validation: Episode, judged: Episode) -> LinearModel:
    """Fit every judged task with the penalty that is best on validation tasks."""
    penalty = tune_penalty(fit, validation, PENALTIES[fit])
    weights = fit(judged.support, penalty)
    return LinearModel(weights, torch.zeros(len(weights)))


def untold(fit: Fit, validation: Episode, judged: Episode) -> LinearModel:
    """Do the same without being told that all means are 0: in units that the support rows say."""

    def fitted(episode: Episode, penalty: float) -> LinearModel:
        rows = standardised(episode.support)
        weights = fit(Examples(rows.x, rows.y), penalty) * rows.y_size[:, None] / rows.size
        return LinearModel(weights, rows.y_mean - (weights * rows.mean).sum(-1))

    tried = {p: float(errors(fitted(validation, p), validation).mean()) for p in PENALTIES[fit]}
    return fitted(judged, min(tried, key=tried.__getitem__))


def told_blocks(judged: Episode, *, block_size: int = 8, penalty: float = 0.3) -> LinearModel:
    """Fit ridge to each block of neighbours by itself; keep the block that fits the rows best."""
    support = judged.support
    n_features = support.x.shape[-1]
    tried = []
    for begun in range(0, n_features, block_size):
        place = slice(begun, begun + block_size)
        weights = torch.zeros_like(support.x[:, 0])
        weights[:, place] = ridge(Examples(support.x[..., place], support.y), penalty)
        tried.append(weights)
    stacked = torch.stack(tried, 1)
    left = ((support.x @ stacked.mT) - support.y[..., None]).square().mean(-2)
    best = left.argmin(-1)
    weights = stacked[torch.arange(len(best)), best]
    return LinearModel(weights, torch.zeros_like(weights[:, 0]))


def lasso_alone(judged: Episode) -> LinearModel:
    """Fit every task by a lasso that chooses its penalty inside the task."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for x, y in zip(judged.support.x.numpy(), judged.support.y.numpy(), strict=True):
            found.append(LassoCV(cv=5, alphas=30, max_iter=2000).fit(x, y))
    weights = torch.stack([torch.as_tensor(f.coef_, dtype=torch.float32) for f in found])
    return LinearModel(weights, torch.tensor([float(f.intercept_) for f in found]))


@dataclass(frozen=True, eq=False)
class Forests:
    """A random forest for each task, and three readings of its columns."""

    fitted: list[RandomForestRegressor]
    support: Examples

    def model(self) -> Model:
        """Return the forests as a model of the stack."""

        def model(x: Float[Tensor, "task row feature"]) -> Float[Tensor, "task row 1"]:
            each = [f.predict(rows.numpy()) for f, rows in zip(self.fitted, x, strict=True)]
            return torch.stack([torch.as_tensor(e, dtype=torch.float32) for e in each])[..., None]

        return model

    def impurity(self) -> Float[Tensor, "task feature"]:
        """Return how much the splits on each column calm the targets."""
        found = [torch.as_tensor(forest.feature_importances_) for forest in self.fitted]
        return torch.stack(found).float()

    def importance(self, how: Literal["permutation", "shap"]) -> Float[Tensor, "task feature"]:
        """Return what a library says of each column; `column_importance` has the two ways."""
        tables = zip(self.fitted, self.support.x, self.support.y, strict=True)
        read = partial(column_importance, how=how, n_repeats=1, generator=seeded(0))
        return torch.stack([read(forest, Examples(x, y)) for forest, x, y in tables])


def forests(judged: Episode, n_trees: int = 60) -> Forests:
    """Grow a forest on the support rows of every task."""
    grown = [
        RandomForestRegressor(n_trees, random_state=0).fit(x, y)
        for x, y in zip(judged.support.x.numpy(), judged.support.y.numpy(), strict=True)
    ]
    return Forests(grown, judged.support)


def milliseconds(
    judged: Episode, fit: Callable[[Episode], object] = lasso_alone, *, n_times: int = 5
) -> float:
    """Return what one core takes to fit the first task, as a rival does: the best time."""
    taken = []
    one = first(judged, 1)
    for _ in range(n_times):
        begun = process_time()
        fit(one)
        taken.append(1000 * (process_time() - begun))
    return min(taken)
