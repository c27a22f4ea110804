"""A trip up to a moment: how fast, how near, when it braked, and which past steps are read now.

Chapter: book/applications/driving.ipynb.
"""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt

from metaxai_lab.figures.palette import CATEGORIES, DOWN, UP, plain_spines


def drawn_trip(
    gap: Sequence[float],
    speed: Sequence[float],
    braked: Sequence[bool],
    attention: Sequence[float],
    *,
    n_steps: int,
    highest: float = 1.0,
) -> Any:
    """Return a figure of the trip so far, and below the weight of each past step, braked dark."""
    now = len(attention)
    steps = range(now)
    fig, (above, below) = plt.subplots(2, 1, figsize=(4.6, 3.4), sharex=True, layout="constrained")
    above.plot(steps, gap[:now], color=UP, label="gap in m")
    above.plot(steps, speed[:now], color=CATEGORIES[1], linestyle="--", label="speed in m/s")
    above.set(xlim=(-1, n_steps), ylim=(0, max(gap) * 1.05))
    above.legend(loc="upper right", fontsize=7, frameon=False)
    colours = [DOWN if each else "#BBBBBB" for each in braked[:now]]
    below.bar(steps, attention, color=colours, width=0.9)
    marks = [step for step in steps if braked[step]]
    below.plot(marks, [-0.03 * highest] * len(marks), "|", color=DOWN, markersize=5)
    below.set(ylim=(-0.06 * highest, highest), ylabel="attention", xlabel="step of the trip")
    for ax in (above, below):
        plain_spines(ax)
    plt.close(fig)
    return fig
