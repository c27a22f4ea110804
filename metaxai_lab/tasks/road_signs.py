"""Traffic signs drawn by code: a class is a shape and a pictogram, and the sign's pixels are known.

Signs stand anywhere before grounds of stripes, slopes and grain, larger or smaller, a little
tilted. Those of the test have pictograms that no training task has shown.
Chapter: book/applications/driving.ipynb.
"""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.sampling import check_sizes, distinct

SIDE = 32
RIM, PICTURE = 0.8, 0.56  # where the rim begins, and half the side of the pictogram, in radii
SHAPES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {  # 1 on the rim's outer edge
    "circle": lambda x, y: torch.hypot(x, y),
    "square": lambda x, y: torch.maximum(x.abs(), y.abs()) / 0.85,
    "diamond": lambda x, y: (x.abs() + y.abs()) / 1.1,
    "octagon": lambda x, y: torch.maximum(
        torch.maximum(x.abs(), y.abs()), (x.abs() + y.abs()) / 1.35
    ),
    "triangle": lambda x, y: torch.maximum(y / 0.75, (1.8 * x.abs() - y) / 1.2),
    "yield": lambda x, y: torch.maximum(-y / 0.75, (1.8 * x.abs() + y) / 1.2),
}
PICTOGRAMS: dict[str, tuple[str, ...]] = {  # rows of five, each # is dark
    "train": (
        "..#.. ..#.. ..#.. ..#.. ..#..",
        "..... ..... ##### ..... .....",
        "#.... .#... ..#.. ...#. ....#",
        "..#.. .###. #.#.# ..#.. ..#..",
        ".###. #...# #...# #...# .###.",
        "##.## ##.## ..... ##.## ##.##",
        "#...# #...# #...# #...# #####",
        "##### #.... #.... #.... #....",
        "..#.. ..#.. ##### ..#.. ..#..",
        "##### ..... ##### ..... #####",
        "#.#.# #.#.# #.#.# #.#.# #.#.#",
        "..... .###. .###. .###. .....",
    ),
    "test": (
        "#...# .#.#. ..#.. .#.#. #...#",
        "##### ..#.. ..#.. ..#.. ..#..",
        "....# ...## ..#.# .#..# #####",
        "#.... #.... ##### ....# ....#",
        ".#.#. .#.#. ..... #...# .###.",
        "###.. ###.. ..... ..### ..###",
    ),
}


def draw_sign_episodes(
    split: str,
    *,
    n_way: int = 5,
    k_shot: int = 3,
    n_query: int = 3,
    n_tasks: int,
    generator: Generator,
) -> Episode:
    """Draw tasks of signs, class by class; the truth marks the pixels of each query's sign.

    Raises:
        ValueError: if there is no such split, a number is too small, or there are fewer classes.
    """
    check_sizes(n_way=n_way, k_shot=k_shot, n_query=n_query, n_tasks=n_tasks)
    if split not in PICTOGRAMS or n_way > len(SHAPES) * len(PICTOGRAMS[split]):
        n_classes = len(SHAPES) * len(PICTOGRAMS.get(split, ()))
        raise ValueError(
            f"splits are train and test; {split!r} has {n_classes} classes, and {n_way} are asked."
        )
    bitmaps = _bitmaps(split)
    classes = distinct(len(SHAPES) * len(bitmaps), n_way, (n_tasks,), generator)
    each = classes[..., None].expand(-1, -1, k_shot + n_query)
    x, sign = drawn_signs(each % len(SHAPES), bitmaps[each // len(SHAPES)], generator)
    y = torch.arange(n_way)[:, None].expand(n_tasks, -1, k_shot + n_query)

    def part(rows: slice) -> Examples:
        return Examples(x[:, :, rows].flatten(1, 2), y[:, :, rows].flatten(1))

    support, query = part(slice(k_shot)), part(slice(k_shot, None))
    return Episode(support, query, sign[:, :, k_shot:].flatten(1, 2))


def drawn_signs(
    shape: Int[Tensor, "*batch"], bitmap: Float[Tensor, "*batch 5 5"], generator: Generator
) -> tuple[Float[Tensor, "*batch pixel"], Bool[Tensor, "*batch pixel"]]:
    """Return pictures with brightness from 0 to 1, and which pixels belong to the sign."""
    edge = torch.arange(SIDE) + 0.5

    def one(low: float, high: float) -> Tensor:
        chance = torch.rand(*shape.shape, generator=generator)
        return (low + (high - low) * chance)[..., None, None]

    radius, tilt = one(8.5, 12.0), one(-0.15, 0.15)
    down = edge[:, None] - (radius + (SIDE - 2 * radius) * one(0.0, 1.0))
    across = edge - (radius + (SIDE - 2 * radius) * one(0.0, 1.0))
    x = (across * tilt.cos() - down * tilt.sin()) / radius
    y = (across * tilt.sin() + down * tilt.cos()) / radius
    far = torch.stack([reach(x, y) for reach in SHAPES.values()])
    far = far.gather(0, shape[None, ..., None, None].expand(1, *x.shape))[0]
    place = [((part / PICTURE + 1) * 2.5).floor().long() for part in (y, x)]
    held = (place[0].clamp(0, 4) * 5 + place[1].clamp(0, 4)).flatten(-2)
    dark = bitmap.flatten(-2).gather(-1, held).unflatten(-1, (SIDE, SIDE)) > 0
    dark &= torch.maximum(x.abs(), y.abs()) < PICTURE
    plate = torch.where(dark | (far > RIM), one(0.0, 0.2), one(0.8, 1.0))
    sign = far <= 1
    picture = torch.where(sign, plate, _grounds(shape.shape, one, generator))
    return picture.flatten(-2), sign.flatten(-2)


def _grounds(
    shape: tuple[int, ...], one: Callable[[float, float], Tensor], generator: Generator
) -> Float[Tensor, "*batch side side"]:
    """Return slopes with stripes in a direction of their own, and grain."""
    along = torch.linspace(-1, 1, SIDE)
    turned = one(0.0, 3.1416)
    line = turned.cos() * along + turned.sin() * along[:, None]
    stripes = (one(2.0, 9.0) * line + one(0.0, 6.3)).sin()
    grain = torch.randn(*shape, SIDE, SIDE, generator=generator)
    ground = one(0.25, 0.65) + one(-0.2, 0.2) * line + one(0.0, 0.25) * stripes + 0.05 * grain
    return ground.clamp(0, 1)


def _bitmaps(split: str) -> Float[Tensor, "pictogram 5 5"]:
    rows = [
        [[float(mark == "#") for mark in row] for row in one.split()] for one in PICTOGRAMS[split]
    ]
    return torch.tensor(rows)
