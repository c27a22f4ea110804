"""How the columns of a table hear of each other: by attention, and by a table of known pairs.

Attention knows a column by its token alone, so it is equivariant: other order of columns, other
order of answers. A table of known pairs is for tables that share their columns.
Attention between tokens: Vaswani et al. (2017), section 3; equivariant sets: Lee et al. (2019).
Chapter: book/importance/gates.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


class KnownColumns(nn.Module):
    """What is learned of each column by name, and how far each speaks for each other.

    The table of pairs begins with zeros. Attention could learn the same, and takes far longer.
    """

    def __init__(self, n_features: int, width: int) -> None:
        super().__init__()
        self.identity = nn.Parameter(torch.randn(n_features, width) / 2)
        self.speaks_for = nn.Parameter(torch.zeros(n_features, n_features))
        self.hear = nn.Linear(width, width, bias=False)

    def forward(
        self,
        tokens: Float[Tensor, "*tasks feature width"],
        varies: Bool[Tensor, "*tasks feature"],
    ) -> Float[Tensor, "*tasks feature width"]:
        """Return the tokens with what is known of their columns."""
        said = self.speaks_for @ (tokens * varies[..., None])
        return tokens + self.identity + self.hear(said)


class ColumnAttention(nn.Module):
    """One layer in which each column looks at all that vary, then thinks by itself."""

    def __init__(self, width: int, n_heads: int) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.ask, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.think = nn.Sequential(
            nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width)
        )

    def forward(
        self,
        tokens: Float[Tensor, "*tasks feature width"],
        varies: Bool[Tensor, "*tasks feature"],
    ) -> Float[Tensor, "*tasks feature width"]:
        """Return the tokens after they looked at those that vary."""
        asked = self.ask(self.norms[0](tokens)).chunk(3, -1)
        query, key, value = (part.unflatten(-1, (self.n_heads, -1)) for part in asked)
        query, key, value = (part.transpose(-3, -2) for part in (query, key, value))
        match = query @ key.mT / key.shape[-1] ** 0.5
        match = match.masked_fill(~varies[..., None, None, :], torch.finfo(match.dtype).min)
        seen = (match.softmax(-1) @ value).transpose(-3, -2).flatten(-2)
        tokens = tokens + self.out(seen)
        return tokens + self.think(self.norms[1](tokens))
