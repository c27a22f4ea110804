"""A network that reads a row and writes its shares; several side by side are an ensemble.

To it a row is a task: `adapt` turns the row into an additive model of its game, `v(S)` less `v()`
= the sum of the shares in S, which is judged on coalitions. So it trains in the lab's one loop.
Source: Jethani et al. (2022), section 3, with its additive efficient normalisation.
Chapter: book/local/amortized.ipynb.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import Episode, Examples, Model, initialised_with


class AmortizedNet(nn.Module):
    """Two hidden layers from the columns of a row to a slope and a rest for each.

    A column's share is its slope times how far the row lies from the mean, in deviations, plus the
    rest: in a linear model the slopes alone, the same for all rows, would do. Each member of an
    ensemble is such a network with weights of its own.

    Args:
        rows: such as it will be trained on; their means and spreads become the units it reads.
        width: of the hidden layers.
        n_members: of the ensemble.
    """

    centre: Float[Tensor, " feature"]
    scale: Float[Tensor, " feature"]

    def __init__(
        self,
        rows: Float[Tensor, "row feature"],
        *,
        width: int = 128,
        n_members: int = 1,
        generator: Generator,
    ) -> None:
        super().__init__()
        n = rows.shape[-1]
        size = rows.std(0, correction=0)
        self.register_buffer("centre", rows.mean(0))
        self.register_buffer("scale", torch.where(size > 0, size, torch.ones_like(size)))
        with initialised_with(generator):
            layers = [
                [nn.Linear(a, b) for _ in range(n_members)]
                for a, b in pairwise([n, width, width, 2 * n])
            ]
        self.weights = nn.ParameterList(
            torch.stack([one.weight.detach().T for one in layer]).contiguous() for layer in layers
        )
        self.biases = nn.ParameterList(
            torch.stack([one.bias.detach()[None] for one in layer]) for layer in layers
        )

    @property
    def n_features(self) -> int:
        """How many columns it reads."""
        return len(self.centre)

    @property
    def n_members(self) -> int:
        """How many networks answer."""
        return len(self.weights[0])

    def forward(
        self, rows: Float[Tensor, "member row feature"]
    ) -> Float[Tensor, "member row feature"]:
        """Return the shares as each member writes them: they need not add up."""
        hidden = away = (rows - self.centre) / self.scale
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = F.silu(torch.baddbmm(bias, hidden, weight))
        slope, rest = torch.baddbmm(self.biases[-1], hidden, self.weights[-1]).chunk(2, -1)
        return torch.addcmul(rest, slope, away)

    def adapt(self, support: Examples) -> Model:
        """Return the additive model of each row's game; its shares add up to the row's total.

        Args:
            support: one row for each task, of a stack (member, task); its label is the total.
        """
        return additive(add_up(self(support.x.squeeze(-2)), support.y.squeeze(-1)))


def add_up(
    shares: Float[Tensor, "*batch feature"], totals: Float[Tensor, "*batch"]
) -> Float[Tensor, "*batch feature"]:
    """Make shares add up to the totals: all columns of a row take the same part of what lacks."""
    gap = totals - shares.sum(-1)
    return shares + (gap / shares.shape[-1]).unsqueeze(-1)


def additive(shares: Float[Tensor, "*tasks feature"]) -> Model:
    """Return the model whose answer to a coalition is the sum of its columns' shares."""

    def answer(
        masks: Float[Tensor, "*tasks coalition feature"],
    ) -> Float[Tensor, "*tasks coalition 1"]:
        return masks @ shares.unsqueeze(-1)

    return answer


def coalition_loss(net: AmortizedNet, episode: Episode) -> Float[Tensor, ""]:
    """Return FastSHAP's loss: the squared error of the additive models on their coalitions.

    Coalitions drawn by the Shapley kernel need no weights of their own. The gap that the shares
    leave before they are made to add up is punished too, so that it is small where the network
    knows the rows, and can be read as a warning where it does not.
    """
    rows, totals = episode.support.x.squeeze(-2), episode.support.y.squeeze(-1)
    shares = net(rows)
    answers = additive(add_up(shares, totals))(episode.query.x).squeeze(-1)
    gap = (totals - shares.sum(-1)) / shares.shape[-1]
    return (answers - episode.query.y).square().mean() + gap.square().mean()
