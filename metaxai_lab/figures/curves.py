"""Curves of an error over shots or steps: how much of them a wanted error takes.

Both axes are logarithmic, so that four times as many is the same stretch everywhere.
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Mapping

from matplotlib.axes import Axes

from metaxai_lab.figures.palette import CATEGORIES, INK, paper, plain_spines

Curves = Mapping[str, Mapping[int, float]]


def error_curves(
    curves: Curves,
    *,
    along: str,
    what: str,
    target: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw an error over what is spent on it; each curve carries its name at its end.

    Args:
        curves: the error after so many shots or steps, by name.
        along: what is counted, such as "shots".
        target: the error that is wanted, drawn as a dashed line.
    """
    ax = paper(ax, 5.5, 3.4)
    marks = "osD^vPX"
    for color, mark, (name, curve) in zip(CATEGORIES, marks, curves.items(), strict=False):
        points = sorted(curve.items())
        ax.plot(*zip(*points, strict=True), color=color, marker=mark, ms=4)
        ax.annotate(name, points[-1], (6, 0), textcoords="offset points", color=color, va="center")
    if target is not None:
        ax.axhline(target, color=INK, linestyle="--", linewidth=1)
    ax.set(xscale="log", yscale="log", xlabel=along, ylabel=f"{what}\n(lower is better)")
    told = sorted({k for curve in curves.values() for k in curve})
    kept = [k for i, k in enumerate(told) if i == 0 or k >= 1.4 * told[i - 1] or i % 3 == 0]
    ax.set_xticks(kept, [str(k) for k in kept])
    ax.minorticks_off()
    ax.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    plain_spines(ax)
    return ax


def describe_errors(curves: Curves, *, along: str, what: str) -> str:
    """Say in words what `error_curves` draws: where each curve begins and ends."""
    said = []
    for name, curve in curves.items():
        (first, high), *_, (last, low) = sorted(curve.items())
        said.append(f"{name} goes from {high:.2f} after {first} to {low:.2f} after {last}")
    return f"{what} over {along}: {'; '.join(said)}."
