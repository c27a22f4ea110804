"""Are the columns that matter found? Weights beside planted truth: two judges.

Area under the ROC curve: the chance that a relevant column has more weight than another, ties
counting one half. Precision: the share of relevant columns among the k with most weight. Hanley &
McNeil (1982) for the meaning of the area. Chapter: book/importance/guiding_a_learner.ipynb.
"""

import torch
from jaxtyping import Bool, Float, Float64
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
    marks = area(weights.detach(), relevant).to(weights.dtype)
    return Score("recovery", marks, torch.full_like(marks, 0.5))


def area(
    values: Float[Tensor, "*batch n"], marked: Bool[Tensor, "*batch n"]
) -> Float64[Tensor, "*batch"]:
    """Return how often a marked value of a row is above another one, of all such pairs.

    Ties count a half. Where no value is marked, or all are, there is no pair: NaN.
    """
    n = marked.sum(-1).double()
    above = (ranks(values).double() * marked).sum(-1)
    return (above - n.square() / 2) / (n * (~marked).sum(-1))  # less the pairs among the marked


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
