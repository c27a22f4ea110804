"""Matching networks: a new row takes the labels of the support rows it attends to.

    a_i = softmax over i of  sharpness * q(x) . k(x_i) / sqrt(n_keys)      p(y | x) = sum_i a_i y_i

Nothing but the weights a_i and the labels enters the answer, so what a support row did to it can be
read from the weights. Where the weights add up the inputs and a network answers from the sum, they
may as well lie on the rows of all other classes: the network reads a gap as well as a peak. That
form is kept for comparison. Source: Vinyals et al. (2016), section 2.1, with learned keys and
queries where they take the cosine. Chapter: book/concepts/three_families.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.pictures import ConvEncoder

Values = Literal["labels", "inputs"]


class Matching(nn.Module):
    """Learns across tasks which support rows a row should attend to.

    Args:
        embed: rows (*tasks, row, feature) to embeddings (*tasks, row, dim); a `ConvEncoder` of
            28 x 28 pictures where it is None.
        dim: columns of an embedding; that encoder gives 32.
        n_keys: columns of keys and queries.
        values: what the weights add up: "labels", or "inputs": embeddings with their labels beside
            them, from whose sum a small network answers.
        n_way: classes of a task; it matters where the values are "inputs", to size that network.
    """

    def __init__(
        self,
        embed: nn.Module | None = None,
        *,
        dim: int = 32,
        n_keys: int = 64,
        values: Values = "labels",
        n_way: int = 5,
    ) -> None:
        super().__init__()
        self.embed = ConvEncoder() if embed is None else embed
        self.values, self.n_way = values, n_way
        self.query, self.key = nn.Linear(dim, n_keys), nn.Linear(dim, n_keys)
        self.log_sharpness = nn.Parameter(torch.zeros(()))
        if values == "inputs":
            widths = (dim + n_way, n_keys, n_way)
            self.answer = nn.Sequential(nn.Linear(*widths[:2]), nn.ReLU(), nn.Linear(*widths[1:]))

    def adapt(self, support: Examples) -> "MatchingModel":
        """Return the model of one task, or of a stacked batch of them: the rows, and their keys.

        Raises:
            ValueError: if a class between 0 and the largest has no support row in some task, a
                network for `n_way` classes meets another number of them, or the embeddings have
                other than `dim` columns.
        """
        member = F.one_hot(support.y).mT.bool()
        self._refuse_classes(member)
        z = self.embedded(support.x)
        tokens = torch.cat([z, member.mT.to(z.dtype)], -1)
        return MatchingModel(self, self.key(z), tokens, member)

    def embedded(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row dim"]:
        """Return the embedding of each row.

        Raises:
            ValueError: if it has other than `dim` columns.
        """
        z, dim = self.embed(x), self.key.in_features
        if z.shape[-1] != dim:
            raise ValueError(
                f"keys and queries are made from embeddings of {dim} columns; `embed` gave "
                f"{z.shape[-1]}. Make the learner with dim={z.shape[-1]}."
            )
        return z

    def _refuse_classes(self, member: Bool[Tensor, "*tasks class support_row"]) -> None:
        n_way = member.shape[-2]
        if not bool(member.any(-1).all()):
            raise ValueError(
                f"{n_way} classes need a support row each, in every task; in some task one has "
                "none. Number the classes from 0 without gaps."
            )
        if self.values == "inputs" and n_way != self.n_way:
            raise ValueError(
                f"this learner answers for {self.n_way} classes; found {n_way}. Make it with "
                f'n_way={n_way}, or with values="labels", which take any number.'
            )


@dataclass(frozen=True, eq=False)
class MatchingModel:
    """The learner after it saw a support set: classifies rows, and says from which it took that.

    Args:
        keys: what each support row is found by.
        tokens: the embedding of each support row, with its label beside it.
        member: which support rows carry the label of a class.
    """

    learner: Matching
    keys: Float[Tensor, "*tasks support_row key"]
    tokens: Float[Tensor, "*tasks support_row token"]
    member: Bool[Tensor, "*tasks class support_row"]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row class"]:
        """Return the log of the weight on the support rows of each class: a log-probability.

        Where the values are "inputs", return the log-odds up to a constant of the row.
        """
        if self.learner.values == "inputs":
            return self.learner.answer(self.support_weights(x) @ self.tokens)
        log_weights = self.scores(x).log_softmax(-1).unsqueeze(-2)
        of_others = ~self.member.unsqueeze(-3)
        return log_weights.masked_fill(of_others, -torch.inf).logsumexp(-1)

    def support_weights(
        self, x: Float[Tensor, "*tasks row feature"]
    ) -> Float[Tensor, "*tasks row support_row"]:
        """Return the weight of each support row; those of a row of `x` sum to 1."""
        return self.scores(x).softmax(-1)

    def scores(
        self, x: Float[Tensor, "*tasks row feature"]
    ) -> Float[Tensor, "*tasks row support_row"]:
        """Return how well each support row fits; the weights are the softmax of it."""
        query = self.learner.query(self.learner.embedded(x))
        sharpness = self.learner.log_sharpness.exp() / self.keys.shape[-1] ** 0.5
        return sharpness * query @ self.keys.mT
