"""Bars of several tasks side by side, column by column, with a letter over the columns that act.

Chapter: book/importance/gates.ipynb.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from torch import Tensor

from metaxai_lab.figures.palette import CATEGORIES, paper, plain_spines

HATCHES = ("", "//", "..", "xx")


def paired_bars(
    values: Mapping[str, Float[Tensor, " feature"]],
    *,
    marked: Mapping[str, Bool[Tensor, " feature"]],
    what: str,
    most: float = 1.0,
    ax: Axes | None = None,
) -> Axes:
    """Draw a group of bars for each column, one bar for each name; the name marks its columns.

    Args:
        values: a number for each column, by a short name such as "A"; of one to four names.
        marked: the columns of each name over whose bar the name is written.
        what: the quantity and its unit, for the axis.
        most: where the axis ends.

    Raises:
        ValueError: if the names are none or more than four, or one has no columns of its own, or
            only such.
    """
    _refuse(values, marked)
    ax = paper(ax, 3.0, 2.0)
    width = 0.8 / len(values)
    n_columns = 0
    for i, (name, own) in enumerate(values.items()):
        heights = own.detach().cpu()
        n_columns = len(heights)
        at = torch.arange(len(heights)) + (i - (len(values) - 1) / 2) * width
        drawn = ax.bar(at.tolist(), heights.tolist(), 0.92 * width, color=CATEGORIES[i])
        for bar in drawn:
            bar.set(hatch=HATCHES[i], edgecolor="white")
        for j in marked[name].nonzero().flatten().tolist():
            ax.text(float(at[j]), float(heights[j]) + 0.02 * most, name, ha="center")
    ax.set(ylim=(0, most), xticks=range(n_columns), xlabel="column", ylabel=what)
    plain_spines(ax)
    return ax


def describe_paired_bars(
    values: Mapping[str, Float[Tensor, " feature"]],
    *,
    marked: Mapping[str, Bool[Tensor, " feature"]],
    what: str,
) -> str:
    """Say in words what `paired_bars` draws: the mean of the marked columns, and of the others.

    Raises:
        ValueError: as `paired_bars` does.
    """
    _refuse(values, marked)
    said = [
        f"{name} {float(own[marked[name]].mean()):.2f} where its columns act, "
        f"{float(own[~marked[name]].mean()):.2f} elsewhere"
        for name, own in values.items()
    ]
    return f"Bars of {what}, means: {'; '.join(said)}."


def _refuse(
    values: Mapping[str, Float[Tensor, " feature"]],
    marked: Mapping[str, Bool[Tensor, " feature"]],
) -> None:
    if not 1 <= len(values) <= len(HATCHES):
        raise ValueError(f"bars are drawn of 1 to {len(HATCHES)} names; found {len(values)}.")
    for name, own in values.items():
        if name not in marked or len(marked[name]) != len(own):
            raise ValueError(f"a mark is needed for each of the {len(own)} columns of {name!r}.")
        if marked[name].all() or not marked[name].any():
            raise ValueError(
                f"some columns are marked, others not; of {name!r}, {int(marked[name].sum())} of "
                f"{len(own)} are."
            )
