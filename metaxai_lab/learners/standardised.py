"""The support rows of a task in units of their own: each column with mean 0 and variance 1.

So a task reads the same in metres and in feet. A column that never changes in the support, or by
no more than rounding does, says nothing there and becomes zeros; a target that never changes, such
as the one class of a one-class support, becomes zeros too. Values that are no numbers are refused
by name. Chapter: book/importance/guiding_a_learner.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.core import Examples

ROUNDING = 8  # last bits of its largest number by which a constant column may seem to move


@dataclass(frozen=True, eq=False)
class Standardised:
    """Support rows in units of their own, and the units.

    Args:
        x: columns of mean 0 and variance 1 over the rows of each task; zeros where constant.
        y: the targets, likewise.
        mean: of each column in its own unit.
        size: its standard deviation; 1 where the column is constant.
        y_mean: of the targets.
        y_size: their standard deviation; 1 where they are all one.
        varies: the columns that are not constant.
    """

    x: Float[Tensor, "*tasks row feature"]
    y: Float[Tensor, "*tasks row"]
    mean: Float[Tensor, "*tasks feature"]
    size: Float[Tensor, "*tasks feature"]
    y_mean: Float[Tensor, "*tasks"]
    y_size: Float[Tensor, "*tasks"]
    varies: Bool[Tensor, "*tasks feature"]


def standardised(support: Examples) -> Standardised:
    """Return the support in units of its own; classes 0 and 1 are numbers here.

    Raises:
        ValueError: if there is only one row, or a value is NaN or infinite.
    """
    refuse_unfit(support)
    return in_own_units(support)


def in_own_units(support: Examples) -> Standardised:
    """Do the same and refuse nothing, for rows that were looked at before."""
    x, mean, size, varies = _in_own_units(support.x)
    y, y_mean, y_size, _ = _in_own_units(support.y.to(support.x.dtype)[..., None])
    return Standardised(x, y[..., 0], mean, size, y_mean[..., 0], y_size[..., 0], varies)


def _in_own_units(x: Float[Tensor, "*tasks row feature"]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the columns, their means, their sizes, and which vary.

    Distances from the first row, in units of the largest, keep a constant column exactly 0 and the
    squares of very large or small numbers finite.
    """
    first = x[..., :1, :]
    reach = (x - first).abs().amax(-2, keepdim=True)
    varies = reach > ROUNDING * torch.finfo(x.dtype).eps * x.abs().amax(-2, keepdim=True)
    reach = reach.where(varies, torch.ones_like(reach))
    near = (x - first).where(varies, torch.zeros_like(x)) / reach
    middle = near.mean(-2, keepdim=True)
    size = (near - middle).square().mean(-2, keepdim=True).where(varies, torch.ones_like(reach))
    size = size.sqrt()
    scaled, mean = (near - middle) / size, first + reach * middle
    return scaled, mean[..., 0, :], (reach * size)[..., 0, :], varies[..., 0, :]


def refuse_unfit(support: Examples) -> None:
    """Refuse a support of one row, and values that are no numbers.

    Raises:
        ValueError: if there is only one row, or a value is NaN or infinite.
    """
    if support.x.shape[-2] < 2:
        raise ValueError(
            f"a column has a size only over two rows or more; found {support.x.shape[-2]}. Give "
            "each task more support rows."
        )
    cells = torch.cat([support.x, support.y.to(support.x.dtype)[..., None]], -1)
    bad = ~cells.isfinite()
    if bool(bad.any()):
        *task, row, column = bad.nonzero()[0].tolist()
        place = "the target" if column == support.x.shape[-1] else f"column {column}"
        where = f"task {', '.join(map(str, task))}, " if task else ""
        raise ValueError(
            f"{where}row {row}, {place} holds {float(cells[*task, row, column])}, one of "
            f"{int(bad.sum())} values that are NaN or infinite. Fill them, or leave their rows or "
            "columns out."
        )
