"""Influence by derivative: how the answer would change if a support row counted a little less.

A learner that takes steps, or reads, keeps no support row to point at. But its learning is one
function, from the rows and how much each counts to the answer, and has a derivative: for MAML
through all inner steps, for a recurrent learner through its reading. It is what leaving the row
out does to first order, so it agrees with that in sign and rank rather than in size. Source: Koh &
Liang (2017), section 2.1, for the weight of a row; Finn, Abbeel & Levine (2017), section 2.2, for
derivatives through the inner loop. Chapter: book/concepts/three_families.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Examples
from metaxai_lab.explainers.influence import (
    Influence,
    Target,
    for_each,
    refuse_training,
    said_of,
    unit_of,
)
from metaxai_lab.learners.maml import Maml
from metaxai_lab.learners.recurrent import Recurrent, RecurrentModel


def read_inner_loop(
    learner: Maml, support: Examples, x: Float[Tensor, "*tasks row feature"], target: Target
) -> Influence:
    """Return the derivative of the answer by the weight of each support row in the inner loss.

    The loss is a weighted mean, so where a row counts less the others count more, as they do when
    it is left out. It goes through all inner steps, for a learner of first order too.

    Args:
        target: a class, or one for each row of `x`; 0 where a number is predicted.

    Raises:
        DivergedError: if the inner loop does.
        ValueError: if a target is not an output column, or the learner mixes rows in training mode.
    """
    refuse_training(learner)
    with torch.enable_grad():
        counts = support.x.new_ones(support.y.shape).requires_grad_()
        said = said_of(learner.adapt(support, row_weights=counts)(x), target)
        of_rows = said.reshape(-1, said.shape[-1]).sum(0)  # tasks do not touch each other's counts
        one_each = torch.eye(len(of_rows), dtype=said.dtype, device=said.device)
        (found,) = torch.autograd.grad(
            of_rows, counts, one_each, is_grads_batched=True, materialize_grads=True
        )
    return Influence(found.movedim(0, -2), unit_of(support.y))


def read_reading(
    learner: Recurrent, support: Examples, x: Float[Tensor, "*tasks row feature"], target: Target
) -> Influence:
    """Return the derivative of the answer by how loudly each support row is read out.

    A row read at half its loudness has half of its columns and of its label; read at none, it is a
    blank step. That is not quite the same as being left out.

    Args:
        target: a class, or one for each row of `x`; 0 where a number is predicted.

    Raises:
        ValueError: if a label or target is none of the learner's classes, or the learner mixes rows
            in training mode.
    """
    refuse_training(learner)
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # it wants training mode
        tokens = learner.tokens(support).detach().unsqueeze(-3)
        tokens = tokens.expand(*x.shape[:-1], *tokens.shape[-2:]).clone().requires_grad_()
        model = RecurrentModel(learner, learner.read(tokens))  # each query row has its own reading
        said = said_of(model(x.unsqueeze(-2)), for_each(target, 1))
        (slopes,) = torch.autograd.grad(said.sum(), tokens)
    return Influence((slopes * tokens.detach()).sum(-1), unit_of(support.y))
