"""BCCD: blood under a microscope, with a box round every cell.

Two copies are read: the lab's (320 x 240 pixels, boxes in one table) and the published archive
(640 x 480, a file of boxes for each picture), which is brought to the smaller size. The published
boxes name 4,888 cells; two of them are empty, left and right being the same, and are left out.
Chapter: book/attention/pictures.ipynb.
"""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from PIL import Image
from torch import Tensor

from metaxai_lab.tasks.archives import DamagedFileError, read_parts
from metaxai_lab.tasks.sources import find_set
from metaxai_lab.tasks.table_columns import expect

WIDTH, HEIGHT = 320, 240
KINDS = ("white", "platelet", "red")  # the rarer first; a crop goes by the first that it holds
WORDS = {"WBC": "white", "Platelets": "platelet", "RBC": "red"}
N_PICTURES, N_BOXES = 364, 4888
LARGEST = (640, 480)  # the published pictures
Row = tuple[str, str, float, float, float, float]  # picture, kind, left, top, right, bottom
_OBJECT = re.compile(r"<object>.*?<name>(\w+)</name>.*?</object>", re.DOTALL)
_SIDE = re.compile(r"<([xy]m(?:in|ax))>(\d+)<")
_SIDES = ("xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True)
class BloodCells:
    """Pictures of blood, and the cells in them.

    Args:
        pixels: brightness from 0 to 255, in order of the pictures' published numbers.
        picture: of each cell, the row of its picture.
        kind: of each cell, its place in `KINDS`.
        boxes: (left, top, right, bottom) of each cell, in pixels.
        n_empty: how many boxes were left out, for they hold nothing.
    """

    pixels: UInt8[Tensor, "picture channel height width"]
    picture: Int[Tensor, " cell"]
    kind: Int[Tensor, " cell"]
    boxes: Float[Tensor, "cell 4"]
    n_empty: int


def blood_cells(folder: Path | str | None = None) -> BloodCells:
    """Return all pictures and cells.

    Args:
        folder: where the set lies; else it is searched for as `find_set` says.

    Raises:
        DamagedFileError: if what lies there cannot be read or is not whole, or a box reaches beyond
            its picture.
        MissingSetError: if the set is not on this machine.
    """
    place = find_set("bccd", folder=folder)
    files = {PurePosixPath(p).name: f for p, f in read_parts(place, "BloodImage_*.jpg").items()}
    rows = _boxes(place)
    expect(
        "bccd", pictures=(len(files), N_PICTURES), boxes=(len(rows), N_BOXES), cells=_named(rows)
    )
    return cells_of(files, rows)


def cells_of(files: Mapping[str, bytes], rows: Iterable[Row]) -> BloodCells:
    """Decode pictures, and lay the boxes beside them; see `blood_cells`.

    Raises:
        DamagedFileError: if a file is no picture or larger than the published ones, or a box has
            no picture, reaches beyond it, has a side that is no number, or is of an unknown kind.
    """
    rows, names = list(rows), sorted(files)
    pixels = torch.stack([_pixels(name, files[name]) for name in names])
    numbers = {name: number for number, name in enumerate(names)}
    boxes = torch.tensor([row[2:] for row in rows], dtype=torch.float32).view(-1, 4)
    left, top, right, bottom = boxes.unbind(-1)
    outside = (left < 0) | (top < 0) | (right > WIDTH) | (bottom > HEIGHT)
    outside |= (left > right) | (top > bottom) | ~boxes.isfinite().all(-1)
    strange = [
        row
        for row, out in zip(rows, outside, strict=True)
        if out or row[0] not in numbers or row[1] not in WORDS
    ]
    if strange:
        raise DamagedFileError(
            f"a box of bccd holds {', '.join(WORDS)} and lies in a picture of {WIDTH} x {HEIGHT} "
            f"pixels that is there; found {strange[0]}. Nothing was changed. Put a whole copy in "
            "its place."
        )
    full = (left < right) & (top < bottom)
    picture = torch.tensor([numbers[row[0]] for row in rows], dtype=torch.int64)[full]
    kind = torch.tensor([KINDS.index(WORDS[row[1]]) for row in rows], dtype=torch.int64)[full]
    return BloodCells(pixels, picture, kind, boxes[full], int((~full).sum()))


def _named(rows: list[Row]) -> tuple[list[str], list[str]]:
    return sorted({row[1] for row in rows}), sorted(WORDS)


def _boxes(place: Path) -> list[Row]:
    tables = read_parts(place, "boxes.csv")
    try:
        if tables:
            return _of_table(next(iter(tables.values())).decode())
        written = read_parts(place, "BloodImage_*.xml").items()
        return [row for path, text in written for row in _of_xml(path, text.decode())]
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedFileError(
            f"the boxes of bccd in {place} cannot be read ({error}). Nothing was changed. Put a "
            "whole copy in its place."
        ) from error


def _of_table(text: str) -> list[Row]:
    return [_row(*line.split(",", 5)) for line in text.split()[1:]]


def _of_xml(path: str, text: str) -> list[Row]:
    """Read the boxes of one published file, which are twice as large."""
    name, rows = PurePosixPath(path).with_suffix(".jpg").name, []
    for found in _OBJECT.finditer(text):
        sides = dict(_SIDE.findall(found[0]))
        rows.append(_row(name, found[1], *(sides[side] for side in _SIDES), scale=0.5))
    return rows


def _row(
    name: str, kind: str, left: str, top: str, right: str, bottom: str, *, scale: float = 1.0
) -> Row:
    a, b, c, d = (scale * float(side) for side in (left, top, right, bottom))
    return name, kind, a, b, c, d


def _pixels(name: str, file: bytes) -> UInt8[Tensor, "channel height width"]:
    try:
        picture = Image.open(io.BytesIO(file))  # its size is known before it is decoded
        if picture.width > LARGEST[0] or picture.height > LARGEST[1]:
            raise ValueError(f"{picture.width} x {picture.height} pixels")
        picture = picture.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DamagedFileError(
            f"{name} of bccd is no picture of at most {LARGEST[0]} x {LARGEST[1]} pixels ({error})."
            " Nothing was changed. Put a whole copy in its place."
        ) from error
    if picture.size != (WIDTH, HEIGHT):
        picture = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(picture).transpose(2, 0, 1).copy())
