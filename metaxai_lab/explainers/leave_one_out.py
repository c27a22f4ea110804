"""The judge of influence: leave one support row out, learn anew, and see what the answer lost.

Every learner can be asked so, at the price of one adaptation for each support row. All of them go
side by side as one stack of tasks. Source: Koh & Liang (2017), section 2.1, where this is what the
influence function stands for. Chapter: book/concepts/three_families.ipynb.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.core import Examples, MetaLearner
from metaxai_lab.explainers.influence import (
    Influence,
    Target,
    for_each,
    refuse_lone_rows,
    refuse_training,
    said_of,
    unit_of,
)


def leave_one_out(
    learner: MetaLearner,
    support: Examples,
    x: Float[Tensor, "*tasks row feature"],
    target: Target,
    *,
    at_once: int | None = None,
) -> Influence:
    """Return what the answer to each row of `x` truly loses when a support row is left out.

    Args:
        target: a class, or one for each row of `x`; 0 where a number is predicted.
        at_once: how many support rows are left out side by side; all if None. Lower it where
            memory is short: each costs a copy of the support set and of `x`.

    Raises:
        ValueError: if leaving a row out empties a class, a target is not an output column,
            `at_once` is below 1, or the learner mixes rows in training mode.
    """
    refuse_training(learner)
    refuse_lone_rows(support.y)
    n = support.y.shape[-1]
    if at_once is not None and at_once < 1:
        raise ValueError(f"at_once counts support rows and is 1 or more; found {at_once}.")
    with torch.no_grad():
        whole = said_of(learner.adapt(support)(x), target)
        rows = torch.arange(n, device=support.x.device)
        lacking = [_said(learner, support, x, target, left) for left in rows.split(at_once or n)]
        return Influence(whole.unsqueeze(-1) - torch.cat(lacking, -1), unit_of(support.y))


def without(support: Examples, left_out: Int[Tensor, " left_out"]) -> Examples:
    """Return a stack of the support set less one row, (*tasks, left_out, row - 1, feature)."""
    kept = torch.arange(support.y.shape[-1] - 1, device=left_out.device)
    index = kept + (kept >= left_out.unsqueeze(-1))
    return Examples(support.x[..., index, :], support.y[..., index])


def _said(
    learner: MetaLearner,
    support: Examples,
    x: Float[Tensor, "*tasks row feature"],
    target: Target,
    left_out: Int[Tensor, " left_out"],
) -> Float[Tensor, "*tasks row left_out"]:
    asked = x.unsqueeze(-3).expand(*x.shape[:-2], len(left_out), *x.shape[-2:])
    outputs = learner.adapt(without(support, left_out))(asked)
    return said_of(outputs.transpose(-2, -3), for_each(target, len(left_out)))
