"""Pictures and where a model looked at them: the map lies over the picture, the truth is outlined.

Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Sequence
from math import isqrt

import numpy as np
from jaxtyping import Bool, Float
from matplotlib import colormaps
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from torch import Tensor
from torch.nn.functional import max_pool2d, pad

from metaxai_lab.figures.palette import AMOUNTS, DOWN, paper


def as_picture(row: Tensor) -> Tensor:
    """Return a row of flattened pixels as a square; a square stays as it is.

    Raises:
        ValueError: if the row does not fill a square, or there are several rows.
    """
    side = row.shape[-1] if row.ndim == 2 else isqrt(row.numel())
    if row.ndim > 2 or row.numel() != side * side:
        raise ValueError(
            f"a picture is one row of side x side pixels, or a square; found {tuple(row.shape)}. "
            "Give one row at a time."
        )
    return row.reshape(side, side)


def attention_over(
    picture: Float[Tensor, "..."],
    attention: Float[Tensor, "height width"],
    *,
    truth: Bool[Tensor, "..."] | None = None,
    most: float | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a picture, the attention behind it (the yellower, the more) and the truth's outline.

    Args:
        picture: one row or square of pixels in [0, 1], where 1 is ink.
        attention: the weight of each cell; the cells divide the picture evenly.
        truth: the pixels that are the right reason.
        most: the weight drawn strongest; the largest of this map where it is None. Give the same
            to maps that are compared.
    """
    ax = paper(ax, 2.2, 2.4)
    ink = as_picture(picture).detach().cpu().numpy()
    side = ink.shape[-1]
    frame = (0, side, side, 0)
    top = float(attention.max()) if most is None else most
    share = (attention.detach().cpu() / max(top, 1e-12)).clamp(0, 1).numpy()
    ax.imshow(colormaps[AMOUNTS](share), alpha=share, extent=frame)
    ax.imshow(np.zeros_like(ink), cmap="gray", alpha=ink, extent=frame)
    if truth is not None:
        ax.add_collection(LineCollection(outline(as_picture(truth)), colors=DOWN, linewidths=1.5))
    ax.set(xticks=[], yticks=[], title=title)
    return ax


def describe_attention(
    attention: Float[Tensor, "height width"], *, truth: Bool[Tensor, "..."] | None = None
) -> str:
    """Say in words what `attention_over` draws: where the peak is, and what the truth holds.

    A cell counts as part of the truth if it touches it.
    """
    height, width = attention.shape
    weights = attention / attention.sum()
    row, column = divmod(int(weights.argmax()), width)
    said = (
        f"Attention over {height} x {width} cells. Its peak is row {row + 1} from the top, "
        f"column {column + 1} from the left, with {float(weights.max()):.0%} of the attention"
    )
    if truth is None:
        return f"{said}."
    mask = as_picture(truth).to(weights)
    cells = max_pool2d(mask[None], (mask.shape[0] // height, mask.shape[1] // width))[0] > 0
    where = "inside" if cells[row, column] else "outside"
    held, area = float(weights[cells].sum()), float(cells.float().mean())
    return (
        f"{said}, {where} the outlined part. The cells of that part hold {held:.0%} of the "
        f"attention and are {area:.0%} of all cells."
    )


def picture_row(
    pictures: Float[Tensor, "picture ..."],
    titles: Sequence[str] = (),
    *,
    attention: Float[Tensor, "picture height width"] | None = None,
    truth: Bool[Tensor, "picture ..."] | None = None,
    most: float | None = None,
) -> tuple[Axes, ...]:
    """Draw pictures side by side, each with its title and, where given, its attention and truth.

    Args:
        most: the weight drawn strongest in all of them; of each map its largest where it is None.

    Raises:
        ValueError: if there are titles, but not one for each picture.
    """
    n = len(pictures)
    if titles and len(titles) != n:
        raise ValueError(f"{n} pictures need {n} titles or none; found {len(titles)}.")
    maps = pictures.new_zeros(n, 1, 1) if attention is None else attention
    axes = plt.subplots(1, n, figsize=(1.15 * n, 1.4), layout="constrained", squeeze=False)[1][0]
    for i, ax in enumerate(axes):
        right = None if truth is None else truth[i]
        title = titles[i] if titles else ""
        attention_over(pictures[i], maps[i], truth=right, most=most, title=title, ax=ax)
    return tuple(axes)


def describe_row(titles: Sequence[str]) -> str:
    """Say in words what `picture_row` draws."""
    return f"A row of {len(titles)} pictures: {', '.join(titles)}."


def outline(mask: Bool[Tensor, "side side"]) -> list[list[tuple[int, int]]]:
    """Return the pixel edges between inside and outside, each as two (x, y) corners."""
    padded = pad(mask.cpu(), (1, 1, 1, 1))
    upright = (padded[1:-1, 1:] != padded[1:-1, :-1]).nonzero().tolist()
    level = (padded[1:, 1:-1] != padded[:-1, 1:-1]).nonzero().tolist()
    return [[(x, y), (x, y + 1)] for y, x in upright] + [[(x, y), (x + 1, y)] for y, x in level]
