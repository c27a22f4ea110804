"""Curves of an error over shots or steps: how much of them a wanted error takes.

Both axes are logarithmic, so that four times as many is the same stretch everywhere.
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Mapping

from matplotlib.axes import Axes

from metaxai_lab.figures.palette import CATEGORIES, INK, paper, plain_spines

Curves = Mapping[str, Mapping[int, float]]
ERRORS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)  # ticks; what lies beyond is not drawn


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
    kept: list[int] = []
    for k in sorted({k for curve in curves.values() for k in curve}):
        if not kept or k >= 1.4 * kept[-1]:
            kept.append(k)
    ax.set_xticks(kept, [str(k) for k in kept])
    ax.set_yticks(ERRORS, [f"{e:g}" for e in ERRORS])
    ax.minorticks_off()
    ax.set_ylim(*_room(curves, target))
    plain_spines(ax)
    return ax


def describe_errors(curves: Curves, *, along: str, what: str) -> str:
    """Say in words what `error_curves` draws: where each curve begins and ends."""
    said = []
    for name, curve in curves.items():
        (first, high), *_, (last, low) = sorted(curve.items())
        said.append(f"{name} goes from {high:.2f} after {first} to {low:.2f} after {last}")
    return f"{what} over {along}: {'; '.join(said)}."


def _room(curves: Curves, target: float | None) -> tuple[float, float]:
    """Return the ends of the axis: a little more than the errors take, and no more than ticks."""
    found = [error for curve in curves.values() for error in curve.values()]
    found += [] if target is None else [target]
    return 0.8 * max(min(found), ERRORS[0]), 1.25 * min(max(found), ERRORS[-1])
