"""What each column does, as bars: signed for one row, and the usual size as a frame around it.

Chapter: book/concepts/three_kinds_of_explanation.ipynb.
"""

from collections.abc import Mapping

from matplotlib.axes import Axes

from metaxai_lab.figures.palette import DOWN, INK, UP, paper, plain_spines


def signed_bars(
    values: Mapping[str, float],
    *,
    what: str,
    frames: Mapping[str, float] | None = None,
    marks: Mapping[str, float] | None = None,
    most: float | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a bar for each name, to the right of zero in blue or to the left in vermilion.

    Args:
        values: the number of each name, from the top.
        what: the quantity and its unit, for the axis.
        frames: a size for each name, drawn as an empty bar on the side of its value.
        marks: a number for each name, drawn as a diamond: what the value should be.
        most: where the axis ends on both sides; give the same to bars that are compared.
    """
    ax = paper(ax, 4.2, 0.9 + 0.3 * len(values))
    colors = [UP if value >= 0 else DOWN for value in values.values()]
    ax.barh(list(values), list(values.values()), color=colors, height=0.55)
    for i, (name, value) in enumerate(values.items()):
        if frames:
            length = frames[name] if value >= 0 else -frames[name]
            ax.barh(i, length, height=0.8, fill=False, edgecolor=INK, linewidth=0.8)
        if marks:
            ax.plot(marks[name], i, "D", mfc="white", mec=INK, ms=5)
    every = [*values.values(), *(frames or {}).values(), *(marks or {}).values()]
    end = 1.1 * (max(map(abs, every)) if most is None else most)
    ax.set(xlim=(-end, end), xlabel=what, title=title)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.invert_yaxis()
    plain_spines(ax)
    return ax


def describe_signed_bars(values: Mapping[str, float], *, what: str) -> str:
    """Say in words what `signed_bars` draws, the largest bar first."""
    order = sorted(values, key=lambda name: -abs(values[name]))
    return f"Bars of {what}: {', '.join(f'{name} {values[name]:+.2f}' for name in order)}."
