"""The probability of the target while the parts of a row go one after the other, or come back.

A model never saw rows with holes, so a fall may be the fault of the hole: beside each curve stands
that of random orders, with as many holes. Where outputs are no classes, as in a regression, the
output itself is followed. Source: Samek et al. (2017); Petsiuk, Das & Saenko (2018).
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Model, Score
from metaxai_lab.evaluation.ranked_parts import RankedParts, rank_parts
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import chosen

Kind = Literal["deletion", "insertion"]
Unit = Literal["probability", "output"]
Marks = Float[Tensor, "*tasks row"]


@dataclass(frozen=True, eq=False)
class Curve:
    """The probability of the target, or its output, while parts go, or come back.

    Args:
        shares: of the parts that went, or came back, from 0 to 1.
        values: in the order of the explanation.
        chance: in random orders, as a mean.
        n_tied: rows with ties, whose values are a mean over orders, too.
    """

    kind: Kind
    shares: Float[Tensor, " point"]
    values: Float[Tensor, "*tasks row point"]
    chance: Float[Tensor, "*tasks row point"]
    n_tied: int

    @property
    def area(self) -> Score:
        """The area under the curve: low is good in a deletion, high in an insertion.

        Of probabilities it is 0 to 1; of outputs it is in their unit.
        """
        found = torch.trapezoid(self.values, self.shares, dim=-1)
        chance = torch.trapezoid(self.chance, self.shares, dim=-1)
        higher = self.kind == "insertion"
        return score_of(self.kind, found, chance, self.n_tied, "n_steps", higher=higher)


def curve(
    model: Model,
    attribution: Attribution,
    *,
    kind: Kind,
    target: Target,
    fill: Float[Tensor, " feature"] | None = None,
    cell: int = 1,
    n_steps: int = 20,
    n_draws: int = 5,
    unit: Unit = "probability",
    generator: Generator,
) -> Curve:
    """Follow the target's probability while the highest parts go first, or come back first.

    Args:
        kind: "deletion" begins at the row, "insertion" at `fill`; each ends where the other begins.
        target: a class, or one for each row.
        fill: the row that parts are replaced by; blank, zeros, where it is None.
        cell: side in pixels of the squares that go as one; with 1, columns go, which need not be a
            picture.
        n_steps: steps of the curve; one for each part where there are fewer.
        n_draws: random orders for chance, and for ties.
        unit: "output" follows the output as it is; a regression has no probability.

    Raises:
        ValueError: if values, rows, `fill`, `cell`, `target` or counts do not fit, values are not
            finite, or a probability is asked of a model with one output, where it is always 1.
    """
    if n_steps < 1:
        raise ValueError(f"a curve needs a step; found n_steps {n_steps}.")
    ranked = rank_parts(attribution, fill=fill, cell=cell, n_draws=n_draws, generator=generator)
    steps = min(n_steps, ranked.n_parts)
    counts = [round(i * ranked.n_parts / steps) for i in range(steps + 1)]
    marks = [said_after(model, ranked, n, kind, target, unit) for n in counts]
    found, chance = (torch.stack(points, -1) for points in zip(*marks, strict=True))
    shares = torch.tensor(counts, dtype=found.dtype, device=found.device) / ranked.n_parts
    return Curve(kind, shares, found, chance, int(ranked.tied.sum()))


def said_after(
    model: Model, ranked: RankedParts, n: int, kind: Kind, target: Target, unit: Unit
) -> tuple[Marks, Marks]:
    """Return what is said of the target after `n` parts, in the explanation's order and in others.

    Raises:
        ValueError: if the target is none of the outputs, or a probability has one output only.
    """
    places = torch.cat([ranked.places, ranked.chance])
    rows = ranked.kept(places >= n if kind == "deletion" else places < n)
    side_by_side = rows.movedim(0, -3).flatten(-3, -2)
    with torch.no_grad():
        outputs = model(side_by_side).unflatten(-2, (len(places), -1)).movedim(-3, 0)
    if unit == "probability" and outputs.shape[-1] < 2:
        raise ValueError(
            "a probability needs two outputs or more to share it; the model has one. Follow its "
            "output: unit='output'."
        )
    said = chosen(outputs.softmax(-1) if unit == "probability" else outputs, target)
    return said[: len(ranked.places)].mean(0), said[len(ranked.places) :].mean(0)


def score_of(
    name: str, values: Marks, chance: Marks, n_tied: int, knob: str, *, higher: bool
) -> Score:
    """Return the mark with what it depends on, ties with their count."""
    knobs = ("fill", "cell", knob)
    if n_tied:
        knobs += (f"order of ties in {n_tied} of {values.numel()} rows",)
    return Score(name, values, chance, higher_is_better=higher, sensitive_to=knobs)
