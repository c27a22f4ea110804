"""Do two accounts put the support rows in one order? Rank agreement, row by row.

The judge of influence: what a reading says beside what leaving a row out does. Ranks, since a
reading may keep its own unit; ties share their ranks. Source: Spearman (1904).
Chapter: book/concepts/three_families.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Score
from metaxai_lab.explainers.influence import Influence


def rank_agreement(found: Influence, judge: Influence) -> Score:
    """Score each query row by Spearman's correlation over the support rows; chance is 0.

    A row where one of the two says the same of all support rows scores 0.

    Raises:
        ValueError: if the two speak of other rows, or a value is not finite.
    """
    for values in (found.values, judge.values):
        if values.shape != judge.values.shape or not bool(values.isfinite().all()):
            raise ValueError(
                f"rank_agreement compares finite values row by row; found {tuple(values.shape)} "
                f"beside {tuple(judge.values.shape)}, of which {int((~values.isfinite()).sum())} "
                "are not finite. Ask both about the same support and query rows."
            )
    marks = rank_correlation(found.values, judge.values)
    return Score("rank agreement", marks, torch.zeros_like(marks))


def rank_correlation(
    one: Float[Tensor, "*batch n"], other: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch"]:
    """Return Spearman's correlation of two rows; 0 where one of them has no order."""
    return correlation(ranks(one), ranks(other))


def correlation(
    one: Float[Tensor, "*batch n"], other: Float[Tensor, "*batch n"]
) -> Float[Tensor, "*batch"]:
    """Return Pearson's correlation of two rows; 0 where one of them says the same throughout."""
    one, other = _centred(one), _centred(other)
    length = one.norm(dim=-1) * other.norm(dim=-1)
    return (one * other).sum(-1) / length.where(length > 0, 1)


def ranks(values: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch n"]:
    """Return how many values of the row are smaller, and half of those that are equal."""
    values = values.contiguous()
    ordered = values.sort(-1).values
    smaller = torch.searchsorted(ordered, values)
    return 0.5 * (smaller + torch.searchsorted(ordered, values, right=True)).float()


def _centred(values: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch n"]:
    return values - values.mean(-1, keepdim=True)
