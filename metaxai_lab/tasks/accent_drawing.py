"""Each letter with each mark, drawn as two layers of ink, so that the mark's pixels are known.

A fount has marks only for the letters that some language needs. Here any mark stands over or under
any letter, larger than in print so that 28 pixels can show its shape.
Chapter: book/attention/from_equations.ipynb.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, UInt8
from PIL import features
from torch import Tensor

from metaxai_lab.core import seeded
from metaxai_lab.tasks.cache import cached
from metaxai_lab.tasks.typefaces import FACES, SIDE, affine_jitter, draw, warp

ABOVE = {"grave": 0x300, "acute": 0x301, "circumflex": 0x302, "tilde": 0x303, "macron": 0x304}
ABOVE |= {"diaeresis": 0x308, "caron": 0x30C, "ring": 0x30A, "dot above": 0x307}
ABOVE |= {"double acute": 0x30B, "hook above": 0x309}
BELOW = {"cedilla": 0x327, "ogonek": 0x328, "comma below": 0x326, "dot below": 0x323}
BELOW |= {"macron below": 0x331, "circumflex below": 0x32D}
COMBINING = {name: chr(code) for name, code in (ABOVE | BELOW).items()}
MARKS = tuple(COMBINING)
TOUCHING = ("cedilla", "ogonek")
ALPHABETS = (
    "AZ",
    "az",
    "\u00df\u00df",
    "\u00e6\u00e6",
    "\u00f8\u00f8",
    "\u00fe\u00fe",
    "\u0131\u0131",
)
ALPHABETS += ("\u0237\u0237", "\u0391\u03a9", "\u03b1\u03c9", "\u0402\u040f", "\u0410\u044f")
ALPHABETS += ("\u0531\u0556", "\u0561\u0586", "\u10d0\u10f0")
DOTTED = "ij"  # their dot would stand where a mark goes
TWINS = {"cropped ink": 0.12, "log width over height": 0.25}  # the difference below which
TWIN_FACES = ("DejaVuSans", "DejaVuSerif")
EM = {"base": 32, "mark": 44}  # of the drawing, which is twice the picture's size
GAP = 3  # pixels of the drawing between letter and mark
INK = 64  # a pixel from this brightness on is ink
JITTER = {"turn": 5.0, "stretch": 0.06, "shear": 0.0, "shift": 0.07}
RECIPE = 1  # raise it when the code below changes what it makes


@dataclass(frozen=True)
class Drawn:
    """All letters with all marks, one item per face; `mark_pixels` is the ink of the mark alone."""

    pixels: UInt8[Tensor, "base mark item feature"]
    mark_pixels: Bool[Tensor, "base mark item feature"]
    bases: tuple[str, ...]
    marks: tuple[str, ...]


def accented_letters() -> Drawn:
    """Return all letters with all marks; the first call draws them in seconds and keeps them."""
    kept = cached("accents", _definition(), _make)
    bases = tuple(chr(code) for code in kept["codes"].tolist())
    return Drawn(kept["pixels"], kept["mark_pixels"], bases, MARKS)


def base_letters() -> tuple[str, ...]:
    """Return the letters that get marks; of twins, the first stays.

    Twins have the same ink once cropped and scaled to one size, upright and with serifs: so the
    small c falls to the capital C, and the Greek capital alpha to A.
    """
    letters = [c for first, last in ALPHABETS for c in _between(first, last)]
    twins, keep = _twins(letters), list[int]()
    for row in range(len(letters)):
        if not twins[row, keep].any():
            keep.append(row)
    return tuple(letters[row] for row in keep)


def _between(first: str, last: str) -> list[str]:
    letters = [chr(code) for code in range(ord(first), ord(last) + 1)]
    plain = [c for c in letters if c not in DOTTED and not unicodedata.decomposition(c)]
    return [c for c in plain if unicodedata.category(c) in ("Lu", "Ll", "Lo")]


def _twins(letters: Sequence[str]) -> Bool[Tensor, "letter letter"]:
    """Mark the pairs of letters that are alike in all `TWIN_FACES`."""
    inks, widths = zip(*map(_shape, letters), strict=True)
    ink, width = torch.stack(inks, 1), torch.stack(widths, 1)[..., None]
    apart = torch.cdist(ink, ink, p=1) / ink.shape[-1], torch.cdist(width, width, p=1)
    return ((apart[0] < TWINS["cropped ink"]) & (apart[1] < TWINS["log width over height"])).all(0)


def _shape(letter: str) -> tuple[Float[Tensor, "face pixel"], Float[Tensor, " face"]]:
    crops = [_ink(draw(letter, face, size=64, side=160)) for face in TWIN_FACES]
    same_size = [F.interpolate(crop[None, None].float(), (16, 16), mode="area") for crop in crops]
    widths = torch.tensor([crop.shape[1] / crop.shape[0] for crop in crops]).log()
    return torch.cat(same_size).flatten(1) / 255, widths


def _make() -> dict[str, Tensor]:
    bases, generator = base_letters(), seeded(0)
    pixels = torch.empty(len(bases), len(MARKS), len(FACES), SIDE**2, dtype=torch.uint8)
    mark_pixels = torch.empty_like(pixels, dtype=torch.bool)
    for item, face in enumerate(FACES):
        jitter = affine_jitter(len(bases) * len(MARKS), **JITTER, generator=generator)
        maps = jitter.view(len(bases), len(MARKS), 2, 3)
        marks = {m: _drawn(COMBINING[m], face, EM["mark"]) for m in MARKS}
        for base, letter in enumerate(bases):
            inks = _with_marks(_drawn(letter, face, EM["base"]), marks, maps[base])
            pixels[base, :, item] = inks.amax(1).byte()
            mark_pixels[base, :, item] = inks[:, 1] >= INK
    codes = torch.tensor([ord(c) for c in bases])
    return {"codes": codes, "pixels": pixels, "mark_pixels": mark_pixels}


def _drawn(character: str, face: str, em: int) -> UInt8[Tensor, "rows columns"]:
    return _ink(draw(character, face, size=em, side=2 * SIDE, centred=True))


def _with_marks(
    letter: UInt8[Tensor, "rows columns"],
    marks: Mapping[str, UInt8[Tensor, "_ _"]],
    maps: Float[Tensor, "mark 2 3"],
) -> Float[Tensor, "mark layer feature"]:
    """Give one letter each mark; both are laid out apart, and moved by the same map.

    One letter at a time, so that what is worked on stays within the fast memory of a core.
    """
    layers = torch.stack([_laid_out(letter, ink, name) for name, ink in marks.items()])
    return F.avg_pool2d(warp(layers.float(), maps), 2).flatten(2)


def _laid_out(
    letter: UInt8[Tensor, "rows columns"], mark: UInt8[Tensor, "mark_rows mark_columns"], name: str
) -> UInt8[Tensor, "layer height width"]:
    """Set the letter and its mark on two layers, the pair in the middle of the picture."""
    gap = 0 if name in TOUCHING else GAP
    top = SIDE - (len(letter) + gap + len(mark)) // 2
    first, second = (letter, mark) if name in BELOW else (mark, letter)
    rows = {id(first): top, id(second): top + len(first) + gap}
    return torch.stack([_set(ink, rows[id(ink)]) for ink in (letter, mark)])


def _set(ink: UInt8[Tensor, "rows columns"], top: int) -> UInt8[Tensor, "height width"]:
    layer = torch.zeros(2 * SIDE, 2 * SIDE, dtype=torch.uint8)
    left = SIDE - ink.shape[1] // 2
    layer[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return layer


def _ink(picture: UInt8[Tensor, "height width"]) -> UInt8[Tensor, "rows columns"]:
    """Cut the picture down to its ink."""
    rows, columns = picture.any(1).nonzero()[:, 0], picture.any(0).nonzero()[:, 0]
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _definition() -> dict[str, object]:
    made_by = {"matplotlib": matplotlib.__version__, "freetype": features.version("freetype2")}
    letters = {"alphabets": ALPHABETS, "dotted": DOTTED, "twins": TWINS, "marks": MARKS}
    drawing = {"em": EM, "gap": GAP, "ink": INK, "jitter": JITTER, "faces": FACES, "side": SIDE}
    return {"recipe": RECIPE} | made_by | letters | drawing
