"""Does an interval hold what it promises? The share of values seen later that lie inside.

An interval of 90 % should hold nine values in ten: fewer, and it is too sure; more, and it is
wider than it need be. Chapter: book/importance/gates.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Score


def coverage(
    low: Float[Tensor, "*tasks feature"],
    high: Float[Tensor, "*tasks feature"],
    seen: Float[Tensor, "*tasks feature"],
) -> Score:
    """Score each task by the share of its columns where `seen` lies between `low` and `high`.

    The best mark is not the highest but the share that the interval promised: 0.9 for one of 90 %.
    So the score has no chance level, and `higher_is_better` says nothing here.

    Raises:
        ValueError: if shapes differ, a value is not a number, or `low` lies above `high`.
    """
    if not low.shape == high.shape == seen.shape:
        raise ValueError(
            f"low, high and seen need one shape; found {tuple(low.shape)}, {tuple(high.shape)} and "
            f"{tuple(seen.shape)}."
        )
    if bool(torch.stack([low, high, seen]).isnan().any()) or bool((low > high).any()):
        raise ValueError("an interval needs numbers, and low at or below high.")
    inside = (low <= seen) & (seen <= high)
    return Score("coverage", inside.float().mean(-1), sensitive_to=("share",))
