"""Which support row moved this prediction? What a learner is asked about its own learning.

The influence of a support row on a query row is what it adds to the log-probability of a target, in
nats; where a model predicts a number, what it adds to that number. `leave_one_out` finds it by
learning anew without the row; the readings say it from what the learner already did. Source: Koh &
Liang (2017), sections 1 and 2. Chapter: book/concepts/three_families.ipynb.
"""

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int, Num
from torch import Generator, Tensor, nn

from metaxai_lab.core import Examples

Target = int | Int[Tensor, "*tasks row"]  # a class, or one for each query row
MIXING = (nn.BatchNorm1d, nn.BatchNorm2d, nn.Dropout)


@dataclass(frozen=True, eq=False)
class Influence:
    """What each support row adds to the answer to each query row.

    Args:
        values: signed: positive where the support row speaks for the target.
        unit: of the values, such as "nats" or "share of attention".
    """

    values: Float[Tensor, "*tasks row support_row"]
    unit: str = "nats"


def shuffled_influence(influence: Influence, *, generator: Generator) -> Influence:
    """Give the values of each query row to support rows at random: a control that knows nothing."""
    keys = torch.rand(influence.values.shape, generator=generator)
    order = keys.argsort(-1).to(influence.values.device)
    return replace(influence, values=influence.values.gather(-1, order))


def by_label(
    support: Examples, x: Float[Tensor, "*tasks row feature"], target: Target
) -> Influence:
    """Give 1 to support rows that carry the label of the target, -1 to others: a control.

    It has seen no learner, yet with 5 rows a class in 5 classes its ranks may agree to 0.69 with a
    judge that puts the own rows first. What a reading knows of the learning shows beyond that.
    """
    column = torch.as_tensor(target, device=x.device).expand(x.shape[:-1]).unsqueeze(-1)
    own = support.y.unsqueeze(-2) == column
    return Influence(torch.where(own, 1.0, -1.0).to(x.dtype), "label")


def said_of(
    outputs: Float[Tensor, "*rows output"], target: int | Int[Tensor, "*rows"]
) -> Float[Tensor, "*rows"]:
    """Return the log-probability of the target; of a single output, that output itself.

    Raises:
        ValueError: if a target is not an output column.
    """
    n = outputs.shape[-1]
    column = torch.as_tensor(target, device=outputs.device).expand(outputs.shape[:-1])
    wrong = column[(column < 0) | (column >= n)]
    if wrong.numel():
        raise ValueError(
            f"this model has the outputs 0 to {n - 1}; target {int(wrong[0])} is none."
        )
    if n == 1:
        return outputs.squeeze(-1)
    column = column.unsqueeze(-1)
    others = outputs.scatter(-1, column, -torch.inf).logsumexp(-1)
    log_odds = outputs.gather(-1, column).squeeze(-1) - others
    return F.logsigmoid(log_odds)  # log_softmax would round what is near 0 away


def for_each(target: Target, n: int) -> int | Int[Tensor, "*tasks row n"]:
    """Return the target of each query row, once for each of `n` things that are asked about it."""
    if isinstance(target, int):
        return target
    return target.unsqueeze(-1).expand(*target.shape, n)


def unit_of(y: Num[Tensor, "*tasks row"]) -> str:
    """Return the unit of what support rows add: nats to a class, or that of the targets."""
    return "target" if y.is_floating_point() else "nats"


def refuse_lone_rows(y: Num[Tensor, "*tasks row"]) -> None:
    """Let through support sets that lose no class when a row is left out.

    Raises:
        ValueError: if a class, or a regression, has one row only in some task.
    """
    if y.is_floating_point():
        alone = y.new_full(y.shape, y.shape[-1] == 1, dtype=torch.bool)
    else:
        alone = (y.unsqueeze(-1) == y.unsqueeze(-2)).sum(-1) == 1
    if bool(alone.any()):
        *task, row = alone.nonzero()[0].tolist()
        raise ValueError(
            "leaving a support row out needs a second one of its class; row "
            f"{row}{f' of task {tuple(task)}' if task else ''} is the only one of its own. Take "
            "episodes with k_shot=2 or more."
        )


def refuse_training(learner: object) -> None:
    """Let through learners whose answer to a row hangs on no other row and on no chance.

    Raises:
        ValueError: if batch normalisation or dropout is in training mode.
    """
    parts = learner.modules() if isinstance(learner, nn.Module) else ()
    if any(isinstance(part, MIXING) and part.training for part in parts):
        raise ValueError(
            "influence is asked of a learner in evaluation mode; this one is in training mode, "
            "where rows mix by batch normalisation or fall out by chance. Call eval() on it first."
        )
