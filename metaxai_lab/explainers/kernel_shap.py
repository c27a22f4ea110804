"""KernelSHAP and its neighbour: Shapley values by least squares over drawn coalitions.

The values minimise the weighted squares of v(S) - v(empty) - sum of phi over S, under the condition
that they add up. All rows share their coalitions, so one matrix serves them all and a row costs one
product. Sources: Lundberg & Lee (2017), theorem 2; Covert & Lee (2021), section 4.2, for pairs;
Musco & Witter (2025), section 3, for leverage sampling.
Chapter: book/local/shapley_and_lime.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution
from metaxai_lab.explainers.coalitions import kernel_mass, paired_coalitions
from metaxai_lab.explainers.game import Game

SINGLES_FIRST = 1e9  # times the mass of all other sizes


def kernel_shap(
    game: Game,
    rows: Float[Tensor, "*tasks row feature"],
    *,
    n_queries: int,
    generator: Generator,
) -> Attribution:
    """Estimate Shapley values from pairs of coalitions, drawn as the Shapley kernel weighs them.

    Sizes that the budget can fill are filled: first the single columns, whatever the kernel says,
    since they alone tell all columns apart; with 2^n queries all, which makes the values exact.
    Where few coalitions of a size are asked, columns are dealt like cards, each as often as others.

    Args:
        n_queries: values asked for each row, both ends included; an odd one is not spent.

    Raises:
        ModelFailedError: if the model fails; what is paid for is kept, as by `Game.values`.
        ValueError: if there are fewer queries than 2 for each column.
    """
    mass = kernel_mass(game.n_features)
    mass[[0, -1] if len(mass) else []] = SINGLES_FIRST
    return _by_least_squares(game, rows, mass, n_queries, generator, dealt=True)


def leverage_shap(
    game: Game,
    rows: Float[Tensor, "*tasks row feature"],
    *,
    n_queries: int,
    generator: Generator,
) -> Attribution:
    """Estimate Shapley values from as many pairs of each size, up to all there are.

    A coalition's leverage in the least squares is that of its size, shared among its likes; the
    Shapley kernel returns as weights.

    Args:
        n_queries: as for `kernel_shap`.

    Raises:
        ModelFailedError: as `kernel_shap` does.
        ValueError: as `kernel_shap` does.
    """
    mass = torch.ones(game.n_features - 1, dtype=torch.float64)
    return _by_least_squares(game, rows, mass, n_queries, generator)


def refuse_few_queries(n_queries: int, n_features: int) -> None:
    """Refuse a budget that cannot tell the columns apart.

    Raises:
        ValueError: if it is below 2 for each column.
    """
    if n_queries < 2 * n_features:
        raise ValueError(
            f"{n_features} columns need n_queries of at least {2 * n_features}: both ends and "
            f"{n_features - 1} pairs of coalitions, for each row; found {n_queries}."
        )


def shapley_map(
    masks: Bool[Tensor, "coalition feature"], weights: Float[Tensor, " coalition"]
) -> Float[Tensor, "value feature"]:
    """Return the matrix that leads from values to Shapley values, by weighted least squares.

    Its rows belong to v(empty), v of each of `masks`, and v(all). The estimates add up exactly;
    where `masks` leave them open, they are the smallest.
    """
    n = masks.shape[1]
    free = _balanced(n).to(masks.device)
    seen = masks.double() @ free
    normal = seen.T @ (weights.double()[:, None] * seen)
    solved = torch.linalg.pinv(normal, hermitian=True) @ (seen.T * weights.double())
    inner = free @ solved  # what each value moves, beside the equal share of v(all) - v(empty)
    share = masks.double().sum(1) / n
    last = 1 / n - inner @ share
    return torch.cat([-last - inner.sum(1), inner.T.flatten(), last]).view(-1, n)


def _by_least_squares(
    game: Game,
    rows: Float[Tensor, "*tasks row feature"],
    mass: Float[Tensor, " size"],
    n_queries: int,
    generator: Generator,
    *,
    dealt: bool = False,
) -> Attribution:
    n = game.n_features
    refuse_few_queries(n_queries, n)
    ends = torch.tensor([[False], [True]]).expand(2, n)
    n_pairs = (n_queries - 2) // 2
    masks, chance = paired_coalitions(n, n_pairs, mass, generator=generator, dealt=dealt)
    asked = torch.cat([ends[:1], masks, ends[1:]]).to(rows.device)
    values = game.values(rows, asked)
    lead = shapley_map(masks, kernel_weight(masks) / chance).to(rows.device)
    found = (values.double() @ lead).to(values.dtype)
    return game.shares(rows, found, (values[..., 0], values[..., -1]))


def kernel_weight(masks: Bool[Tensor, "coalition feature"]) -> Float[Tensor, " coalition"]:
    """Return the Shapley kernel of each coalition, up to a factor."""
    n = masks.shape[1]
    size = masks.sum(1).double()
    whole = torch.tensor(n).double()
    ways = ((whole + 1).lgamma() - (size + 1).lgamma() - (whole - size + 1).lgamma()).exp()
    return 1 / (ways * size * (n - size))


def _balanced(n: int) -> Float[Tensor, "feature free"]:
    """Return an orthonormal basis of what sums to 0 over the columns."""
    start = torch.eye(n, dtype=torch.float64)
    start[:, 0] = 1
    return torch.linalg.qr(start).Q[:, 1:]
