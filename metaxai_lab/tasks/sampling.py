"""Episodes by index alone: the pictures stay where they are, and a batch is a gather.

A table of small pictures fits in memory as bytes. An episode is then a choice of numbers, drawn on
the CPU, and the pictures are fetched on the device that holds them: nothing is opened, decoded or
collated. Task layout: Vinyals et al. (2016), section 4.
Chapter: book/attention/from_equations.ipynb. Chapter: book/concepts/three_families.ipynb.
"""

import torch
from jaxtyping import Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.picture_table import PictureTable


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
    check_sizes(n_way=n_way, k_shot=k_shot, n_query=n_query, n_tasks=n_tasks)
    _check_table(table, n_way=n_way, n_rows=k_shot + n_query)
    classes = distinct(len(table.counts), n_way, (n_tasks,), generator)
    items = random_order(table.counts[classes], k_shot + n_query, generator)
    index = (table.starts[classes][..., None] + items).to(table.pixels.device)
    return Episode(_rows(table, index[..., :k_shot]), _rows(table, index[..., k_shot:]))


def distinct(
    n_things: int, n_chosen: int, shape: tuple[int, ...], generator: Generator
) -> Int[Tensor, "..."]:
    """Choose different ones of `n_things`, in random order, for each place of `shape`."""
    return torch.rand(*shape, n_things, generator=generator).topk(n_chosen).indices


def random_order(
    counts: Int[Tensor, "*places"], n_chosen: int, generator: Generator
) -> Int[Tensor, "*places item"]:
    """Choose different ones of the first `counts` numbers, in random order, for each place.

    Every number gets a random key, those past the count a key below all others; the highest keys
    win. Where a count is below `n_chosen`, numbers past it come last.
    """
    longest = int(counts.max())
    keys = torch.rand(*counts.shape, longest, generator=generator)
    past = torch.arange(longest) >= counts[..., None]
    return keys.masked_fill_(past, -1.0).topk(n_chosen).indices


def check_sizes(**sizes: int) -> None:
    """Refuse sizes of an episode that are too small.

    Raises:
        ValueError: if `n_way` is below 2, or any other size below 1.
    """
    for name, size in sizes.items():
        least = 2 if name == "n_way" else 1
        if size < least:
            raise ValueError(f"an episode needs {name} of at least {least}; found {size}.")


def rows_as_floats(table: PictureTable, index: Int[Tensor, "*shape"]) -> Tensor:
    """Fetch pictures by their numbers, as float32 rows with brightness from 0 to 1."""
    pixels = table.pixels.index_select(0, index.flatten())
    return pixels.to(torch.float32).div_(255).view(*index.shape, -1)


def _rows(table: PictureTable, index: Int[Tensor, "task way row"]) -> Examples:
    n_tasks, n_way, n_rows = index.shape
    x = rows_as_floats(table, index.flatten(1))
    y = torch.arange(n_way, device=x.device).repeat_interleave(n_rows)
    return Examples(x, y.repeat(n_tasks, 1))


def _check_table(table: PictureTable, *, n_way: int, n_rows: int) -> None:
    n_classes = len(table.counts)
    if n_way > n_classes:
        raise ValueError(
            f"{n_way}-way episodes need {n_way} classes; the table has {n_classes}. Lower n_way."
        )
    if n_rows > int(table.counts.min()):
        raise ValueError(
            f"{n_way}-way episodes need k_shot + n_query = {n_rows} pictures per class; "
            f"{_too_small(table, n_rows)}. Lower k_shot or n_query, or choose table.classes(...)."
        )


def _too_small(table: PictureTable, n_rows: int, n_named: int = 3) -> str:
    small = (table.counts < n_rows).nonzero().flatten().tolist()
    named = [f"class {table.names[c]!r} has {int(table.counts[c])}" for c in small[:n_named]]
    more = [f"{len(small) - n_named} more have too few"] if len(small) > n_named else []
    return ", ".join(named + more)
