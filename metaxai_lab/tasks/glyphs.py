"""Letters of five scripts as few-shot pictures: a class is a letter, its items are the typefaces.

Made for the same use as Omniglot (Lake, Salakhutdinov & Tenenbaum, 2015), and needs no download:
the letters are drawn from the fonts inside matplotlib. Whole scripts are held out, so that a
learner meets shapes it has never seen. Chapter: book/attention/from_equations.ipynb.
"""

import unicodedata
from collections.abc import Sequence

import matplotlib
import torch
import torch.nn.functional as F
from fontTools.unicodedata import script
from jaxtyping import Bool, Float, UInt8
from PIL import features
from torch import Tensor

from metaxai_lab.core import seeded
from metaxai_lab.tasks.cache import cached
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.typefaces import (
    FACES,
    SIDE,
    affine_jitter,
    draw_all,
    shared_characters,
    warp,
)

SPLITS = {
    "train": ("Latn",),
    "validation": ("Cyrl",),
    "test": ("Grek", "Armn", "Geor"),
}
LETTERS = ("Lu", "Ll", "Lt")
TWINS = {"within a script": 0.99, "across scripts": 0.96}  # the likeness from which on
JITTER = {"turn": 8.0, "stretch": 0.1, "shear": 0.1, "shift": 0.05}
EM = 34  # of the drawing, which is twice the picture's size; at 34 no letter is cut
RECIPE = 1  # raise it when the code below changes what it makes


def glyphs(split: str) -> PictureTable:
    """Return the letters of a split, twelve pictures of 28 x 28 each, one per typeface.

    The train split is Latin, validation Cyrillic, test Greek, Armenian and Georgian; the names are
    the letters. Each picture is turned, stretched, slanted and moved a little (`JITTER`), always
    in the same way. The first call makes all splits in about three seconds and keeps them.

    No letter has a twin in any split (`without_twins`).

    Raises:
        ValueError: if there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"the splits of the glyphs are {', '.join(SPLITS)}; found {split!r}.")
    table = cached("glyphs", _definition(), _make)
    letters = [chr(code) for code in table["codes"].tolist()]
    wanted = [row for row, letter in enumerate(letters) if script(letter) in SPLITS[split]]
    pixels = table["pixels"][wanted]
    counts = torch.full((len(wanted),), len(FACES))
    return PictureTable(pixels.flatten(0, 1), counts, tuple(letters[row] for row in wanted), SIDE)


def candidate_letters() -> tuple[str, ...]:
    """Return the letters of the five scripts, twins among them: by split, then by code point."""
    letters = [c for c in shared_characters() if unicodedata.category(c) in LETTERS]
    return tuple(c for scripts in SPLITS.values() for c in letters if script(c) in scripts)


def without_twins(
    pictures: Float[Tensor, "letter face height width"], scripts: Sequence[str]
) -> Bool[Tensor, " letter"]:
    """Mark the letters to keep, so that no two of them are twins; of twins, the first stays.

    Their likeness is the highest cosine, over the faces, between their pictures: centred on the
    ink, not jittered. Twins are letters of one script from 0.99 on and letters of two from 0.96
    on, where a held-out script should show new shapes. So the Greek alpha falls to the Latin A
    (equal in all faces) and the Cyrillic te to the m (equal in the serif italics alone), while A
    with a grave stays beside A with an acute.

    Args:
        scripts: the script of each letter.
    """
    likeness = _likeness(pictures)
    same = torch.tensor([[one == other for other in scripts] for one in scripts])
    twins = likeness >= torch.where(same, TWINS["within a script"], TWINS["across scripts"])
    keep = torch.ones(len(pictures), dtype=torch.bool)
    for row in range(1, len(pictures)):
        keep[row] = not (twins[row, :row] & keep[:row]).any()
    return keep


def _likeness(
    pictures: Float[Tensor, "letter face height width"],
) -> Float[Tensor, "letter letter"]:
    likeness = pictures.new_zeros(len(pictures), len(pictures))
    for face in pictures.unbind(1):
        rows = F.normalize(face.flatten(1), dim=1)
        likeness = torch.maximum(likeness, rows @ rows.T)
    return likeness


def _make() -> dict[str, Tensor]:
    letters = candidate_letters()
    drawn = draw_all(letters, size=EM, side=2 * SIDE, centred=True)
    pictures = torch.stack([_halved(face.float()) for face in drawn.unbind(1)], 1)
    keep = without_twins(pictures, [script(letter) for letter in letters])
    codes = torch.tensor([ord(letter) for letter in letters])[keep]
    return {"codes": codes, "pixels": _jittered(drawn[keep])}


def _jittered(
    drawn: UInt8[Tensor, "letter face height width"],
) -> UInt8[Tensor, "letter face pixel"]:
    generator = seeded(0)
    pictures = []
    for face in drawn.unbind(1):
        maps = affine_jitter(len(face), **JITTER, generator=generator)
        pictures.append(_halved(warp(face.float(), maps)).byte().flatten(1))
    return torch.stack(pictures, 1)


def _halved(
    pictures: Float[Tensor, "letter height width"],
) -> Float[Tensor, "letter half_height half_width"]:
    return F.avg_pool2d(pictures, 2).round()


def _definition() -> dict[str, object]:
    made_by = {"matplotlib": matplotlib.__version__, "freetype": features.version("freetype2")}
    recipe = {"recipe": RECIPE, "faces": FACES, "side": SIDE, "em": EM, "jitter": JITTER}
    return recipe | made_by | {"splits": SPLITS, "twins": TWINS}
