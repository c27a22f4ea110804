"""Letters as pictures: twelve faces of one type family, drawn by FreeType and warped a little.

The DejaVu fonts (dejavu-fonts.github.io, free licence) come inside matplotlib, so that pictures of
more than a thousand characters need no download. Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, UInt8
from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageChops, ImageDraw, ImageFont
from torch import Generator, Tensor

FACES = tuple(
    f"DejaVu{family}"
    for family in (
        *("Sans", "Sans-Bold", "Sans-Oblique", "Sans-BoldOblique"),
        *("Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic"),
        *("SansMono", "SansMono-Bold", "SansMono-Oblique", "SansMono-BoldOblique"),
    )
)
SIDE = 28
BASELINE = 0.75  # how far down the picture the letters stand, as a share of its side


@lru_cache(maxsize=1)
def shared_characters() -> tuple[str, ...]:
    """Return the characters that all twelve faces can draw, in the order of their code points."""
    charmaps = (set(FT2Font(_path(face)).get_charmap()) for face in FACES)
    return tuple(chr(code) for code in sorted(set.intersection(*charmaps)))


def draw(
    character: str, face: str, *, size: int = 16, side: int = SIDE, centred: bool = False
) -> UInt8[Tensor, "height width"]:
    """Draw one character, white on black; ink beyond the edge is cut.

    It stands in the middle of a baseline three quarters down, so that a letter stays on its spot
    when it gets a mark; or, `centred`, the box around its ink is moved to the middle.

    Args:
        size: the em of the type, in pixels; a capital is about 0.73 of it high.
        side: height and width of the picture, in pixels.

    Raises:
        ValueError: if `face` is not one of `FACES`, or not all faces have `character`.
    """
    if character not in _shared():
        raise ValueError(
            f"draw needs one character that all {len(FACES)} faces have; found {character!r}. "
            "Take one of shared_characters()."
        )
    picture = Image.new("L", (side, side))
    spot = (side / 2, round(BASELINE * side))
    font = _font(face, size)
    ImageDraw.Draw(picture).text(spot, character, fill=255, font=font, anchor="ms")
    return torch.from_numpy(np.array(_centred(picture) if centred else picture))


def draw_all(
    characters: Sequence[str], *, size: int = 16, side: int = SIDE, centred: bool = False
) -> UInt8[Tensor, "character face height width"]:
    """Draw each character in each of the twelve faces, in the order of `FACES`."""
    pictures = [
        draw(character, face, size=size, side=side, centred=centred)
        for character in characters
        for face in FACES
    ]
    return torch.stack(pictures).view(-1, len(FACES), side, side)


def affine_jitter(
    n_pictures: int,
    *,
    turn: float = 8.0,
    stretch: float = 0.1,
    shear: float = 0.1,
    shift: float = 0.07,
    generator: Generator,
) -> Float[Tensor, "picture 2 3"]:
    """Draw small affine maps, uniform between minus and plus each bound, for `warp`.

    Args:
        turn: rotation, in degrees.
        stretch: change of width and of height, each on its own, as a share.
        shear: sideways slant, as a share of the height.
        shift: movement across and down, as a share of the side.
    """
    wobble = 2 * torch.rand(n_pictures, 6, generator=generator) - 1
    angle = torch.deg2rad(turn * wobble[:, 0])
    wide, high = 1 + stretch * wobble[:, 1], 1 + stretch * wobble[:, 2]
    turned = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], 1).view(-1, 2, 2)
    slanted = torch.stack([wide, shear * wobble[:, 3], torch.zeros_like(wide), high], 1)
    return torch.cat([turned @ slanted.view(-1, 2, 2), 2 * shift * wobble[:, 4:, None]], 2)


def warp(
    pictures: Float[Tensor, "picture *layer height width"], maps: Float[Tensor, "picture 2 3"]
) -> Float[Tensor, "picture *layer height width"]:
    """Move each picture by its own affine map, bilinearly; what comes from outside is black.

    A map sends a place of the new picture, both axes from -1 to 1, to a place of the old one. The
    layers of a picture move together.
    """
    height, width = pictures.shape[-2:]
    layers = pictures.reshape(len(pictures), -1, height, width)
    grid = F.affine_grid(maps, list(layers.shape), align_corners=False)
    return F.grid_sample(layers, grid, align_corners=False).view_as(pictures)


@lru_cache(maxsize=1)
def _shared() -> frozenset[str]:
    return frozenset(shared_characters())


def _centred(picture: Image.Image) -> Image.Image:
    left, top, right, bottom = picture.getbbox() or (0, 0, *picture.size)
    across, down = (picture.width - left - right) // 2, (picture.height - top - bottom) // 2
    return ImageChops.offset(picture, across, down)


def _path(face: str) -> Path:
    if face not in FACES:
        raise ValueError(f"a face is one of {', '.join(FACES)}; found {face!r}.")
    return Path(get_data_path(), "fonts", "ttf", f"{face}.ttf")


@lru_cache(maxsize=64)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_path(face), size, layout_engine=ImageFont.Layout.BASIC)
