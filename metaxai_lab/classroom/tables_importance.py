"""Importance of columns in a group left out: from a few rows, and from all of them.

From a few rows of the group speak the guided learner, gates alone, a lasso and a forest of these
rows; beside them stand the start, which looks at no row of the group, and chance. A forest of all
rows of the group is the reference: a better informed account, and no truth.
Chapter: book/importance/on_real_tables.ipynb.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from metaxai_lab.classroom.linear_baselines import lasso
from metaxai_lab.classroom.tables_rivals import alone, forest
from metaxai_lab.classroom.tables_study import Fold, rows_of
from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.evaluation.agreement import rank_correlation
from metaxai_lab.explainers import column_importance
from metaxai_lab.explainers.importance import WAYS, Way
from metaxai_lab.learners import FeatureGates, Guided, SharedStart, meta_train_gates

Found = Mapping[str, Float[Tensor, "draw feature"]]


def train_gates(fold: Fold, *, seed: int, steps: int) -> Guided:
    """Train gates that guide ridge by its penalty, on tasks of the groups that stayed, on the CPU.

    Supports have 8 to 24 rows, or as many as query rows where those are fewer.
    """
    generator = seeded(seed)
    n_features = len(fold.table.feature_names)
    with initialised_with(generator):
        learner = Guided(FeatureGates(n_features=n_features, width=32, n_layers=1))

    def draw(generator: Generator) -> Episode:
        least, most = min(8, fold.n_query), min(24, fold.n_query)
        k = int(torch.randint(least, most + 1, (), generator=generator))
        return fold.draw(fold.trained, k, 24, generator)

    meta_train_gates(learner, draw, steps=steps, generator=generator, device="cpu")
    return learner


def of_few_rows(
    fold: Fold,
    drawn: Episode,
    *,
    learner: SharedStart,
    gates: Guided,
    penalty: float,
    generator: Generator,
) -> Found:
    """Return what each account says, for each draw of support rows.

    Of a line, the importance of a column is the size of its weight times the column's deviation.

    Args:
        penalty: of the lasso.
    """
    sizes, support = fold.sizes, drawn.support
    with torch.no_grad():
        guided = learner.adapt(support).weights.abs() * sizes
        opened = gates.adapt(support).gates.weights
    few = [drawn.task(task).support for task in range(len(support.y))]
    shuffled = [_importance(one, 30, 2, generator) for one in few]
    start = learner.start[:-1].abs() * sizes
    return {
        "guided": guided,
        "gates": opened,
        "own lasso": alone(lasso, support, penalty).weights.abs() * sizes,
        "own forest": torch.stack(shuffled),
        "the start": start.expand_as(guided),
        "chance": torch.rand(guided.shape, generator=generator),
    }


def whole_group(fold: Fold) -> Examples:
    """Return all rows of the group left out."""
    rows = rows_of(fold.table, fold.out)
    return Examples(fold.table.x[rows], fold.table.y[rows])


def reference(
    fold: Fold, *, ways: Sequence[Way] = WAYS, generator: Generator
) -> dict[str, Float[Tensor, " feature"]]:
    """Return what a forest of all rows of the group says, in each way."""
    rows = whole_group(fold)
    grown = forest(rows, n_trees=100, generator=generator)
    return {how: column_importance(grown, rows, how=how, generator=generator) for how in ways}


def agreement(found: Found, judge: Float[Tensor, " feature"]) -> dict[str, Float[Tensor, " draw"]]:
    """Return the rank correlation of each draw with a reference."""
    return {
        name: rank_correlation(values, judge.expand_as(values)) for name, values in found.items()
    }


def blanked(
    x: Float[Tensor, "row feature"],
    columns: Int[Tensor, " column"],
    means: Float[Tensor, " feature"],
) -> Float[Tensor, "row feature"]:
    """Return the rows with columns at their means, so that 0/1 columns name neither class."""
    kept = x.clone()
    kept[:, columns] = means[columns]
    return kept


def deletion_rises(
    predict: Callable[[Any], Any],
    rows: Examples,
    found: Found,
    *,
    n_columns: int,
    means: Float[Tensor, " feature"],
) -> dict[str, Float[Tensor, " draw"]]:
    """Return by how much an error rises once the columns that rank highest are blanked.

    Args:
        predict: a model that learned from other rows of the group; the same for all accounts.
        n_columns: how many columns go.
        means: what is put in their place, such as `fold.means`.
    """

    def error(x: Tensor) -> Tensor:
        return (torch.as_tensor(predict(x.numpy())) - rows.y).square().mean()

    whole = error(rows.x)
    return {
        name: torch.stack(
            [error(blanked(rows.x, one.topk(n_columns).indices, means)) - whole for one in values]
        )
        for name, values in found.items()
    }


def _importance(
    rows: Examples, n_trees: int, n_repeats: int, generator: Generator
) -> Float[Tensor, " feature"]:
    grown = forest(rows, n_trees=n_trees, generator=generator)
    return column_importance(
        grown, rows, how="permutation", n_repeats=n_repeats, generator=generator
    )
