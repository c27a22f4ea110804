"""How much contour and how much texture there is in each cell of a picture.

Contours: the size of the brightness's slope, by Sobel's two filters. Texture: Laws' (1980) spots, a
filter that answers to fine grain and neither to even ground nor to a straight ramp. Both are means
over the cell, so that a map of attention can be laid beside them. At the border the spots, five
pixels wide, are taken where they fit whole: repeated pixels would make the rim look smooth.
Chapter: book/attention/pictures.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, pad

from metaxai_lab.learners.pictures import picture_side

LEVEL, SLOPE = (1.0, 2.0, 1.0), (-1.0, 0.0, 1.0)
SPOT = (-1.0, 0.0, 2.0, 0.0, -1.0)
Cells = Float[Tensor, "*batch cell"]


def edge_energy(x: Float[Tensor, "*batch feature"], *, cell: int, channels: int = 1) -> Cells:
    """Return the mean size of the slope of brightness in each cell.

    Args:
        channels: of the pictures; colours are averaged first.

    Raises:
        ValueError: if rows are no pictures, or cells do not tile them.
    """
    grey = _grey(x, channels)
    across = _filtered(grey, LEVEL, SLOPE)
    down = _filtered(grey, SLOPE, LEVEL)
    return by_cell((across.square() + down.square()).sqrt().view(*x.shape[:-1], -1), cell)


def texture_energy(x: Float[Tensor, "*batch feature"], *, cell: int, channels: int = 1) -> Cells:
    """Return the mean size of the answer to Laws' spots in each cell, where they fit whole.

    A cell in which no spot fits has 0.

    Args:
        channels: as for `edge_energy`.

    Raises:
        ValueError: as `edge_energy` does.
    """
    spots = _filtered(_grey(x, channels), SPOT, SPOT)
    whole = torch.zeros_like(spots)
    whole[..., 2:-2, 2:-2] = 1
    size, fit = ((part.flatten(1), cell) for part in (spots.abs() * whole, whole))
    found = by_cell(*size) / by_cell(*fit).clamp(min=1 / cell**2)
    return found.view(*x.shape[:-1], -1)


def centre_prior(side: int, cell: int) -> Float[Tensor, " cell"]:
    """Return a bump in the middle of the picture, a third of the side wide: where things often are.

    Raises:
        ValueError: if cells do not tile the picture.
    """
    away = (torch.arange(side) - (side - 1) / 2) / (side / 3)
    bump = (-away.square() / 2).exp()
    return by_cell(torch.outer(bump, bump).flatten(), cell)


def by_cell(values: Float[Tensor, "*batch pixel"], cell: int) -> Cells:
    """Return the mean over each square of `cell` x `cell` pixels, row by row.

    Raises:
        ValueError: if the squares do not tile the picture.
    """
    side = picture_side(values.shape[-1])
    if cell < 1 or side % cell:
        raise ValueError(f"cells must tile the picture: {cell} does not divide the side {side}.")
    return avg_pool2d(values.reshape(-1, 1, side, side), cell).view(*values.shape[:-1], -1)


def _grey(x: Float[Tensor, "*batch feature"], channels: int) -> Float[Tensor, "n 1 side side"]:
    side = picture_side(x.shape[-1], channels)
    return x.reshape(-1, channels, side, side).mean(1, keepdim=True)


def _filtered(
    grey: Float[Tensor, "n 1 side side"], down: tuple[float, ...], across: tuple[float, ...]
) -> Float[Tensor, "n 1 side side"]:
    rim = len(down) // 2
    kernel = torch.outer(torch.tensor(down), torch.tensor(across)).to(grey)
    return conv2d(pad(grey, (rim,) * 4, mode="replicate"), kernel[None, None])
