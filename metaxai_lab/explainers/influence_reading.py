"""Influence read from what a metric learner compares: from its attention, or from its distances.

Both families learn by keeping the support rows, so what one of them did can be said exactly and at
once: leave its weight out of the softmax, or move the mean of its class to where the others have
it. Source: Vinyals et al. (2016), section 2.1; Snell, Swersky & Zemel (2017), section 2.
Chapter: book/concepts/three_families.ipynb.
"""

from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.core import Examples
from metaxai_lab.explainers.influence import (
    Influence,
    Target,
    for_each,
    refuse_lone_rows,
    refuse_training,
    said_of,
)
from metaxai_lab.learners.matching import Matching, MatchingModel
from metaxai_lab.learners.protonet import ProtoNet
from metaxai_lab.learners.prototypes import class_means, squared_distances


def read_support_attention(
    model: MatchingModel,
    x: Float[Tensor, "*tasks row feature"],
    target: Target,
    *,
    form: Literal["effect", "share"] = "effect",
) -> Influence:
    """Read from the attention what each support row adds to the answer.

    Args:
        target: a class, or one for each row of `x`.
        form: "effect": what the log of the target's weight loses when the other weights share
            theirs out anew, in nats; it is what leaving the row out does, exactly. "share": the
            weight itself, with a minus where the row carries another label.

    Raises:
        ValueError: if a target is not a class, the learner mixes rows in training mode, or an
            effect is asked for and a class has one row only or the weights add up inputs.
    """
    refuse_training(model.learner)
    with torch.no_grad():
        said, scores = said_of(model(x), target), model.scores(x)
        own = _of_target(model.member, said, target)
        if form == "share":
            return Influence(scores.softmax(-1) * torch.where(own, 1, -1), "share of attention")
        _refuse_other_values(model.learner)
        refuse_lone_rows(model.member.int().argmax(-2))
        lacking = scores.unsqueeze(-2).masked_fill(_same_row(scores), -torch.inf)
        speaks = own.unsqueeze(-2)
        of_target = lacking.masked_fill(~speaks, -torch.inf).logsumexp(-1)
        of_others = lacking.masked_fill(speaks, -torch.inf).logsumexp(-1)
        return Influence(said.unsqueeze(-1) - F.logsigmoid(of_target - of_others))


def read_distances(
    learner: ProtoNet, support: Examples, x: Float[Tensor, "*tasks row feature"], target: Target
) -> Influence:
    """Read from the prototypes what each support row adds to the answer, in nats.

    The mean of n rows less one of them lies (mean - row) / (n - 1) further from that row. So what
    leaving a row out does is known exactly from distances alone, and nothing is embedded anew.

    Args:
        target: a class, or one for each row of `x`.

    Raises:
        ValueError: if a class has one row only in some task, a target is not a class, or the
            learner mixes rows in training mode.
    """
    refuse_training(learner)
    refuse_lone_rows(support.y)
    with torch.no_grad():
        z, asked = learner.embed(support.x), learner.embed(x)
        means = class_means(z, support.y)
        outputs = -learner.sharpness * squared_distances(asked, means)
        moved = -learner.sharpness * squared_distances(asked, _means_without(z, means, support.y))
        lacking = outputs.unsqueeze(-2).repeat_interleave(z.shape[-2], -2)
        column = support.y[..., None, :, None].expand(*moved.shape, 1)
        lacking = lacking.scatter(-1, column, moved.unsqueeze(-1))
        said = said_of(lacking, for_each(target, z.shape[-2]))
        return Influence(said_of(outputs, target).unsqueeze(-1) - said)


def _refuse_other_values(learner: Matching) -> None:
    if learner.values != "labels":
        raise ValueError(
            "the effect can be read from the weights where they add up labels; this learner has "
            f'values={learner.values!r}, and a network has the last word. Take form="share".'
        )


def _means_without(
    z: Float[Tensor, "*tasks row dim"],
    means: Float[Tensor, "*tasks class dim"],
    y: Int[Tensor, "*tasks row"],
) -> Float[Tensor, "*tasks row dim"]:
    """Return, for each row, the mean of its class without it."""
    own = means.gather(-2, y.unsqueeze(-1).expand_as(z))
    others = (y.unsqueeze(-1) == y.unsqueeze(-2)).sum(-1, keepdim=True) - 1
    return own + (own - z) / others


def _of_target(
    member: Bool[Tensor, "*tasks class support_row"],
    said: Float[Tensor, "*tasks row"],
    target: Target,
) -> Bool[Tensor, "*tasks row support_row"]:
    """Mark the support rows that carry the label of the target."""
    column = torch.as_tensor(target, device=member.device).expand(said.shape)
    return member.gather(-2, column.unsqueeze(-1).expand(*said.shape, member.shape[-1]))


def _same_row(scores: Float[Tensor, "*tasks row n"]) -> Bool[Tensor, "n n"]:
    return torch.eye(scores.shape[-1], dtype=torch.bool, device=scores.device)
