"""A model of one hospital is carried to others: how well does it order patients there?

In haste, or with care. Besides its AUC there, what is known without an outcome: on which cells its
reasons stand, and how far the columns lie from home. Source: Detrano et al. (1989).
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.evaluation.recovery import area
from metaxai_lab.tasks import TaskTable, standardised


@dataclass(frozen=True)
class Carried:
    """A logistic regression of each hospital, asked in each, its own included.

    Args:
        auc: how often an ill patient gets the higher answer.
        seldom: the share of a model's reasons there that stand on cells its home often left empty.
        away: the mean size of a column there, in units of its home.
        top: the column with the largest mean reason.
    """

    hospitals: tuple[str, ...]
    auc: Float[Tensor, "home away"]
    seldom: Float[Tensor, "home away"]
    away: Float[Tensor, "home away"]
    top: tuple[tuple[str, ...], ...]


def carried(
    table: TaskTable,
    *,
    as_codes: bool,
    by_present: bool = False,
    without: Sequence[str] = (),
) -> Carried:
    """Fit each hospital, and ask it in each.

    Args:
        as_codes: as one would do in haste: choices stay the published codes, empty cells are
            filled with the mean before columns are scaled, and nothing says that they were empty.
        by_present: columns of codes are scaled by the cells that are there.
        without: columns of codes that are left out.
    """
    whole = coded(table) if as_codes else table
    n = len(whole.task_names)
    aucs, seldom, moved = torch.zeros(3, n, n)
    top = list[tuple[str, ...]]()
    kept = torch.tensor([float(name not in without) for name in whole.feature_names])
    for home in range(n):
        x, empty = _scaled(whole, home, as_codes=as_codes, by_present=by_present)
        x = x * kept
        rows = [whole.task == hospital for hospital in range(n)]
        weights = _logistic(x[rows[home]], whole.y[rows[home]])
        reasons = [(x[here] * weights).abs().mean(0) for here in rows]
        for away, reason in enumerate(reasons):
            aucs[home, away] = area(x[rows[away]] @ weights, whole.y[rows[away]] > 0)
            seldom[home, away] = (reason * empty).sum() / reason.sum()
            moved[home, away] = x[rows[away]].abs().mean()
        top.append(tuple(whole.feature_names[int(reason.argmax())] for reason in reasons))
    return Carried(whole.task_names, aucs, seldom, moved, tuple(top))


def coded(table: TaskTable) -> TaskTable:
    """Return choices as one column of codes each, and no column that says what was missing."""
    columns = dict[str, Tensor]()
    for place, name in enumerate(table.feature_names):
        stem, _, value = name.partition("=")
        if name.endswith(" missing"):
            continue
        column = table.x[:, place] * (float(value) if value else 1)
        columns[stem] = columns[stem] + column if stem in columns else column
    choices = {name.partition("=")[0] for name in table.feature_names if "=" in name}
    x = [
        col.where(col != 0, torch.nan)
        if name in choices and f"{name}=0.0" not in table.feature_names
        else col
        for name, col in columns.items()
    ]
    return replace(table, x=torch.stack(x, 1), feature_names=tuple(columns))


def empty_share(trained: Tensor, names: tuple[str, ...], name: str) -> float:
    """Return in which share of the rows the cells of a column, or of its choice, are empty."""
    flag = f"{name.removesuffix(' missing').partition('=')[0]} missing"
    return float(trained[:, names.index(flag)].mean()) if flag in names else 0.0


def _scaled(
    table: TaskTable, home: int, *, as_codes: bool, by_present: bool
) -> tuple[Float[Tensor, "row feature"], Float[Tensor, " feature"]]:
    """Return columns in units of one hospital, and in which share of its rows each is empty."""
    own = table.x[table.task == home]
    names = table.feature_names
    if not as_codes:
        x = standardised(table, by=[home]).x
        return x, torch.tensor([empty_share(own.nan_to_num(), names, name) for name in names])
    mean = own.nanmean(0).nan_to_num()
    filled = table.x.where(~table.x.isnan(), mean)
    present = (own - mean).square().nanmean(0).sqrt().nan_to_num()
    size = present if by_present else filled[table.task == home].std(0, correction=0)
    return (filled - mean) / size.where(size > 0, 1), own.isnan().float().mean(0)


def _logistic(x: Tensor, y: Tensor) -> Float[Tensor, " feature"]:
    from sklearn.linear_model import LogisticRegression  # here, since it takes long to load

    fitted = LogisticRegression(max_iter=2000).fit(x.numpy(), y.numpy())
    return torch.as_tensor(fitted.coef_[0], dtype=x.dtype)
