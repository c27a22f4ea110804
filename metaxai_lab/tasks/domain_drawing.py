"""The domains by name: five made by code, always there, and four real sets, where they are found.

Letters are Latin and Cyrillic; scenes show Greek, Armenian and Georgian letters on photographs: the
two share no letter, and none has a mark. In accents a class is a mark, on letters that vary; in
signs, a shape with a pictogram. Digits: Alpaydin & Kaynak (1998), as scikit-learn has them.
Chapter: book/outlook/across_domains.ipynb.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from unicodedata import decomposition

import torch
from jaxtyping import Bool, Float
from sklearn.datasets import load_digits
from torch import Tensor
from torch.nn.functional import interpolate, pad

from metaxai_lab.core import seeded
from metaxai_lab.tasks.accent_drawing import accented_letters
from metaxai_lab.tasks.boxes import box_masks, sign_boxes
from metaxai_lab.tasks.composed import INK, composed, evened, pieces, scattered, written
from metaxai_lab.tasks.domains import MOST_ITEMS, SIDE, Domain, fewer
from metaxai_lab.tasks.glyphs import glyphs
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.pictures import pictures
from metaxai_lab.tasks.road_signs import PICTOGRAMS, SHAPES, drawn_signs
from metaxai_lab.tasks.road_signs import SIDE as SIGN_SIDE
from metaxai_lab.tasks.sampling import distinct

CONTRAST = 0.2  # of the photographs behind the letters
Pixels = Float[Tensor, "class item pixel"]


@cache
def domain(name: str) -> Domain:
    """Return a domain by its name: one of `MADE`, or one of `FOUND`, which needs its files.

    Raises:
        MissingSetError: if a real set is not on this machine.
        ValueError: if there is no such domain.
    """
    if name not in {**MADE, **FOUND}:
        known = ", ".join([*MADE, *FOUND])
        raise ValueError(f"the domains are {known}; found {name!r}.")
    return {**MADE, **FOUND}[name]()


def letters() -> Domain:
    """Return Latin and Cyrillic letters without marks, twelve typefaces each."""
    latin, cyrillic = (_unmarked(glyphs(split)) for split in ("train", "validation"))
    return Domain(
        "letters",
        PictureTable(
            torch.cat([latin.pixels, cyrillic.pixels]),
            torch.cat([latin.counts, cyrillic.counts]),
            latin.names + cyrillic.names,
            SIDE,
        ),
    )


def digits() -> Domain:
    """Return handwritten digits: 8 x 8 pixels, made 20 x 20, in the middle of 28 x 28."""
    rows, target = load_digits(return_X_y=True)
    small = torch.as_tensor(rows).float().view(-1, 1, 8, 8) / 16
    large = interpolate(small, (20, 20), mode="bilinear", align_corners=False)
    x = pad(large, (4, 4, 4, 4)).flatten(1)
    y = torch.as_tensor(target)
    chosen = torch.stack([(y == digit).nonzero()[:MOST_ITEMS, 0] for digit in range(10)])
    return _drawn("digits", x[chosen], None, [str(digit) for digit in range(10)])


def accents() -> Domain:
    """Return marks on letters that vary; the mask has the pixels of the mark."""
    drawn, g = accented_letters(), seeded(0)
    base = distinct(len(drawn.bases), MOST_ITEMS, (len(drawn.marks),), g)
    face = torch.randint(drawn.pixels.shape[2], base.shape, generator=g)
    mark = torch.arange(len(drawn.marks))[:, None].expand_as(base)
    x = drawn.pixels[base, mark, face].float() / 255
    return _drawn("accents", x, drawn.mark_pixels[base, mark, face], drawn.marks)


def signs() -> Domain:
    """Return drawn traffic signs; the mask has the pixels of the sign."""
    rows = [rows for split in PICTOGRAMS.values() for rows in split]
    bitmaps = torch.tensor([[[float(c == "#") for c in row] for row in r.split()] for r in rows])
    classes = torch.cartesian_prod(torch.arange(len(rows)), torch.arange(len(SHAPES)))
    pictogram, shape = classes[:, None].expand(-1, MOST_ITEMS, -1).unbind(-1)
    x, mask = drawn_signs(shape, bitmaps[pictogram], seeded(0))
    kinds = tuple(SHAPES)
    names = [f"{kinds[s]} {p}" for p, s in classes.tolist()]
    return _drawn("signs", _resized(x), _resized(mask.float()) > 0.5, names)


def scenes() -> Domain:
    """Return letters on photographs; the mask has the ink of the letter."""
    table, g = _unmarked(glyphs("test")), seeded(0)
    grounds = tuple(one for split in ("train", "test") for one in composed(split).grounds)
    squares = table.pixels.view(-1, SIDE, SIDE).float() / 255
    ink = scattered(squares, SIDE, g)
    x = written(ink, evened(pieces(grounds, len(ink), SIDE, g), CONTRAST))
    shape = (len(table.counts), -1, SIDE**2)
    return _drawn("scenes", x.reshape(shape), (ink > INK).reshape(shape), table.names)


def real(name: str) -> Domain:
    """Return a real set in grey, with boxes as masks where it has them.

    The eight categories of Quick, Draw! are turned by quarters, which makes 32 classes.

    Raises:
        MissingSetError: if the set is not on this machine.
    """
    table = pictures(name, "all", side=SIDE)
    kept = fewer(table)
    grey = table.pixels.view(-1, table.channels, SIDE**2).float().mean(1)[kept].round().byte()
    counts = table.counts.clamp(max=MOST_ITEMS)
    whole = PictureTable(grey, counts, table.names, SIDE)
    if name == "quickdraw":
        return Domain(name, whole.rotated())
    if name != "gtsrb":
        return Domain(name, whole)
    boxes = _resized(box_masks(sign_boxes(), SIGN_SIDE)[kept].float()) > 0.5
    return Domain(name, whole, PictureTable(255 * boxes.byte(), counts, table.names, SIDE))


def _unmarked(table: PictureTable) -> PictureTable:
    """Leave out letters that are another letter with a mark."""
    plain = [row for row, letter in enumerate(table.names) if not decomposition(letter)]
    return table.classes(plain)


def _drawn(name: str, x: Pixels, mask: Bool[Tensor, "..."] | None, names: Sequence[str]) -> Domain:
    counts, written_names = torch.full((len(x),), x.shape[1]), tuple(names)

    def table(pixels: Tensor) -> PictureTable:
        return PictureTable(pixels.flatten(0, 1), counts, written_names, SIDE)

    shown = table((255 * x).round().byte())
    return Domain(name, shown, None if mask is None else table(255 * mask.byte()))


def _resized(x: Float[Tensor, "*batch pixel"]) -> Float[Tensor, "*batch smaller"]:
    squares = x.reshape(-1, 1, SIGN_SIDE, SIGN_SIDE)
    small = interpolate(squares, (SIDE, SIDE), mode="bilinear", align_corners=False, antialias=True)
    return small.reshape(*x.shape[:-1], SIDE**2).clamp(0, 1)


MADE: Mapping[str, Callable[[], Domain]] = {
    "letters": letters,
    "digits": digits,
    "accents": accents,
    "signs": signs,
    "scenes": scenes,
}
FOUND: Mapping[str, Callable[[], Domain]] = {
    name: (lambda name=name: real(name))
    for name in ("omniglot", "quickdraw", "caltech101", "gtsrb")
}
