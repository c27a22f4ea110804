"""Any-way any-shot episodes over several domains: chance says how many classes, and rows of each.

The procedure of Meta-Dataset (Triantafillou et al., 2020, section 3.2): a domain, a number of
classes, then support rows shared out unevenly. Its classes are drawn uniformly here, from Omniglot
too, where the paper stays within one alphabet. As in `sampling`, an episode is a choice of numbers.
Chapter: book/concepts/three_families.ipynb.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.sampling import distinct, random_order, rows_as_floats

LEAST_WAY, MOST_WAY = 5, 50
MOST_QUERY = 10  # rows of a class
MOST_SHOTS, MOST_SUPPORT = 100, 500  # rows of a class that count towards the size; rows in all
LOG_WEIGHTS = (math.log(0.5), math.log(2))


def draw_any_way(
    tables: Sequence[PictureTable],
    *,
    generator: Generator,
    weights: Sequence[float] | None = None,
) -> Episode:
    """Draw one task from one of the tables; no picture comes twice in it.

    The task stands alone, without a task axis, for the next one has another size. Rows stand class
    by class; labels are 0, 1, ... without a gap. `x` holds brightness from 0 to 1 as float32, on
    the device of the table it is drawn from. One seed gives the same episode on every device.

    Args:
        weights: how likely each table is, up to a factor; equally where None.

    Raises:
        ValueError: if a table has fewer than 5 classes, or a class fewer than 2 pictures, or the
            weights do not fit the tables.
    """
    _check_tables(tables)
    table = tables[_domain(len(tables), weights, generator)]
    classes = distinct(len(table.counts), draw_way(len(table.counts), generator), (), generator)
    sizes = table.counts[classes]
    n_query = query_per_class(sizes)
    n_support = support_size(sizes, n_query, 1 - float(torch.rand((), generator=generator)))
    shots = class_shots(sizes, n_query, n_support, draw_log_weights(len(sizes), generator))
    items = random_order(sizes, n_query + int(shots.max()), generator)
    index = table.starts[classes][:, None] + items
    place, end = torch.arange(items.shape[1]), n_query + shots[:, None]
    asked, shown = (place < n_query).expand(index.shape), (place >= n_query) & (place < end)
    return Episode(_examples(table, index, shown), _examples(table, index, asked))


def draw_way(n_classes: int, generator: Generator) -> int:
    """Draw the number of classes: uniform in [5, min(50, n_classes)]."""
    most = min(MOST_WAY, n_classes)
    return int(torch.randint(LEAST_WAY, most + 1, (), generator=generator))


def query_per_class(sizes: Int[Tensor, " way"]) -> int:
    """Return q = min(10, floor(min_c |Im(c)| / 2))."""
    return min(MOST_QUERY, int(sizes.min()) // 2)


def support_size(sizes: Int[Tensor, " way"], n_query: int, beta: float) -> int:
    """Return |S| = min(500, sum_c ceil(beta min(100, |Im(c)| - q))); beta is uniform in (0, 1]."""
    left = (sizes - n_query).clamp(max=MOST_SHOTS).double()
    return min(MOST_SUPPORT, int((beta * left).ceil().sum()))


def support_shares(
    sizes: Int[Tensor, " way"], log_weights: Float[Tensor, " way"]
) -> Float[Tensor, " way"]:
    """Return R_c = exp(alpha_c) |Im(c)| / sum_c' exp(alpha_c') |Im(c')|."""
    mass = log_weights.double().exp() * sizes
    return mass / mass.sum()


def class_shots(
    sizes: Int[Tensor, " way"], n_query: int, n_support: int, log_weights: Float[Tensor, " way"]
) -> Int[Tensor, " way"]:
    """Return k_c = min(floor(R_c (|S| - |C|)) + 1, |Im(c)| - q)."""
    spare = n_support - len(sizes)
    wanted = (support_shares(sizes, log_weights) * spare).floor().long() + 1
    return torch.minimum(wanted, sizes - n_query)


def draw_log_weights(n_way: int, generator: Generator) -> Float[Tensor, " way"]:
    """Draw alpha_c, uniform in [log 0.5, log 2)."""
    low, high = LOG_WEIGHTS
    return low + (high - low) * torch.rand(n_way, generator=generator, dtype=torch.float64)


def _domain(n_tables: int, weights: Sequence[float] | None, generator: Generator) -> int:
    chances = torch.tensor([1.0] * n_tables if weights is None else list(weights))
    if len(chances) != n_tables or chances.lt(0).any() or not 0 < chances.sum() < torch.inf:
        raise ValueError(
            f"weights say how likely each of the {n_tables} tables is: as many numbers, none below "
            f"0, and not all 0; found {weights}."
        )
    return int(torch.multinomial(chances, 1, generator=generator))


def _examples(table: PictureTable, index: Int[Tensor, "way item"], chosen: Tensor) -> Examples:
    x = rows_as_floats(table, index[chosen].to(table.pixels.device))
    return Examples(x, chosen.nonzero()[:, 0].to(x.device))


def _check_tables(tables: Sequence[PictureTable]) -> None:
    if not tables:
        raise ValueError("any-way episodes need at least one table; found none.")
    for number, table in enumerate(tables):
        if len(table.counts) < LEAST_WAY:
            raise ValueError(
                f"any-way episodes need {LEAST_WAY} classes or more in every table; table {number} "
                f"has {len(table.counts)}. Leave it out, or take all its classes (split 'all')."
            )
        if table.counts.min() < 2:
            name = table.names[int(table.counts.argmin())]
            raise ValueError(
                f"any-way episodes need 2 pictures per class or more; class {name!r} of table "
                f"{number} has {int(table.counts.min())}. Choose others with table.classes(...)."
            )
