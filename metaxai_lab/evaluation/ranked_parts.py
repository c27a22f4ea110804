"""The parts of a row in the order an explanation gives them, and rows with some of them blanked.

A part is a square of `cell` x `cell` pixels, whose values are added up, or a column where `cell` is
1. Parts with equal values come in a random order, drawn anew `n_draws` times; so an explanation
that says the same of all parts is a random order, no more. Source: Samek et al. (2017), for regions
in the order of their relevance. Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Attribution
from metaxai_lab.explainers.output import absent
from metaxai_lab.learners.pictures import picture_side


@dataclass(frozen=True, eq=False)
class RankedParts:
    """Rows, what blanks their parts, and the parts' places in some orders.

    Args:
        x: the rows.
        fill: the row that stands for "nothing is there".
        part: the part each column lies in.
        places: how many parts come before each, in orders of the explanation.
        chance: the same, in random orders.
        tied: rows whose order was partly drawn, in parts where it matters: blanking one of them
            changes the row.
    """

    x: Float[Tensor, "*tasks row feature"]
    fill: Float[Tensor, "1 feature"]
    part: Int[Tensor, " feature"]
    places: Int[Tensor, "order *tasks row part"]
    chance: Int[Tensor, "draw *tasks row part"]
    tied: Bool[Tensor, "*tasks row"]

    @property
    def n_parts(self) -> int:
        """How many parts a row has."""
        return self.places.shape[-1]

    def kept(self, keep: Bool[Tensor, "*shape part"]) -> Float[Tensor, "*shape feature"]:
        """Return the rows with only these parts kept, the others blanked."""
        return torch.where(keep[..., self.part], self.x, self.fill)


def rank_parts(
    attribution: Attribution,
    *,
    fill: Float[Tensor, " feature"] | None,
    cell: int,
    n_draws: int,
    generator: Generator,
) -> RankedParts:
    """Order the parts of each row, the highest value first, and at random for comparison.

    One order of the explanation is enough where no row has ties; else there are `n_draws`.

    Args:
        fill: blank, zeros, where it is None.

    Raises:
        ValueError: if the values do not fit the rows or are not finite, `fill` has other columns,
            the squares do not tile the picture, or `n_draws` is below 1.
    """
    values, x = attribution.values.detach(), attribution.inputs.detach()
    refuse_unfit(values, x)
    if n_draws < 1:
        raise ValueError(f"random orders are drawn n_draws times, once or more; found {n_draws}.")
    part, blank = part_of(x.shape[-1], cell), absent(x, fill)
    part = part.to(x.device)
    sums = sum_parts(values, part)
    drawn = torch.rand(n_draws, *sums.shape, generator=generator).to(sums.device).argsort(-1)
    tied = _tied(sums, sum_parts((x != blank).to(sums.dtype), part) > 0)
    orders = drawn if bool(tied.any()) else drawn[:1]
    shuffled = sums.expand_as(orders).gather(-1, orders)
    by_value = torch.sort(shuffled, dim=-1, descending=True, stable=True).indices
    places = orders.gather(-1, by_value).argsort(-1)
    return RankedParts(x, blank, part, places, drawn.argsort(-1), tied)


def part_of(n_columns: int, cell: int) -> Int[Tensor, " column"]:
    """Return the number of the part each column lies in: squares from the top left, row by row.

    Raises:
        ValueError: if the squares do not tile the picture.
    """
    if cell == 1:
        return torch.arange(n_columns)
    side = picture_side(n_columns)
    if cell < 1 or side % cell:
        fits = [n for n in range(1, side + 1) if side % n == 0]
        raise ValueError(
            f"cells must tile the picture: {side} pixels a side take cells of {fits}; found {cell}."
        )
    line = torch.arange(side) // cell
    return (line.unsqueeze(-1) * (side // cell) + line).flatten()


def sum_parts(
    values: Float[Tensor, "*batch column"], part: Int[Tensor, " column"]
) -> Float[Tensor, "*batch part"]:
    """Add up the values of each part."""
    sums = values.new_zeros(*values.shape[:-1], int(part.max()) + 1)
    return sums.index_add(-1, part, values)


def refuse_unfit(values: Float[Tensor, "..."], x: Float[Tensor, "..."]) -> None:
    """Let through values that are finite and fit the rows.

    Raises:
        ValueError: where they do not.
    """
    if values.shape != x.shape or x.ndim < 2:
        raise ValueError(
            "an explanation is judged by its own rows, (row, feature) or stacked: it needs a value "
            f"for each column of {tuple(x.shape)} inputs; its values are {tuple(values.shape)}."
        )
    finite = torch.isfinite(values).all(-1)
    if not bool(finite.all()):
        raise ValueError(
            f"an explanation needs finite values; {int((~finite).sum())} of {finite.numel()} rows "
            "have others. Leave them out, or mend the explainer."
        )


def _tied(
    sums: Float[Tensor, "*batch part"], changes: Bool[Tensor, "*batch part"]
) -> Bool[Tensor, "*batch"]:
    """Say where some part that changes the row has the value of another part."""
    ordered, order = sums.sort(-1)
    same = ordered.diff(dim=-1) == 0
    edge = torch.zeros_like(changes[..., :1])
    shared = torch.cat([edge, same], -1) | torch.cat([same, edge], -1)
    return (shared & changes.gather(-1, order)).any(-1)
