"""LIME: a plane fitted to the model's answers around a row, near ones counting more.

Points are drawn from the table, column by column, from a normal distribution of its mean and
deviation; they do not depend on the row, so the model answers them once for all rows, and only the
weights are the row's own. This is the library's way for continuous columns
(`discretize_continuous=False`); its discretised default is another method. Source: Ribeiro, Singh &
Guestrin (2016), section 3.
Chapter: book/local/shapley_and_lime.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.answers import answered
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import chosen


def lime(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    background: Float[Tensor, "*tasks background feature"],
    generator: Generator,
    n_samples: int = 1000,
    width: float | None = None,
    ridge: float = 1.0,
    slopes: bool = False,
    tile: int = 8192,
) -> Attribution:
    """Give each column its slope times how far the row lies from the table's mean.

    The values add up to what the plane says of the row, less what it says of the mean, which is the
    reference; `gap` is what the plane misses.

    Args:
        target: an output column, or one for each row.
        background: the table whose means and deviations scale the columns; best all rows at hand.
        n_samples: points, the row itself included; the others are shared by all rows.
        width: of the kernel, in deviations; three quarters of the root of the columns where None.
        ridge: what is added to the squares of the slopes, as in ridge regression.
        slopes: return the slopes instead, for a step of one deviation.
        tile: model rows asked at once.

    Raises:
        ModelFailedError: if the model raises an error.
        ValueError: if columns differ, a column of the background does not vary, there are not more
            points than columns, or `width` or `ridge` is not positive.
    """
    n = x.shape[-1]
    _refuse_knobs(x, background, n_samples, width, ridge)
    mean, deviation = _scale(background)
    points = torch.randn(n_samples - 1, n, generator=generator, dtype=torch.float64).to(x.device)
    with torch.no_grad():
        own = chosen(_in_tiles(model, x, tile), target).double()
        outputs = _in_tiles(model, (mean + deviation * points).to(x), tile)
        at = (x.double() - mean) / deviation
        near = _nearness(points, at, width or 0.75 * n**0.5)
        each = _of_each_row(outputs.double(), target, x.shape[:-1])
        slope, level = _plane(points, near, each, at, own, ridge)
    values = slope if slopes else slope * at
    unit = "log-odds for a step of one deviation" if slopes else "log-odds"
    return Attribution(values.to(x), x, own.to(x), level.to(x), unit=unit)


def _plane(
    points: Float[Tensor, "point feature"],
    near: Float[Tensor, "*tasks row point"],
    outputs: Float[Tensor, "*tasks row point"],
    at: Float[Tensor, "*tasks row feature"],
    own: Float[Tensor, "*tasks row"],
    ridge: float,
) -> tuple[Float[Tensor, "*tasks row feature"], Float[Tensor, "*tasks row"]]:
    """Fit a plane to the weighted points and the row itself, which weighs 1; slopes and level."""
    n = points.shape[1]
    total = near.sum(-1, keepdim=True) + 1
    middle = (near @ points + at) / total
    height = ((near * outputs).sum(-1, keepdim=True) + own[..., None]) / total
    squares = near @ (points[:, :, None] * points[:, None]).flatten(1)
    squares = squares.unflatten(-1, (n, n)) + at[..., None] * at[..., None, :]
    squares = squares - total[..., None] * middle[..., None] * middle[..., None, :]
    crossed = (near * outputs) @ points + own[..., None] * at - total * height * middle
    damped = squares + ridge * torch.eye(n, dtype=points.dtype, device=points.device)
    slope = torch.linalg.solve(damped, crossed)
    return slope, (height - (slope * middle).sum(-1, keepdim=True)).squeeze(-1)


def _nearness(
    points: Float[Tensor, "point feature"], at: Float[Tensor, "*tasks row feature"], width: float
) -> Float[Tensor, "*tasks row point"]:
    """Return the weight of each point for each row: a bell of its distance, in deviations."""
    squared = at.square().sum(-1, keepdim=True) + points.square().sum(-1) - 2 * at @ points.T
    return (-squared.clamp_min(0) / (2 * width**2)).exp()


def _of_each_row(
    outputs: Float[Tensor, "*tasks point output"], target: Target, rows: torch.Size
) -> Float[Tensor, "*tasks row point"]:
    """Return the output that each row asks about, at every point."""
    if isinstance(target, Tensor) and target.ndim:
        return outputs.mT.gather(-2, target[..., None].expand(*rows, outputs.shape[-2]))
    return outputs[..., int(target)].unsqueeze(-2).expand(*rows, -1)


def _in_tiles(
    model: Model, x: Float[Tensor, "*tasks row feature"], tile: int
) -> Float[Tensor, "*tasks row output"]:
    n_tasks = max(1, x.shape[:-2].numel())
    return torch.cat([answered(model, part) for part in x.split(max(1, tile // n_tasks), -2)], -2)


def _scale(
    background: Float[Tensor, "*tasks background feature"],
) -> tuple[Float[Tensor, "*tasks 1 feature"], Float[Tensor, "*tasks 1 feature"]]:
    """Return mean and deviation of each column.

    Raises:
        ValueError: if a column does not vary.
    """
    table = background.double()
    deviation = table.std(-2, correction=0, keepdim=True)
    still = (table == table[..., :1, :]).all(-2, keepdim=True)
    if bool(still.any()):
        columns = still.flatten(0, -2).any(0).nonzero()[:, 0].tolist()
        raise ValueError(
            f"LIME takes the scale of a column from the background, and column {columns} of its "
            f"{table.shape[-2]} rows does not vary. Give more rows, or leave the column out."
        )
    return table.mean(-2, keepdim=True), deviation


def _refuse_knobs(
    x: Tensor, background: Tensor, n_samples: int, width: float | None, ridge: float
) -> None:
    n = x.shape[-1]
    if background.ndim < 2 or not background.shape[-2] or background.shape[-1] != n:
        raise ValueError(
            f"LIME needs a background of at least two rows with the {n} columns of x; found the "
            f"shape {tuple(background.shape)}."
        )
    if n_samples <= n + 1:
        raise ValueError(
            f"a plane over {n} columns needs more than {n + 1} points; found n_samples {n_samples}."
        )
    if ridge <= 0 or (width is not None and width <= 0):
        raise ValueError(f"width and ridge are positive; found {width} and {ridge}.")
