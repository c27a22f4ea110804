"""A lesson as a table: rows, the black box's answers, and perhaps the share of each column.

Chapter: book/judging/judges.ipynb.
"""

from collections.abc import Sequence

from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from metaxai_lab.figures.palette import DOWN, INK, UP, paper

LEAST = 0.05  # a smaller share would be written as 0.0


def lesson_table(
    rows: Float[Tensor, "row feature"],
    answers: Sequence[str],
    *,
    names: Sequence[str],
    shares: Float[Tensor, "row feature"] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the values of each row with the answer at its end; below a value stands its share.

    Shares for yes are on blue and those against it on vermilion, both with their sign.

    Args:
        answers: one for each row, such as "yes", "no" or "?".
        shares: of rows without an answer yet, zeros; one that rounds to 0 is not drawn.

    Raises:
        ValueError: if answers or names do not count the rows or columns.
    """
    n, d = rows.shape
    if len(answers) != n or len(names) != d:
        raise ValueError(
            f"a lesson of {n} rows and {d} columns needs as many answers and names; found "
            f"{len(answers)} and {len(names)}."
        )
    ax = paper(ax, 0.8 + 0.75 * d, 0.5 + 0.36 * n)
    for i in range(n):
        for j in range(d):
            ax.text(j, i - (0.14 if shares is not None else 0), f"{float(rows[i, j]):+.0f}",
                    ha="center", va="center", color=INK)  # fmt: skip
            if shares is not None and abs(float(shares[i, j])) >= LEAST:
                _share(ax, i, j, float(shares[i, j]), float(shares.abs().max()))
        ax.text(d, i, answers[i], ha="center", va="center", weight="bold", color=INK)
    ax.set(xlim=(-0.5, d + 0.5), ylim=(n - 0.5, -0.5), yticks=[])
    ax.set_xticks(range(d + 1), [*names, "answer"], fontsize=8)
    ax.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)
    return ax


def describe_lesson(rows: Float[Tensor, "row feature"], answers: Sequence[str]) -> str:
    """Say in words what `lesson_table` draws."""
    counted = ", ".join(f"{answers.count(a)} {a}" for a in dict.fromkeys(answers))
    return f"A table of {len(rows)} rows and {rows.shape[-1]} columns, answers: {counted}."


def _share(ax: Axes, i: int, j: int, share: float, most: float) -> None:
    color = UP if share > 0 else DOWN
    strength = 0.08 + 0.4 * abs(share) / most
    ax.add_patch(Rectangle((j - 0.46, i - 0.46), 0.92, 0.92, color=color, alpha=strength, lw=0))
    ax.text(j, i + 0.24, f"{share:+.1f}", ha="center", va="center", fontsize=7, color=INK)
