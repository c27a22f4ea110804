"""Episodes by index alone: the pictures stay where they are, and a batch is a gather.

A table of small pictures fits in memory as bytes. An episode is then a choice of numbers, drawn on
the CPU, and the pictures are fetched on the device that holds them: nothing is opened, decoded or
collated. Task layout: Vinyals et al. (2016), section 4. Chapter:
book/attention/from_equations.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Int, UInt8
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples


@dataclass(frozen=True)
class PictureTable:
    """Square grey pictures, as many of each class, resident in memory.

    Args:
        pixels: brightness from 0 to 255; each picture is a row of side * side pixels.
        names: one name per class.
        side: height and width of a picture, in pixels.

    Raises:
        ValueError: if pictures are not side x side bytes, or the names do not count the classes.
    """

    pixels: UInt8[Tensor, "class item feature"]
    names: tuple[str, ...]
    side: int

    def __post_init__(self) -> None:
        n_classes, _, n_pixels = self.pixels.shape
        if n_pixels != self.side**2 or self.pixels.dtype != torch.uint8:
            raise ValueError(
                f"pictures of side {self.side} need rows of {self.side**2} uint8 pixels; found "
                f"{n_pixels} of {self.pixels.dtype}. Resize the pictures, or give their own side."
            )
        if len(self.names) != n_classes:
            raise ValueError(
                f"a table of {n_classes} classes needs {n_classes} names; found {len(self.names)}."
            )

    def to(self, device: torch.device | str) -> "PictureTable":
        """Return the same table on `device`."""
        return PictureTable(self.pixels.to(device), self.names, self.side)


def draw_episodes(
    table: PictureTable,
    *,
    n_way: int,
    k_shot: int,
    n_query: int,
    n_tasks: int,
    generator: Generator,
) -> Episode:
    """Draw tasks with classes and pictures chosen uniformly, none twice in a task.

    Rows stand class by class: first the `k_shot` (or `n_query`) rows of class 0, then of class 1.
    `x` holds brightness from 0 to 1 as float32, on the table's device; `y` the class within the
    task as int64. One seed gives the same episodes on every device.

    Raises:
        ValueError: if a number is too small, or the table has too few classes or pictures.
    """
    n_classes, n_items, _ = table.pixels.shape
    check_sizes(n_way=n_way, k_shot=k_shot, n_query=n_query, n_tasks=n_tasks)
    _check_table(table, n_way=n_way, n_rows=k_shot + n_query)
    classes = distinct(n_classes, n_way, (n_tasks,), generator)
    items = distinct(n_items, k_shot + n_query, (n_tasks, n_way), generator)
    index = (classes[..., None] * n_items + items).to(table.pixels.device)
    return Episode(_rows(table, index[..., :k_shot]), _rows(table, index[..., k_shot:]))


def distinct(
    n_things: int, n_chosen: int, shape: tuple[int, ...], generator: Generator
) -> Int[Tensor, "..."]:
    """Choose different ones of `n_things`, in random order, for each place of `shape`."""
    return torch.rand(*shape, n_things, generator=generator).topk(n_chosen).indices


def check_sizes(**sizes: int) -> None:
    """Refuse sizes of an episode that are too small.

    Raises:
        ValueError: if `n_way` is below 2, or any other size below 1.
    """
    for name, size in sizes.items():
        least = 2 if name == "n_way" else 1
        if size < least:
            raise ValueError(f"an episode needs {name} of at least {least}; found {size}.")


def _rows(table: PictureTable, index: Int[Tensor, "task way row"]) -> Examples:
    n_tasks, n_way, n_rows = index.shape
    pixels = table.pixels.flatten(0, 1).index_select(0, index.flatten())
    x = pixels.to(torch.float32).div_(255).view(n_tasks, n_way * n_rows, -1)
    y = torch.arange(n_way, device=x.device).repeat_interleave(n_rows)
    return Examples(x, y.repeat(n_tasks, 1))


def _check_table(table: PictureTable, *, n_way: int, n_rows: int) -> None:
    n_classes, n_items, _ = table.pixels.shape
    if n_way > n_classes:
        raise ValueError(
            f"{n_way}-way episodes need {n_way} classes; the table has {n_classes}. Lower n_way."
        )
    if n_rows > n_items:
        raise ValueError(
            f"{n_way}-way episodes need k_shot + n_query = {n_rows} pictures per class; class "
            f"{table.names[0]!r} and the others have {n_items}. Lower k_shot or n_query."
        )
