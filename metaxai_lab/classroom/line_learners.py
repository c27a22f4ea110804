"""Four learners for numbers on a line, whose weights were set by hand so that paper can follow.

They are the learners of the lab, but for the reader: an LSTM has no round numbers, so a leaky sum
takes its place. All four answer for two classes. Chapter: book/concepts/three_families.ipynb.
"""

from dataclasses import dataclass
from math import log, sqrt

import torch
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples, MetaLearner
from metaxai_lab.learners import Maml, Matching, Mlp, ProtoNet


def on_a_line() -> dict[str, MetaLearner]:
    """Return the four learners by name, ready to adapt to rows of one column."""
    return {
        "prototypes": ProtoNet(nn.Identity()).eval(),
        "matching": _halving().eval(),
        "step": _from_zero().eval(),
        "reader": LeakySum(),
    }


class LeakySum:
    """Reads row after row: half of what it knew, plus the row, which class 0 turns around.

    A query is multiplied by what it knows then: the log-odds of class 1.
    """

    def adapt(self, support: Examples) -> "LeakySumModel":
        """Return the model of one task, or of a stacked batch of them."""
        signed = support.x[..., 0] * (2 * support.y - 1)
        state = torch.zeros_like(signed[..., 0])
        for row in signed.unbind(-1):
            state = state / 2 + row
        return LeakySumModel(state)


@dataclass(frozen=True, eq=False)
class LeakySumModel:
    """The reader after the last row.

    Args:
        state: what it knows; a number for each task.
    """

    state: Float[Tensor, "*tasks"]

    def __call__(self, x: Float[Tensor, "*tasks row 1"]) -> Float[Tensor, "*tasks row 2"]:
        """Return 0 for class 0, and the log-odds of class 1."""
        said = self.state[..., None, None] * x
        return torch.cat([torch.zeros_like(said), said], -1)


class _WithSquare(nn.Module):
    def forward(self, x: Float[Tensor, "*tasks row 1"]) -> Float[Tensor, "*tasks row 2"]:
        return torch.cat([x, x.square()], -1)


@torch.no_grad()
def _halving() -> Matching:
    """Give a support row at distance d the weight 2 ** -(d ** 2), up to a factor of the query.

    2 q x - x ** 2 is -(q - x) ** 2 but for q ** 2, which the softmax does not see.
    """
    learner = Matching(_WithSquare(), dim=2, n_keys=2)
    learner.query.weight.copy_(torch.tensor([[2.0, 0.0], [0.0, 0.0]]))
    learner.query.bias.copy_(torch.tensor([0.0, -1.0]))
    learner.key.weight.copy_(torch.eye(2))
    learner.key.bias.zero_()
    learner.log_sharpness.fill_(log(log(2) * sqrt(2)))
    return learner


@torch.no_grad()
def _from_zero() -> Maml:
    """Take one step from weights of 0; two outputs move apart, each by half a step."""
    net = Mlp(1, (), 2)
    for weight in net.parameters():
        weight.zero_()
    return Maml(net, inner_lr=0.5, inner_steps=1)
