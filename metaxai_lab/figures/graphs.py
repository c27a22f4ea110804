"""A causal graph as circles and arrows: what was set from outside, and what moved because of it.

Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib.pyplot as plt

from metaxai_lab.figures.palette import CATEGORIES, DOWN, INK, UP

STILL = 0.005  # a mean that moves less is said not to have moved


def drawn_graph(
    places: Mapping[str, tuple[float, float]],
    arrows: Iterable[tuple[str, str]],
    *,
    means: Mapping[str, float],
    usual: Mapping[str, float],
    held: str = "",
) -> Any:
    """Return a figure of the graph with the mean of each column.

    Args:
        places: where each column stands, about 0 to 1 either way.
        means: of each column now; a column that is not as `usual` has a thick ring.
        held: the column that was set from outside; arrows into it are dashed, for they are cut.
    """
    fig, ax = plt.subplots(figsize=(4.6, 2.9), layout="constrained")
    for parent, child in arrows:
        cut = child == held
        look = {"color": "#BBBBBB", "linestyle": "--"} if cut else {"color": INK}
        style = {"arrowstyle": "-|>", "shrinkA": 25, "shrinkB": 25, **look}
        ax.annotate("", places[child], places[parent], arrowprops=style)
    for name, (across, up) in places.items():
        moved = abs(means[name] - usual[name]) > STILL
        ring = UP if name == held else DOWN if moved else "#BBBBBB"
        ax.scatter(across, up, s=2000, color="white", edgecolors=ring, linewidths=3 if moved else 1)
        said = "set to" if name == held else "mean"
        words = f"{name}\n{said} {means[name] + 0.0:.1f}"
        ax.text(across, up, words, ha="center", va="center", fontsize=7, color=CATEGORIES[-1])
    ax.set(xlim=(-0.2, 1.25), ylim=(-0.35, 1.25))
    ax.axis("off")
    plt.close(fig)
    return fig
