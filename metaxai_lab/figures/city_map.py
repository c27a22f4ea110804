"""Stations on a map: the larger and brighter a mark, the more; lines and circles say what is there.

Chapter: book/applications/city.ipynb.
"""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from torch import Tensor

from metaxai_lab.figures.palette import AMOUNTS, INK, paper

Point = tuple[float, float]


def city_map(
    place: Float[Tensor, "station 2"],
    values: Float[Tensor, " station"],
    *,
    most: float,
    lines: Mapping[str, Sequence[Point]] | None = None,
    circles: Mapping[str, tuple[float, float, float]] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a mark at each station, its value beside it.

    Args:
        place: in km to the east and to the north.
        values: of each station, 0 or more.
        most: the value drawn largest; give the same to maps that are compared.
        lines: such as roads, by name: two ends or more.
        circles: such as parks, by name: east, north, radius.

    Raises:
        ValueError: if stations and values differ in number, a value is below 0 or not finite, or
            `most` is not above 0.
    """
    _refuse(place, values, most)
    ax = paper(ax, 3.2, 3.4)
    for name, ends in (lines or {}).items():
        ax.plot(*zip(*ends, strict=True), color="#999999", linewidth=3, zorder=0)
        ax.annotate(name, ends[-1], (0, 2), textcoords="offset points", ha="center", fontsize=8)
    for name, (east, north, radius) in (circles or {}).items():
        ax.add_patch(Circle((east, north), radius, color="#dddddd", zorder=0))
        ax.annotate(name, (east, north), ha="center", va="center", fontsize=8)
    share = (values.detach().cpu() / most).clamp(0, 1)
    east, north = place.detach().cpu().unbind(1)
    ax.scatter(
        east.tolist(),
        north.tolist(),
        s=(20 + 180 * share).tolist(),
        c=share.tolist(),
        cmap=AMOUNTS,
        vmin=0,
        vmax=1,
        edgecolors=INK,
    )
    for x, y, value in zip(east.tolist(), north.tolist(), values.tolist(), strict=True):
        ax.annotate(f"{value:.0f}", (x, y), (7, 3), textcoords="offset points", fontsize=7)
    ax.set(xlim=(-0.5, 10.5), ylim=(-0.5, 11), title=title, xlabel="km to the east")
    ax.set_ylabel("km to the north")
    ax.set_aspect("equal")
    return ax


def _refuse(place: Tensor, values: Tensor, most: float) -> None:
    if len(place) != len(values):
        raise ValueError(f"each of {len(place)} stations needs a value; found {len(values)}.")
    if not bool(values.isfinite().all()) or bool((values < 0).any()):
        raise ValueError("a mark is drawn for a finite value of 0 or more; found others.")
    if not most > 0:
        raise ValueError(f"most is above 0; found {most}.")
