"""A cart with its pole at one moment: how it stands, where it is pushed, what it remembers.

Chapter: book/outlook/meta_reinforcement.ipynb.
"""

from collections.abc import Sequence
from math import cos, sin
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from metaxai_lab.figures.palette import CATEGORIES, DOWN, UP, plain_spines

SHOWN_TILT = 3.0  # the pole is drawn this many times as tilted as it is


def drawn_cart(
    angle: float,
    *,
    called: float,
    moves: float,
    attention: Sequence[float],
    told: Sequence[float],
    n_steps: int,
) -> Any:
    """Return a figure of a cart, and below the weight of each past step.

    Args:
        angle: of the pole from upright, in radians; to the right is above 0.
        called: the push that was chosen, -1 (left) or 1 (right).
        moves: the force that this push gives, in parts of 10 N; the gust is not in it.
        told: how far each past step spoke for "not reversed"; where it did not, its bar is hatched.
        n_steps: of a trial.
    """
    fig, (above, below) = plt.subplots(
        2, 1, figsize=(4.6, 3.6), height_ratios=(3, 2), layout="constrained"
    )
    above.add_patch(Rectangle((-0.4, 0), 0.8, 0.3, color="#666666"))
    tip = (1.4 * sin(SHOWN_TILT * angle), 0.3 + 1.4 * cos(SHOWN_TILT * angle))
    above.plot([0, tip[0]], [0.3, tip[1]], color=CATEGORIES[1], linewidth=5)
    _arrow(above, 0.15, called, "called", "#666666")
    _arrow(above, -0.25, moves, "goes", DOWN if called * moves < 0 else UP)
    above.set(xlim=(-2.4, 2.4), ylim=(-0.5, 2.0), aspect="equal")
    above.axis("off")
    colours = [UP if each > 0 else DOWN for each in told]
    bars = below.bar(range(len(attention)), attention, color=colours, width=0.9)
    for bar, each in zip(bars, told, strict=True):
        bar.set(hatch="" if each > 0 else "////", edgecolor="white", linewidth=0)
    below.axvline(n_steps / 2 - 0.5, color="#999999", linestyle=":")
    below.set(xlim=(-1, n_steps), ylim=(0, 1), ylabel="attention", xlabel="past step of the trial")
    plain_spines(below)
    plt.close(fig)
    return fig


def _arrow(ax: Any, height: float, push: float, word: str, colour: str) -> None:
    side = 1 if push > 0 else -1
    end = side * (0.55 + 0.9 * abs(push))
    ax.annotate("", (end, height), (side * 0.5, height), arrowprops={"color": colour, "width": 2.5})
    ax.text(end + side * 0.1, height, word, color=colour, ha="left" if side > 0 else "right")
