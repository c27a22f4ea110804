"""Numbers from -1 to 1 as a table of coloured cells, with the number in each: who agrees with whom.

Chapter: book/judging/when_judges_disagree.ipynb.
"""

from collections.abc import Sequence

from jaxtyping import Float
from matplotlib.axes import Axes
from torch import Tensor

from metaxai_lab.figures.palette import paper

DARK = 0.6  # where the ink of a number turns white


def tau_cells(
    values: Float[Tensor, "row column"],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    text: Sequence[Sequence[str]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a cell for each number, purple towards 1 and orange towards -1.

    Args:
        rows: their names, from the top.
        columns: their names, from the left.
        text: what is written in each cell; its number where it is None.

    Raises:
        ValueError: if the names do not count rows and columns.
    """
    if values.shape != (len(rows), len(columns)):
        raise ValueError(
            f"a table of {tuple(values.shape)} needs as many names; found {len(rows)} and "
            f"{len(columns)}."
        )
    ax = paper(ax, 1.6 + 0.42 * len(columns), 1.3 + 0.26 * len(rows))
    ax.imshow(values.tolist(), cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
    for i, line in enumerate(values.tolist()):
        for j, value in enumerate(line):
            ink = "white" if abs(value) > DARK else "black"
            said = f"{value:.2f}" if text is None else text[i][j]
            ax.text(j, i, said, ha="center", va="center", color=ink, fontsize=7)
    ax.set_xticks(range(len(columns)), columns, rotation=60, ha="right", fontsize=8)
    ax.set_yticks(range(len(rows)), rows, fontsize=8)
    return ax
