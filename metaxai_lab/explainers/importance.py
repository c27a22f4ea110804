"""How much does each column matter to a fitted model? One number per column, two ways.

Permutation importance shuffles a column and sees how much the error rises; SHAP shares each answer
among the columns, and the mean size of a column's share is its importance. Both speak of the model
and of the rows they are given, and not of the world. Sources: Breiman (2001), section 10, with
the shuffles of scikit-learn; Lundberg & Lee (2017), for trees by the library shap.
Chapter: book/importance/on_real_tables.ipynb.
"""

import warnings
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Examples

Way = Literal["permutation", "shap"]
WAYS: tuple[Way, ...] = ("permutation", "shap")
ROWS_AT_ONCE = 100_000


def column_importance(
    fitted: Any,
    rows: Examples,
    *,
    how: Way,
    n_repeats: int = 5,
    generator: Generator,
) -> Float[Tensor, " feature"]:
    """Return the importance of each column for a fitted regressor of scikit-learn.

    "permutation" is the rise of the mean squared error and may be a little below 0; "shap" is the
    mean size of the shares, in the unit of the target, and is there for models made of trees.
    Labels 0 and 1 are numbers here.

    Args:
        rows: of one task; the importance is of the model on these rows.
        n_repeats: shuffles of each column, for "permutation".

    Raises:
        ValueError: if `how` is neither, rows are stacked tasks, or a cell or a target is
            NaN or infinite.
    """
    if how not in WAYS:
        raise ValueError(f"how is one of {', '.join(map(repr, WAYS))}; found {how!r}.")
    _refuse_unfit(rows)
    x, y = rows.x.detach().cpu().double().numpy(), rows.y.detach().cpu().double().numpy()
    found = _by_shap(fitted, x) if how == "shap" else _shuffled(fitted, x, y, n_repeats, generator)
    return torch.as_tensor(found, dtype=rows.x.dtype, device=rows.x.device)


def _shuffled(fitted: Any, x: Any, y: Any, n_repeats: int, generator: Generator) -> Any:
    """Shuffle as scikit-learn does, but ask about many tables at once: forests start slowly."""
    seed = int(torch.randint(2**31 - 1, (), generator=generator))
    orders = _orders(len(x), n_repeats, seed)
    tables = [(column, order) for column in range(x.shape[1]) for order in orders]
    size = max(1, ROWS_AT_ONCE // len(x))
    parts = [tables[first : first + size] for first in range(0, len(tables), size)]
    errors = np.concatenate([_errors(fitted, x, y, part) for part in parts])
    whole = np.square(y - fitted.predict(x)).mean()
    return errors.reshape(-1, n_repeats).mean(1) - whole


def _orders(n_rows: int, n_repeats: int, seed: int) -> list[Any]:
    """Return the orders in which scikit-learn would set a column: each shuffles the one before."""
    drawn = np.random.RandomState(np.random.RandomState(seed).randint(2**31))
    moves, place, orders = np.arange(n_rows), np.arange(n_rows), []
    for _ in range(n_repeats):
        drawn.shuffle(moves)
        place = place[moves]
        orders.append(place)
    return orders


def _errors(fitted: Any, x: Any, y: Any, tables: list[tuple[int, Any]]) -> Any:
    """Return the mean squared error on each table; in each, one column is in another order."""
    asked = np.repeat(x[None], len(tables), 0)
    for table, (column, order) in zip(asked, tables, strict=True):
        table[:, column] = x[order, column]
    said = fitted.predict(asked.reshape(-1, x.shape[1])).reshape(len(tables), -1)
    return np.square(y - said).mean(1)


def _by_shap(fitted: Any, x: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # of colours, as shap loads
        from shap import TreeExplainer  # here, since it takes long to load

    return abs(TreeExplainer(fitted).shap_values(x, check_additivity=False)).mean(0)


def _refuse_unfit(rows: Examples) -> None:
    if rows.x.ndim != 2:
        raise ValueError(
            f"importance is asked of the rows of one task, (row, feature); found {rows.x.ndim} "
            "axes. Give one task of the stack, such as episode.task(0).query."
        )
    bad = ~rows.x.isfinite()
    if bool(bad.any()):
        row, column = bad.nonzero()[0].tolist()
        raise ValueError(
            f"row {row}, column {column} holds {float(rows.x[row, column])}, one of "
            f"{int(bad.sum())} cells that are NaN or infinite. Fill them, or leave them out."
        )
    unfit = ~rows.y.isfinite()
    if bool(unfit.any()):
        row = int(unfit.nonzero()[0])
        raise ValueError(
            f"the target of row {row} is {float(rows.y[row])}, one of {int(unfit.sum())} targets "
            "that are NaN or infinite. Leave their rows out."
        )
