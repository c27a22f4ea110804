"""How far does the output move when the important columns change, and when the others do?

    gap(S) = mean over the background of | f(x) - f(x with the columns of S from there) |

PGI takes for S the columns of largest size, PGU all but these; both are means over their number, 1
to `up_to`, in the unit of the output, so that a regression is served as well. Signs do not count.
Source: Petsiuk, Das & Saenko (2018) for the curves; Agarwal et al. (2022), OpenXAI, for the two
gaps. Chapter: book/local/shapley_and_lime.ipynb.
"""

from dataclasses import replace

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Model, Score
from metaxai_lab.evaluation.ranked_parts import RankedParts, rank_parts
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import chosen

Background = Float[Tensor, "background feature"]


def gap_on_important(
    model: Model,
    attribution: Attribution,
    *,
    target: Target,
    background: Background,
    up_to: int = 3,
    n_draws: int = 5,
    generator: Generator,
) -> Score:
    """Score the gap where the columns of largest size change (PGI); higher is better.

    Args:
        target: an output, or one for each row.
        background: rows that columns are taken from.
        up_to: the largest number of columns that change.
        n_draws: random orders for chance, and for ties.

    Raises:
        ValueError: if values and rows do not fit, the background has other columns or no rows, or
            `up_to` leaves no column on one of the sides.
    """
    changed = _changes(attribution, background, up_to, n_draws, generator)
    return _score("PGI", model, changed, target, background, up_to, top=True)


def gap_on_unimportant(
    model: Model,
    attribution: Attribution,
    *,
    target: Target,
    background: Background,
    up_to: int = 3,
    n_draws: int = 5,
    generator: Generator,
) -> Score:
    """Score the gap where all columns change but those of largest size (PGU); lower is better.

    Args and errors are those of `gap_on_important`.
    """
    changed = _changes(attribution, background, up_to, n_draws, generator)
    return _score("PGU", model, changed, target, background, up_to, top=False)


def _changes(
    attribution: Attribution, background: Background, up_to: int, n_draws: int, generator: Generator
) -> RankedParts:
    x = attribution.inputs
    if background.shape[-1] != x.shape[-1] or not len(background):
        raise ValueError(
            f"a gap is seen against rows with the {x.shape[-1]} columns of x, one or more; the "
            f"background has {tuple(background.shape)}."
        )
    if not 1 <= up_to < x.shape[-1]:
        raise ValueError(
            f"up_to counts columns that change while one at least stays, 1 to {x.shape[-1] - 1}; "
            f"found {up_to}."
        )
    by_size = replace(attribution, values=attribution.values.abs())
    nowhere = x.flatten(0, -2).amin(0) - 1  # each column differs from it, so that each tie counts
    return rank_parts(by_size, fill=nowhere, cell=1, n_draws=n_draws, generator=generator)


def _score(
    name: str,
    model: Model,
    ranked: RankedParts,
    target: Target,
    background: Background,
    up_to: int,
    *,
    top: bool,
) -> Score:
    x, places = ranked.x, torch.cat([ranked.places, ranked.chance])
    rows = background.to(x)
    with torch.no_grad():
        stayed = chosen(model(x), target)
        counts = range(1, up_to + 1)
        moved = [_moved(model, x, (places < n) == top, target, rows) for n in counts]
    gaps = torch.stack([(each - stayed).abs().mean(0) for each in moved]).mean(0)
    found, chance = gaps.split([len(ranked.places), len(ranked.chance)])
    knobs = ("background", "up_to")
    return Score(name, found.mean(0), chance.mean(0), higher_is_better=top, sensitive_to=knobs)


def _moved(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    gone: Bool[Tensor, "order *tasks row feature"],
    target: Target,
    background: Background,
) -> Float[Tensor, "background order *tasks row"]:
    """Return the output of each row, in each order, once columns came from each background row."""
    changed = torch.where(gone, background.view(-1, *[1] * (gone.ndim - 1), x.shape[-1]), x)
    copies = changed.flatten(0, 1)  # background x order copies of all rows, side by side
    outputs = model(copies.movedim(0, -3).flatten(-3, -2))
    moved = chosen(outputs.unflatten(-2, (len(copies), -1)).movedim(-3, 0), target)
    return moved.unflatten(0, (len(background), -1))
