"""How much does each column matter to a fitted model? One number per column, two libraries.

Permutation importance shuffles a column and sees how much the error rises; SHAP shares each answer
among the columns, and the mean size of a column's share is its importance. Both speak of the model
and of the rows they are given, and not of the world. Sources: Breiman (2001), section 10, by
scikit-learn; Lundberg & Lee (2017), for trees by the library shap.
Chapter: book/importance/on_real_tables.ipynb.
"""

import warnings
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Examples

WAYS = ("permutation", "shap")


def column_importance(
    fitted: Any,
    rows: Examples,
    *,
    how: Literal["permutation", "shap"],
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
    from sklearn.inspection import permutation_importance  # here, since it takes long to load

    seed = int(torch.randint(2**31 - 1, (), generator=generator))
    found: Any = permutation_importance(
        fitted, x, y, n_repeats=n_repeats, random_state=seed, scoring="neg_mean_squared_error"
    )
    return found.importances_mean


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
