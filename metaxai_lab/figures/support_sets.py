"""A support set as a sheet of pictures: a line for each class, and what each picture did.

Chapter: book/concepts/three_families.ipynb.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from torch import Tensor

from metaxai_lab.figures.palette import DOWN, INK, UP, paper
from metaxai_lab.figures.pictures import as_picture

SIGNED = 0.1  # of the largest size: below it a picture carries no sign


def support_sheet(
    pictures: Float[Tensor, "row pixel"],
    y: Int[Tensor, " row"],
    values: Float[Tensor, " row"],
    *,
    names: Sequence[str] = (),
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the support rows class by class, each on the colour of its influence.

    Blue with a plus speaks for the target, vermilion with a minus against it; the largest has the
    full colour and a frame.

    Args:
        values: the influence of each row on one prediction.
        names: of the classes; counted from 1 if empty.

    Raises:
        ValueError: if the classes differ in how many rows they have.
    """
    n_each = len(y) // (int(y.max()) + 1)
    if not bool((y.bincount() == n_each).all()):
        raise ValueError(
            f"a sheet has as many rows of each class; found {y.bincount().tolist()}. Draw a task "
            "with one number of shots, or leave rows out."
        )
    order = y.argsort(stable=True)
    share = (values / values.abs().max().clamp_min(1e-12))[order].tolist()
    tiles = [_tile(as_picture(pictures[i]), s) for i, s in zip(order, share, strict=True)]
    lines = [np.concatenate(tiles[i : i + n_each], 1) for i in range(0, len(y), n_each)]
    side, ax = len(tiles[0]), paper(ax, 0.45 * n_each + 0.8, 0.45 * len(lines) + 0.4)
    ax.imshow(np.concatenate(lines))
    _mark(ax, share, n_each, side)
    middles = [side * (line + 0.5) for line in range(len(lines))]
    ax.set_yticks(middles, names or [str(line + 1) for line in range(len(lines))])
    ax.set(xticks=[], title=title)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def describe_sheet(values: Float[Tensor, " row"], y: Int[Tensor, " row"]) -> str:
    """Say in words what `support_sheet` draws: how many speak for the target, and the strongest."""
    strongest = int(values.abs().argmax())
    way = "for" if float(values[strongest]) > 0 else "against"
    loud = values.abs() >= SIGNED * values.abs().max()
    n_for, n_against = int((loud & (values > 0)).sum()), int((loud & (values < 0)).sum())
    return (
        f"{len(y)} pictures in {int(y.max()) + 1} lines. {n_for} carry a plus and {n_against} a "
        f"minus; the strongest speaks {way} the target and is of class {int(y[strongest]) + 1}."
    )


def _mark(ax: Axes, share: list[float], n_each: int, side: int) -> None:
    """Write the signs, and frame the strongest."""
    strongest = max(range(len(share)), key=lambda i: abs(share[i]))
    for i, size in enumerate(share):
        left, top = side * (i % n_each), side * (i // n_each)
        if abs(size) >= SIGNED:
            sign = "+" if size > 0 else "\N{MINUS SIGN}"
            ax.text(left + 2, top + 1, sign, va="top", fontsize=9, weight="bold", color=INK)
        if i == strongest:
            ax.add_patch(Rectangle((left, top), side - 1, side - 1, fill=False, ec=INK, lw=2))


def _tile(ink: Float[Tensor, "side side"], share: float) -> Float[np.ndarray, "side side 3"]:
    hue = np.array(to_rgb(UP if share > 0 else DOWN))
    behind = 1 - abs(share) * (1 - hue)
    return behind * (1 - ink.detach().cpu().double().numpy()[..., None])
