"""Coalitions of columns: all of them, or pairs that fill whole sizes first and are drawn then.

A pair is a coalition and all the other columns. A budget is laid over sizes like water: a size that
would get more than there are is filled, and the rest goes on to the others. Sources: Lundberg & Lee
(2017), section 4.1; Covert & Lee (2021), section 4.2, for pairs; Musco & Witter (2025), section 3.
Chapter: book/local/shapley_and_lime.ipynb.
"""

from math import comb

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

LISTED = 2**20  # coalitions of a size up to which they are drawn from a list, none twice


def all_coalitions(
    n_features: int, *, device: torch.device | str | None = None
) -> Bool[Tensor, "coalition feature"]:
    """Return all 2^n coalitions in binary order; column 0 is the lowest bit.

    Raises:
        ValueError: if there are no columns, or more than 24.
    """
    if not 1 <= n_features <= 24:
        raise ValueError(
            f"all coalitions are listed for 1 to 24 columns; {n_features} columns have "
            f"2^{n_features}."
        )
    numbers = torch.arange(2**n_features, device=device)
    return (numbers[:, None] >> torch.arange(n_features, device=device)) % 2 == 1


def kernel_mass(n_features: int) -> Float[Tensor, " size"]:
    """Return the Shapley kernel of all coalitions of each size 1 to n - 1, summing to 1."""
    size = torch.arange(1, n_features, dtype=torch.float64)
    mass = 1 / (size * (n_features - size))
    return mass / mass.sum()


def paired_coalitions(
    n_features: int,
    n_pairs: int,
    mass: Float[Tensor, " size"],
    *,
    generator: Generator,
    dealt: bool = False,
) -> tuple[Bool[Tensor, "coalition feature"], Float[Tensor, " coalition"]]:
    """Draw pairs of coalitions, none twice, and the chance that each had to be drawn.

    Args:
        n_pairs: as many are returned, or all there are; one column has none.
        mass: where the budget goes: a share for each size 1 to n - 1, the same for n - s as for s.
        dealt: deal the columns like cards, so that coalitions of a size share none before all have
            had their turn; of a size of which few are wanted one may then come twice, seldom.

    Raises:
        ValueError: if there are more than a thousand columns, whose coalitions no float can count.
    """
    if n_features > 1000:
        raise ValueError(
            f"coalitions are drawn from at most 1,000 columns; found {n_features}. Join columns "
            "into groups, or use permutation_shapley, which counts none."
        )
    sizes = range(1, n_features // 2 + 1)
    there = torch.tensor([_pairs(n_features, s) for s in sizes], dtype=torch.float64)
    wanted = _laid_over(there, mass[: len(there)].double().clone() * _halved(n_features), n_pairs)
    counts = _rounded(wanted, generator)
    drawn, chance = [], []
    for size, count, expected, whole in zip(sizes, counts.tolist(), wanted, there, strict=True):
        few = dealt and 4 * count <= _pairs(n_features, size) and 2 * size < n_features
        ways = _dealt if few else _subsets
        drawn.append(ways(n_features, size, count, generator))
        chance.append((expected / whole).expand(count))
    one_side = torch.cat([torch.zeros(0, n_features, dtype=torch.bool), *drawn])
    odds = torch.cat([mass.new_zeros(0), *chance])
    return torch.cat([one_side, ~one_side]), torch.cat([odds, odds])


def _pairs(n_features: int, size: int) -> int:
    return comb(n_features, size) // (2 if 2 * size == n_features else 1)


def _halved(n_features: int) -> Float[Tensor, " size"]:
    """Return what a pair of sizes has of the mass: twice that of one, but for the middle size."""
    sizes = torch.arange(1, n_features // 2 + 1)
    return torch.where(2 * sizes == n_features, 1.0, 2.0).double()


def _laid_over(
    there: Float[Tensor, " size"], mass: Float[Tensor, " size"], n_pairs: int
) -> Float[Tensor, " size"]:
    """Share out pairs by mass, none above what is there: what one size cannot take, others get."""
    full = torch.zeros(len(there), dtype=torch.bool)
    share = torch.minimum(there, torch.tensor(float(n_pairs)))
    for _ in range(len(there)):
        left = n_pairs - there[full].sum()
        share = torch.where(full, there, left * mass / mass[~full].sum().clamp_min(1e-300))
        over = ~full & (share >= there * (1 - 1e-9))
        if not bool(over.any()):
            break
        full |= over
    return torch.where(full, there, share)


def _rounded(wanted: Float[Tensor, " size"], generator: Generator) -> Int[Tensor, " size"]:
    """Round up or down by chance so that the sum stays, and the mean of each is what was wanted."""
    start = torch.rand((), generator=generator, dtype=torch.float64)
    marks = (torch.cat([wanted.new_zeros(1), wanted.cumsum(0)]) + start + 1e-9).floor()
    return marks.diff().long()


def _subsets(
    n_features: int, size: int, count: int, generator: Generator
) -> Bool[Tensor, "coalition feature"]:
    """Draw different coalitions of a size; of the middle size, only one of each pair."""
    there = _pairs(n_features, size)
    if there > LISTED:  # so many that the same is hardly drawn twice
        order = torch.rand(count, n_features, generator=generator).argsort(1).argsort(1)
        return order < size
    return _of_rank(n_features, size, torch.randperm(there, generator=generator)[:count])


def _dealt(
    n_features: int, size: int, count: int, generator: Generator
) -> Bool[Tensor, "coalition feature"]:
    """Deal shuffled columns, `size` to a coalition, and shuffle anew when too few are left."""
    hands = n_features // size
    decks = torch.rand(-(-count // hands), n_features, generator=generator).argsort(1)
    held = decks[:, : hands * size].reshape(-1, size)[:count]
    return torch.zeros(count, n_features, dtype=torch.bool).scatter(1, held, True)


def _of_rank(
    n_features: int, size: int, rank: Int[Tensor, " coalition"]
) -> Bool[Tensor, "coalition feature"]:
    """Return the coalitions of a size by their number; those of low numbers lack late columns."""
    masks = torch.zeros(len(rank), n_features, dtype=torch.bool)
    left = torch.full_like(rank, size)
    for column in range(n_features - 1, -1, -1):
        without = torch.tensor([comb(column, s) for s in range(size + 1)])[left]
        taken = (rank >= without) & (left > 0)
        rank, left = torch.where(taken, rank - without, rank), left - taken.long()
        masks[:, column] = taken
    return masks
