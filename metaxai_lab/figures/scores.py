"""Numbers as pictures: bars beside what knows nothing, and curves over the steps of a training.

Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from matplotlib.axes import Axes
from torch import Tensor

from metaxai_lab.figures.palette import CATEGORIES, INK, UP, arrow, paper, plain_spines


def bars_against_chance(
    values: Mapping[str, float],
    *,
    chance: float,
    what: str,
    spread: Mapping[str, Sequence[float]] | None = None,
    better: str = "higher",
    line: str = "chance",
    ax: Axes | None = None,
) -> Axes:
    """Draw one bar for each name, its number beside it, and a line where chance would end.

    Args:
        values: the number of each name, from the top.
        chance: what an explanation or a model that knows nothing would get.
        what: the quantity and its unit, for the axis.
        spread: the values of the single runs of a name, drawn as dots.
        better: "higher" or "lower".
        line: what the line says.
    """
    ax = paper(ax, 5.5, 0.8 + 0.45 * len(values))
    runs = spread or {}
    ax.barh(list(values), list(values.values()), color=UP, height=0.6)
    for i, (name, value) in enumerate(values.items()):
        dots = runs.get(name, ())
        ax.plot(dots, [i] * len(dots), "o", mfc="white", mec=INK, ms=4)
        ax.annotate(
            f"{value:.2f}",
            (max(value, 0.0, *dots), i),
            (6, 0),
            textcoords="offset points",
            va="center",
        )
    ax.axvline(chance, color=INK, linestyle="--", linewidth=1)
    ax.annotate(line, (chance, 1), (3, 2), ("data", "axes fraction"), textcoords="offset points")
    ax.invert_yaxis()
    ax.set_xlabel(f"{what} {arrow(better)}")
    ax.margins(x=0.15)
    plain_spines(ax)
    return ax


def describe_bars(values: Mapping[str, float], *, chance: float, what: str) -> str:
    """Say in words what `bars_against_chance` draws."""
    said = ", ".join(f"{name} {value:.2f}" for name, value in values.items())
    return f"Bars of {what}: {said}. Chance is {chance:.2f}."


def learning_curve(
    curves: Mapping[str, Float[Tensor, " step"]],
    *,
    what: str,
    chance: float | None = None,
    smooth: int = 1,
    better: str = "lower",
    ax: Axes | None = None,
) -> Axes:
    """Draw a quantity over training steps; each curve carries its name at its end.

    Args:
        curves: one value a step, by name.
        what: the quantity and its unit, for the axis.
        chance: where a learner that knows nothing would stay.
        smooth: draw the mean over this many steps; the single steps stay as a faint line.
        better: "higher" or "lower".
    """
    ax = paper(ax, 5.5, 3.0)
    for color, (name, curve) in zip(CATEGORIES, curves.items(), strict=False):
        calm = running_mean(curve.detach().cpu(), smooth)
        first = len(curve) - len(calm) + 1
        if smooth > 1:
            ax.plot(range(1, len(curve) + 1), curve.detach().cpu(), color=color, alpha=0.2)
        ax.plot(range(first, len(curve) + 1), calm, color=color)
        ax.annotate(
            name,
            (len(curve), float(calm[-1])),
            (5, 0),
            textcoords="offset points",
            color=color,
            va="center",
        )
    if chance is not None:
        ax.axhline(chance, color=INK, linestyle="--", linewidth=1)
        ax.annotate("chance", (1, chance), (0, 3), textcoords="offset points")
    ax.set(xlabel="training step", ylabel=f"{what}\n{arrow(better)}")
    plain_spines(ax)
    return ax


def describe_curve(
    curves: Mapping[str, Float[Tensor, " step"]], *, what: str, smooth: int = 1
) -> str:
    """Say in words what `learning_curve` draws: where each curve begins and ends."""
    ends = {name: running_mean(curve, smooth) for name, curve in curves.items()}
    said = "; ".join(
        f"{name} goes from {float(calm[0]):.2f} to {float(calm[-1]):.2f}"
        for name, calm in ends.items()
    )
    steps = max(len(curve) for curve in curves.values())
    return f"{what} over {steps} training steps: {said}."


def running_mean(curve: Float[Tensor, " step"], window: int) -> Float[Tensor, " kept"]:
    """Return the mean over each `window` steps that follow one another.

    Raises:
        ValueError: if the window is longer than the curve, or shorter than one step.
    """
    if not 1 <= window <= len(curve):
        raise ValueError(
            f"a mean over {window} steps needs 1 to {len(curve)} steps, the length of the curve."
        )
    return curve.unfold(0, window, 1).mean(-1)
