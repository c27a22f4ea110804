"""The colours and the paper of every figure: safe for colour-blind eyes, and never the only sign.

Okabe & Ito (2008), "Color universal design". Chapter: book/appendix/architecture.md.
"""

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

UP = "#0072B2"  # blue: pushes the output up
DOWN = "#D55E00"  # vermilion: pushes it down; also the outline of the truth
INK = "#333333"
CATEGORIES = (UP, "#E69F00", "#009E73", "#CC79A7", "#56B4E9", DOWN, "#000000")
AMOUNTS = "cividis"


def paper(ax: Axes | None, width: float, height: float) -> Axes:
    """Return `ax`, or the axes of a new figure of `width` x `height` inches where it is None."""
    if ax is not None:
        return ax
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def plain_spines(ax: Axes) -> None:
    """Take away the frame lines above and to the right, which say nothing."""
    ax.spines[["top", "right"]].set_visible(False)


def arrow(better: str) -> str:
    """Return the words that say which way is better on an axis.

    Raises:
        ValueError: if `better` is neither "higher" nor "lower".
    """
    if better not in ("higher", "lower"):
        raise ValueError(f"better is 'higher' or 'lower'; found {better!r}.")
    return f"({better} is better)"
