"""Permutation sampling: what each column adds when it comes, in drawn orders and their reverse.

An order and its reverse together are exact for a game of columns and pairs of columns. All rows
share their orders. Sources: Castro, Gómez & Tejada (2009); Mitchell et al. (2022), section 4.1, for
the reverse.
Chapter: book/local/shapley_and_lime.ipynb.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Attribution
from metaxai_lab.explainers.game import Game
from metaxai_lab.explainers.kernel_shap import refuse_few_queries


def permutation_shapley(
    game: Game,
    rows: Float[Tensor, "*tasks row feature"],
    *,
    n_queries: int,
    generator: Generator,
) -> Attribution:
    """Estimate Shapley values as the mean over drawn orders and their reverse.

    With two orders or more, `spread` is the standard error of that mean.

    Args:
        n_queries: values asked for each row, both ends included; an order and its reverse take 2
            for each column but one, and what does not suffice for another is not spent.

    Raises:
        ModelFailedError: if the model fails; what is paid for is kept, as by `Game.values`.
        ValueError: if there are fewer queries than 2 for each column.
    """
    n = game.n_features
    refuse_few_queries(n_queries, n)
    n_orders = (n_queries - 2) // (2 * n - 2) if n > 1 else 1
    place = torch.rand(n_orders, n, generator=generator).argsort(1).argsort(1).to(rows.device)
    values = game.values(rows, _on_the_way(place))
    empty, whole = values[..., 0], values[..., -1]
    found = _added(values, place)
    spread = found.std(-2) / n_orders**0.5 if n_orders > 1 else None
    return game.shares(rows, found.mean(-2), (empty, whole), spread)


def _on_the_way(place: Int[Tensor, "order feature"]) -> Bool[Tensor, "coalition feature"]:
    """Return no column, then the first 1 to n - 1 of each order, then their complements, then all.

    Args:
        place: of each column in each order.
    """
    n = place.shape[1]
    upto = torch.arange(1, n, device=place.device)
    first = (place[:, None] < upto[:, None]).flatten(0, 1)
    none = first.new_zeros(1, n)
    return torch.cat([none, first, ~first, ~none])


def _added(
    values: Float[Tensor, "*tasks row coalition"], place: Int[Tensor, "order feature"]
) -> Float[Tensor, "*tasks row order feature"]:
    """Return what each column adds, as the mean of an order and its reverse."""
    n_orders, n = place.shape
    empty, whole = (values[..., None, end : end + 1 or None] for end in (0, -1))
    empty, whole = (end.expand(*values.shape[:-1], n_orders, 1) for end in (empty, whole))
    inner = values[..., 1:-1].unflatten(-1, (2, n_orders, n - 1))
    there, rest = inner[..., 0, :, :], inner[..., 1, :, :]
    ahead = torch.cat([empty, there, whole], -1).diff()
    back = -torch.cat([whole, rest, empty], -1).diff()  # the k-th takes its column from the rest
    return ((ahead + back) / 2).gather(-1, place.expand(ahead.shape))
