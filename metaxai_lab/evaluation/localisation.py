"""Is the mass of an explanation where the right reason is? Two judges that need planted truth.

Both take absolute values and add them up over squares of `cell` x `cell` pixels; a square is right
if it touches the truth. Source: Zhang et al. (2018) for the pointing game; Arras, Osman & Samek
(2022) for relevance mass. Chapter: book/attention/from_equations.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d

from metaxai_lab.core import Attribution, Score
from metaxai_lab.learners.pictures import picture_side

TIE = 1e-5  # cells within this share of the largest count as the largest


def pointing_game(
    attribution: Attribution, truth: Bool[Tensor, "*batch feature"], *, cell: int = 1
) -> Score:
    """Score 1 where the heaviest cell is right, else 0; tied cells share the point.

    So a map that is the same everywhere scores chance: the share of right cells.

    Args:
        truth: the columns that are the right reason.
        cell: side in pixels of the squares that are added up; 1 takes columns as they are, which
            need not be a picture.

    Raises:
        ValueError: if a row has no true column, the values are not finite, shapes differ, or the
            squares do not tile the picture.
    """
    mass, right = _cells(attribution, truth, cell)
    heaviest = mass >= mass.amax(-1, keepdim=True) * (1 - TIE)
    hits = (heaviest & right).sum(-1) / heaviest.sum(-1)
    return Score("pointing game", hits, _share(right), sensitive_to=("cell",))


def mass_in_mask(
    attribution: Attribution, truth: Bool[Tensor, "*batch feature"], *, cell: int = 1
) -> Score:
    """Score the share of the mass that lies in right cells; a map of zeros scores chance.

    Args:
        truth: as for `pointing_game`.
        cell: as for `pointing_game`.

    Raises:
        ValueError: as `pointing_game` does.
    """
    mass, right = _cells(attribution, truth, cell)
    chance, total = _share(right), mass.sum(-1)
    inside = (mass * right).sum(-1) / total.where(total > 0, 1)
    return Score("mass in mask", inside.where(total > 0, chance), chance, sensitive_to=("cell",))


def _share(right: Bool[Tensor, "*batch cell"]) -> Float[Tensor, "*batch"]:
    return right.float().mean(-1)


def _cells(
    attribution: Attribution, truth: Bool[Tensor, "*batch feature"], cell: int
) -> tuple[Float[Tensor, "*batch cell"], Bool[Tensor, "*batch cell"]]:
    """Return the mass of each cell and whether it is right."""
    values = attribution.values.detach().abs()
    _refuse_unfit(values, truth)
    if cell == 1:
        return values, truth
    side = picture_side(values.shape[-1])
    if cell < 1 or side % cell:
        fits = [n for n in range(1, side + 1) if side % n == 0]
        raise ValueError(
            f"cells must tile the picture: {side} pixels a side take cells of {fits}; found {cell}."
        )
    squares = (-1, 1, side, side)
    mass = avg_pool2d(values.reshape(squares), cell, divisor_override=1)
    right = max_pool2d(truth.float().reshape(squares), cell) > 0
    shape = (*values.shape[:-1], -1)
    return mass.reshape(shape), right.reshape(shape)


def _refuse_unfit(values: Float[Tensor, "..."], truth: Bool[Tensor, "..."]) -> None:
    if values.shape != truth.shape:
        raise ValueError(
            f"the truth marks columns of each explained row: it needs the shape "
            f"{tuple(values.shape)} of the values, and has {tuple(truth.shape)}."
        )
    if not bool(torch.isfinite(values).all()):
        rows = _rows(~torch.isfinite(values).all(-1))
        raise ValueError(f"an explanation needs finite values; rows {rows} have others.")
    if not bool(truth.any(-1).all()):
        rows = _rows(~truth.any(-1))
        raise ValueError(
            f"each row needs a true column to be judged; rows {rows} have none. Leave them out."
        )


def _rows(bad: Bool[Tensor, "*batch"]) -> str:
    found = [tuple(i) if len(i) > 1 else i[0] for i in bad.nonzero().tolist() if i]
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return ", ".join(map(str, found[:5])) + more
