"""Feature gates: read the support rows of a task, and give each column a weight in (0, 1).

A column is a token: what simple methods say about it there, and, where all tasks share their
columns, what was learned of it by name. Tokens attend to each other, so that what one column shows
can open or close the gate of another. Before each later layer the columns are looked at again: what
does ridge make of them under the gates that they would get now? Gates that know no names are
equivariant: other order of columns, other order of gates; they serve tables of any width.
Weights that a first fit gives to a second: Zou (2006), here learned across tasks.
Chapter: book/importance/gates.ipynb.
"""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.column_attention import ColumnAttention, KnownColumns
from metaxai_lab.learners.gate_features import (
    N_GUIDED,
    N_STATISTICS,
    column_statistics,
    guided_statistics,
)
from metaxai_lab.learners.standardised import Standardised, standardised

CLOSED = -12.0  # the logit of a column that is constant in the support


@dataclass(frozen=True, eq=False)
class Gates:
    """A weight for each column, and how sure it is.

    Args:
        logits: of the weights.
        spread: standard deviation of the logits: how far another draw of support rows of the same
            task would move them.
    """

    logits: Float[Tensor, "*tasks feature"]
    spread: Float[Tensor, "*tasks feature"]

    @property
    def weights(self) -> Float[Tensor, "*tasks feature"]:
        """The weights, between 0 and 1."""
        return self.logits.sigmoid()

    def interval(
        self, share: float = 0.9
    ) -> tuple[Float[Tensor, "*tasks feature"], Float[Tensor, "*tasks feature"]]:
        """Return where the weights of another draw of rows lie, with the chance `share`.

        The logits are taken to move by Laplace's law: most draws move them little, few far.

        Raises:
            ValueError: if `share` is not between 0 and 1.
        """
        if not 0 < share < 1:
            raise ValueError(f"share lies between 0 and 1; found {share}.")
        reach = self.spread * (-log(1 - share) / 2**0.5)
        return (self.logits - reach).sigmoid(), (self.logits + reach).sigmoid()


class FeatureGates(nn.Module):
    """Reads the support set of a task and gives each column a weight between 0 and 1.

    Args:
        n_features: the columns that all tasks share, in one order, known by name: each has a vector
            and each pair a number, which are learned. None for gates that serve tables of any width
            and know a column by its values alone.
        width: of a token.
        n_heads: of the attention between columns; they divide `width`.
        n_layers: of attention; before each but the first, columns are looked at again.

    Raises:
        ValueError: if a setting is out of range.
    """

    known: KnownColumns | None

    def __init__(
        self,
        *,
        n_features: int | None = None,
        width: int = 64,
        n_heads: int = 4,
        n_layers: int = 2,
    ) -> None:
        super().__init__()
        _refuse_settings(n_features, width, n_heads, n_layers)
        self.n_features, self.width = n_features, width
        self.known = None if n_features is None else KnownColumns(n_features, width)
        self.look = _seen_by(N_STATISTICS + 1, width)
        self.layers = nn.ModuleList([ColumnAttention(width, n_heads) for _ in range(n_layers)])
        again = range(n_layers - 1)
        self.guesses = nn.ModuleList([nn.Linear(width, 1) for _ in again])
        self.looks = nn.ModuleList([_seen_by(N_GUIDED, width) for _ in again])
        self.norm = nn.LayerNorm(width)
        self.open = nn.Linear(width, 1)
        self.doubt = nn.Sequential(nn.Linear(width + 1, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, support: Examples) -> Gates:
        """Return the gates of one task, or of a stacked batch of tasks.

        Labels 0 and 1 are read as numbers. A constant column has a closed gate. If all targets are
        the same, as in a support of one class, columns look as those do that show nothing.

        Raises:
            ValueError: if there is only one row, a value is NaN or infinite, or the columns are not
                as many as the gates were made for.
        """
        rows = standardised(support)
        return self.said(rows, self.tokens(rows))

    def tokens(self, rows: Standardised) -> Float[Tensor, "*tasks feature width"]:
        """Return what the gates know of each column, once the columns have seen each other."""
        self.refuse_width(rows.x.shape[-1])
        seen = column_statistics(rows)
        n_rows = seen.new_full((*seen.shape[:-1], 1), log(rows.y.shape[-1] / 20))
        tokens = self.look(torch.cat([seen, n_rows], -1))
        if self.known is not None:
            tokens = self.known(tokens, rows.varies)
        for place, layer in enumerate(self.layers):
            if place:
                free = self.guesses[place - 1](tokens)[..., 0].sigmoid()
                tokens = tokens + self.looks[place - 1](guided_statistics(rows, free))
            tokens = layer(tokens, rows.varies)
        return self.norm(tokens)

    def said(self, rows: Standardised, tokens: Float[Tensor, "*tasks feature width"]) -> Gates:
        """Return the gates that tokens ask for; `spread` reads tokens and does not move them."""
        logits = self.open(tokens)[..., 0]
        logits = logits.where(rows.varies, torch.full_like(logits, CLOSED))
        known = torch.cat([tokens, logits[..., None]], -1).detach()
        return Gates(logits, F.softplus(self.doubt(known)[..., 0]) + 1e-3)

    def refuse_width(self, found: int) -> None:
        """Refuse another number of columns than that of the gates.

        Raises:
            ValueError: if the gates know their columns, and these are not as many.
        """
        if self.n_features not in (None, found):
            raise ValueError(
                f"these gates know {self.n_features} columns by a vector of their own; found "
                f"{found}. Give the columns they were trained on, or make and train "
                f"FeatureGates(n_features={found}), or FeatureGates() for any width."
            )


def _seen_by(n_statistics: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(n_statistics, width), nn.ReLU(), nn.Linear(width, width))


def _refuse_settings(n_features: int | None, width: int, n_heads: int, n_layers: int) -> None:
    if n_features is not None and n_features < 1:
        raise ValueError(f"n_features is at least 1, or None for any width; found {n_features}.")
    if n_layers < 1:
        raise ValueError(f"columns see each other in n_layers of at least 1; found {n_layers}.")
    if n_heads < 1 or width < 1 or width % n_heads:
        raise ValueError(
            f"a width of {width} does not divide among n_heads={n_heads}; change one of them."
        )
