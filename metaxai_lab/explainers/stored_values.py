"""Values that were asked of a model once, and are replayed in training as often as one likes.

The published recipe asks for new coalitions in every step; stored ones cost a sixteenth or less and
teach about as much. Source: Jethani et al. (2022), section 3.2, for what is asked.
Chapter: book/local/amortized.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.explainers.coalitions import kernel_mass
from metaxai_lab.explainers.game import Game


@dataclass(frozen=True, eq=False)
class StoredValues:
    """Rows, what was asked about each, and what the model answered.

    Args:
        rows: what explanations are learned on.
        questions: of each row, such as its coalitions: 1 where a column was known.
        values: the answers, less `reference`.
        totals: v(all columns) less `reference` of each row: what its shares have to add up to.
        reference: v(no column).
        n_queries: what they cost.
    """

    rows: Float[Tensor, "row feature"]
    questions: Float[Tensor, "row question feature"]
    values: Float[Tensor, "row question"]
    totals: Float[Tensor, " row"]
    reference: float
    n_queries: int

    def first(self, n_rows: int) -> "StoredValues":
        """Return the first rows alone, and what they cost."""
        names = ("rows", "questions", "values", "totals")
        spent = self.n_queries * n_rows // len(self.rows)
        return replace(self, **{n: getattr(self, n)[:n_rows] for n in names}, n_queries=spent)

    def replay(self, n_members: int, batch: int) -> Callable[[Generator], Episode]:
        """Return what draws the episode of a training step: each row is a task of one support row.

        Args:
            n_members: of the ensemble; each gets rows of its own.
            batch: rows of each member in a step.
        """

        def draw(generator: Generator) -> Episode:
            chosen = torch.randint(len(self.rows), (n_members, batch), generator=generator)
            at = chosen.to(self.rows.device)
            support = Examples(self.rows[at].unsqueeze(-2), self.totals[at].unsqueeze(-1))
            return Episode(support, Examples(self.questions[at], self.values[at]))

        return draw


def store_coalitions(
    game: Game,
    rows: Float[Tensor, "row feature"],
    *,
    n_coalitions: int = 16,
    generator: Generator,
) -> StoredValues:
    """Ask a game for a few coalitions of each row, and store what it says.

    Args:
        n_coalitions: of each row, an even number: they come in pairs.

    Raises:
        ModelFailedError: if the model fails.
        ValueError: if `n_coalitions` is odd or below 2, or there is one column only.
    """
    before, n = game.n_queries, game.n_features
    if n_coalitions < 2 or n_coalitions % 2:
        raise ValueError(f"coalitions come in pairs; found n_coalitions {n_coalitions}.")
    if n < 2:
        raise ValueError("with one column there is nothing to learn: it has the whole difference.")
    masks = drawn_pairs(len(rows), n, n_coalitions // 2, generator).to(rows.device)
    ends = torch.tensor([False, True], device=rows.device)
    empty = game.values(rows[:1], ends[:1].expand(1, n)).squeeze()
    totals = game.values(rows, ends[1:].expand(1, n))[:, 0] - empty
    values = game.values(rows, masks) - empty
    spent = game.n_queries - before
    return StoredValues(rows, masks.to(rows.dtype), values, totals, float(empty), spent)


def drawn_pairs(
    n_rows: int, n_features: int, n_pairs: int, generator: Generator
) -> Bool[Tensor, "row coalition feature"]:
    """Draw pairs of a coalition and all other columns, sizes by the Shapley kernel, row by row."""
    mass = kernel_mass(n_features)
    sizes = 1 + torch.multinomial(mass, n_rows * n_pairs, replacement=True, generator=generator)
    order = torch.rand(n_rows * n_pairs, n_features, generator=generator).argsort(-1).argsort(-1)
    one_side = (order < sizes[:, None]).view(n_rows, n_pairs, n_features)
    return torch.cat([one_side, ~one_side], 1)


def more_rows(
    rows: Float[Tensor, "row feature"],
    n_rows: int,
    *,
    jitter: float = 0.3,
    generator: Generator,
) -> Float[Tensor, "more feature"]:
    """Draw rows again until there are enough, every other one moved a little by Gaussian noise.

    Args:
        jitter: the noise, as a share of each column's standard deviation.
    """
    chosen = torch.randint(len(rows), (n_rows,), generator=generator)
    noise = torch.randn(n_rows, rows.shape[-1], generator=generator)
    noise[::2] = 0
    size = jitter * rows.std(0, correction=0)
    return rows[chosen.to(rows.device)] + noise.to(rows) * size
