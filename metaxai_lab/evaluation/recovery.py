"""Are the columns that matter found? Weights beside planted truth: two judges.

Area under the ROC curve: the chance that a relevant column has more weight than another, ties
counting one half. Precision: the share of relevant columns among the k with most weight. Hanley &
McNeil (1982) for the meaning of the area. Chapter: book/importance/guiding_a_learner.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.core import Score
from metaxai_lab.evaluation.agreement import ranks


def recovery(
    weights: Float[Tensor, "*tasks feature"], relevant: Bool[Tensor, "*tasks feature"]
) -> Score:
    """Score each task by the area under the ROC curve; chance is one half.

    Raises:
        ValueError: if a task has only relevant columns or none, shapes differ, or a weight is not
            finite.
    """
    _refuse_unfit(weights, relevant)
    least = 0.5 * relevant.sum(-1)  # a column ties with itself, which is no pair
    found = (ranks(weights.detach()) * relevant).sum(-1) - least
    n_relevant = relevant.sum(-1)
    among = n_relevant * (n_relevant - 1) / 2
    marks = (found - among) / (n_relevant * (~relevant).sum(-1))
    return Score("recovery", marks, torch.full_like(marks, 0.5))


def precision_at(
    weights: Float[Tensor, "*tasks feature"], relevant: Bool[Tensor, "*tasks feature"], k: int
) -> Score:
    """Score each task by the share of relevant columns among the `k` of most weight.

    Columns that tie for the last places share them.

    Raises:
        ValueError: if `k` is not between 1 and the number of columns; and as `recovery` does.
    """
    _refuse_unfit(weights, relevant)
    if not 1 <= k <= weights.shape[-1]:
        raise ValueError(f"k counts columns, 1 to {weights.shape[-1]}; found {k}.")
    weights = weights.detach()
    last = weights.topk(k).values[..., -1:]
    above, tied = weights > last, weights == last
    share = (k - above.sum(-1)) / tied.sum(-1)
    hits = (above & relevant).sum(-1) + share * (tied & relevant).sum(-1)
    return Score("precision", hits / k, relevant.float().mean(-1), sensitive_to=("k",))


def _refuse_unfit(weights: Tensor, relevant: Tensor) -> None:
    if weights.shape != relevant.shape:
        raise ValueError(
            f"the truth marks the columns of each task: it needs the shape {tuple(weights.shape)} "
            f"of the weights, and has {tuple(relevant.shape)}."
        )
    if not bool(weights.isfinite().all()):
        raise ValueError(f"{int((~weights.isfinite()).sum())} weights are not finite.")
    if not bool((relevant.any(-1) & ~relevant.all(-1)).all()):
        raise ValueError(
            "each task needs a relevant column and one that is not, to be told apart; some task "
            "lacks one of them. Leave it out."
        )
