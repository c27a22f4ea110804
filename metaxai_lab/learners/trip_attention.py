"""A driver that reads its own past: attention over the steps of the trip tells how the road grips.

What was felt in each past step is weighed, and the weighted sum gives an estimate of the grip. With
it the driver works out how much room there is, and a small network says whether to brake. Nothing
is trained while it drives: it adapts by reading, the family of learners that keep a memory (Santoro
et al., 2016; Duan et al., 2016, for policies). Chapter: book/applications/driving.ipynb.
"""

from typing import Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import softplus

from metaxai_lab.tasks.road import SEEN, spare

Reads = Literal["past", "braked", "evenly", "nothing"]
N_FELT = 3  # of a past step: whether it was braked, what was felt, and the speed after it
SCALES = (50.0, 20.0, 20.0, 100.0, 100.0)  # of the columns of `SEEN`


class TripAttention(nn.Module):
    """Gives the log-odds of braking from what is seen now and what was felt before.

    Args:
        reads: "past" weighs the past steps; "braked" those of them that were braked; "evenly"
            gives all the same weight; "nothing" leaves the past out.
    """

    scales: Tensor

    def __init__(self, *, dim: int = 8, width: int = 32, reads: Reads = "past") -> None:
        super().__init__()
        self.reads = reads
        self.key = nn.Sequential(nn.Linear(N_FELT, dim), nn.Tanh(), nn.Linear(dim, dim))
        self.query = nn.Linear(len(SEEN), dim)
        self.grip = nn.Linear(N_FELT, 1)
        self.head = nn.Sequential(
            nn.Linear(len(SEEN) + 3, width),
            nn.GELU(),
            nn.Linear(width, width),
            nn.GELU(),
            nn.Linear(width, 1),
        )
        self.register_buffer("scales", torch.tensor(SCALES))

    def weigh(
        self,
        seen: Float[Tensor, "*batch now column"],
        past: Float[Tensor, "*batch step felt"],
        known: Bool[Tensor, "*#batch now step"],
    ) -> Float[Tensor, "*batch now step"]:
        """Return the weight of each past step; those of the steps read sum to 1."""
        scores = self.query(seen / self.scales) @ self.key(past).mT
        if self.reads in ("evenly", "nothing"):
            scores = torch.zeros_like(scores)
        read = known.to(scores)  # a product is several times cheaper to train through than `where`
        if self.reads == "braked":
            read = read * (past[..., None, :, 0] > 0)
        return (scores - 1e9 * (1 - read)).softmax(-1) * read

    def felt(
        self,
        seen: Float[Tensor, "*batch now column"],
        past: Float[Tensor, "*batch step felt"],
        known: Bool[Tensor, "*#batch now step"],
    ) -> Float[Tensor, "*batch now"]:
        """Return how hard the driver believes that it can brake."""
        if self.reads == "nothing":
            read = seen.new_zeros(*seen.shape[:-1], N_FELT)
        else:
            read = self.weigh(seen, past, known) @ past
        return 0.5 + softplus(3.5 + 5 * self.grip(read)[..., 0])

    def forward(
        self,
        seen: Float[Tensor, "*batch now column"],
        past: Float[Tensor, "*batch step felt"],
        known: Bool[Tensor, "*#batch now step"],
    ) -> Float[Tensor, "*batch now"]:
        """Return the log-odds of braking now.

        Args:
            past: of each step of the trip.
            known: the steps that have been driven, and may be read.
        """
        return self.decide(seen, self.felt(seen, past, known))

    def decide(
        self, seen: Float[Tensor, "*batch column"], grip: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Return the log-odds of braking for a driver that believes in this grip."""
        room = (spare(seen, grip) / 20).clamp(-3, 3)
        x = torch.cat([seen / self.scales, grip[..., None] / 5, room], -1)
        return self.head(x)[..., 0]
