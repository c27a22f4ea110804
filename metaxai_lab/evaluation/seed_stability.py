"""The same row and model, another seed: are the same columns named first?

An estimate that draws at random may name others each time. But one that names the same columns
whatever the row has the best mark, 1, so this is asked beside agreement, never alone. Source:
Jaccard (1912) for the index; Visani et al. (2022) for asking LIME. Chapter:
book/local/shapley_and_lime.ipynb.
"""

from math import comb

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Score
from metaxai_lab.evaluation.exact_agreement import among_top


def seed_stability(values: Float[Tensor, "seed *batch feature"], *, k: int = 3) -> Score:
    """Score each row by the Jaccard index of its k largest columns, over all pairs of seeds.

    The columns that both name, as a share of those that either names; sizes count, not signs.
    Columns that tie for the last places share them. `chance` is that of k columns drawn at random.

    Args:
        values: explanations of the same rows, one for each seed.

    Raises:
        ValueError: if there are fewer than two seeds, a value is not finite, or `k` is not from 1
            to the number of columns.
    """
    n_seeds, n_columns = values.shape[0], values.shape[-1]
    if n_seeds < 2 or not bool(values.isfinite().all()):
        raise ValueError(
            "seed_stability compares finite explanations of two seeds or more; found "
            f"{n_seeds} seeds, and {int((~values.isfinite()).sum())} values that are not finite."
        )
    if not 1 <= k <= n_columns:
        raise ValueError(f"k counts columns, 1 to {n_columns}; found {k}.")
    named = among_top(values.detach().abs(), k)
    one, other = torch.triu_indices(n_seeds, n_seeds, 1, device=values.device)
    both = torch.minimum(named[one], named[other]).sum(-1)
    either = torch.maximum(named[one], named[other]).sum(-1)
    marks = (both / either).mean(0)
    chance = torch.full_like(marks, chance_jaccard(n_columns, k))
    return Score("seed stability", marks, chance, sensitive_to=("k", "samples a seed"))


def chance_jaccard(n_columns: int, k: int) -> float:
    """Return the mean Jaccard index of two sets of `k` columns out of `n_columns`, both random."""
    ways = [comb(k, both) * comb(n_columns - k, k - both) for both in range(k + 1)]
    shares = [both / (2 * k - both) for both in range(k + 1)]
    weighted = sum(way * share for way, share in zip(ways, shares, strict=True))
    return weighted / comb(n_columns, k)
