"""Other rows of the same task: do the columns keep their order of importance?

Where ten patients say that cholesterol comes first and ten others that it comes last, neither
should be believed. But an order that is always the same has the best mark, 1, whether or not it was
read from rows at all, so stability is asked beside agreement with something and never alone.
Source: Kalousis, Prados & Hilario (2007), rank correlation between resamples.
Chapter: book/importance/on_real_tables.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Score
from metaxai_lab.evaluation.agreement import rank_correlation


def rank_stability(importances: Float[Tensor, "*tasks draw feature"]) -> Score:
    """Score each task by the mean rank correlation between two draws of its rows; chance is 0.

    A pair of which one gives all columns the same importance has no order in common, and counts 0.

    Raises:
        ValueError: if there are fewer than two draws, or a value is not finite.
    """
    n_draws = importances.shape[-2]
    if n_draws < 2 or not bool(importances.isfinite().all()):
        raise ValueError(
            "stability compares finite importances of two draws of rows or more; found "
            f"{n_draws} draws, and {int((~importances.isfinite()).sum())} values that are not "
            "finite."
        )
    one, other = torch.triu_indices(n_draws, n_draws, 1, device=importances.device)
    marks = rank_correlation(importances[..., one, :], importances[..., other, :]).mean(-1)
    return Score("rank stability", marks, torch.zeros_like(marks), sensitive_to=("rows a draw",))
