"""Exact Shapley values: ask for every coalition, and weigh what each column adds to each.

The judge of this part: with 12 columns a row costs 4,096 queries, a few hundredths of a second.
Source: Shapley (1953); Lundberg & Lee (2017), theorem 1.
Chapter: book/local/shapley_and_lime.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.game import Game


def exact_shapley(
    game: Game, rows: Float[Tensor, "*tasks row feature"], *, most: int = 16
) -> Attribution:
    """Return the Shapley value of each column, from all 2^n coalitions.

    Args:
        most: columns up to which that is done; one more doubles the price.

    Raises:
        ModelFailedError: if the model fails; what is paid for is kept, as by `Game.values`.
        ValueError: if there are more than `most` columns.
    """
    n = game.n_features
    if n > most:
        raise ValueError(
            f"exact values of {n} columns take 2^{n} = {2**n:,} coalitions for each row, and "
            f"{2**n * game.background.shape[-2]:,} model rows. Use kernel_shap or "
            f"permutation_shapley with some hundred queries, or raise `most`, now {most}."
        )
    values = game.values(rows, all_coalitions(n, device=rows.device))
    return game.shares(rows, shapley_of(values), (values[..., 0], values[..., -1]))


def shapley_of(values: Float[Tensor, "*batch coalition"]) -> Float[Tensor, "*batch feature"]:
    """Return the Shapley values of games whose values of all coalitions are known.

    Args:
        values: in the order of `all_coalitions`.

    Raises:
        ValueError: if their number is not 2, 4, 8 and so on.
    """
    n = values.shape[-1].bit_length() - 1
    if n < 1 or values.shape[-1] != 2**n:
        raise ValueError(
            f"a game of n columns has 2^n values; found {values.shape[-1]}. all_coalitions(n) "
            "lists what they belong to."
        )
    weights = shapley_weights(n, device=values.device)
    return (values.double() @ weights).to(values.dtype)


def shapley_weights(
    n_features: int, *, device: torch.device | str | None = None
) -> Float[Tensor, "coalition feature"]:
    """Return the matrix W with `values @ W` = Shapley values, for values in binary order.

    A coalition of s columns counts (s-1)!(n-s)!/n! for a column that is in it, and -s!(n-s-1)!/n!
    for one that is not.
    """
    masks = all_coalitions(n_features, device=device)
    size = masks.sum(1, keepdim=True).double()
    n = torch.tensor(n_features, device=device).double()

    def share(before: Tensor) -> Tensor:
        """Of all orders, those in which `before` columns come first and one given column next."""
        later = n - 1 - before
        return ((before + 1).lgamma() + (later + 1).lgamma() - (n + 1).lgamma()).exp()

    inside, outside = share((size - 1).clamp_min(0)), -share(size.clamp_max(n_features - 1))
    return torch.where(masks, inside, outside)
