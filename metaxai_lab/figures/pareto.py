"""Good and short at once: each model is a point, worth a look if none beats it twice.

Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from metaxai_lab.figures.palette import CATEGORIES, INK, paper, plain_spines

Points = Mapping[str, Sequence[tuple[float, float]]]
MARKS = "osD^vPX"


def trade_off(
    points: Points,
    *,
    along: str,
    what: str,
    ring: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw quality over size; the points of one kind are joined, its name stands at the last.

    Args:
        points: (size, quality) of each model, by kind, from small to large.
        along: the size, such as "questions a row is asked".
        what: the quality, higher being better.
        ring: a point to be circled.
    """
    ax = paper(ax, 5.4, 3.4)
    for colour, mark, (name, pairs) in zip(CATEGORIES, MARKS, points.items(), strict=False):
        ax.plot(*zip(*pairs, strict=True), color=colour, marker=mark, ms=5, linewidth=1)
        ax.annotate(name, pairs[-1], (6, -3), textcoords="offset points", color=colour, fontsize=8)
    if ring is not None:
        ax.plot(*ring, marker="o", ms=13, markerfacecolor="none", markeredgecolor=INK)
    ax.set(xlabel=f"{along}\n(fewer is easier to read)", ylabel=f"{what}\n(higher is better)")
    ax.margins(x=0.2)
    plain_spines(ax)
    return ax


def describe_trade_off(points: Points, *, along: str, what: str) -> str:
    """Say in words what `trade_off` draws: where each kind begins and ends."""
    said = [
        f"{name} goes from {pairs[0][1]:.2f} at {pairs[0][0]:.1f} to {pairs[-1][1]:.2f} at "
        f"{pairs[-1][0]:.1f}"
        for name, pairs in points.items()
    ]
    return f"{what} over {along}: {'; '.join(said)}."
