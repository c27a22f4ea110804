"""Any set of labelled pictures becomes one resident table of bytes.

What is read: everything with a length whose item is a picture (PIL) and its class, as all sets of
torchvision are. Decoding is shared between threads, a batch of pictures each. Reduced with Lanczos'
filter, which weighs every pixel. Chapter: book/concepts/three_families.ipynb.
"""

import io
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Int, UInt8
from PIL import Image, ImageOps
from torch import Tensor

from metaxai_lab.tasks.picture_table import PictureTable

BATCH = 256  # pictures that a thread decodes before it asks for more
MODES = {1: "L", 3: "RGB"}
Prepare = Callable[[Image.Image], Image.Image]


@runtime_checkable
class LabelledPictures(Protocol):
    """What torchvision's sets are: item `i` is a picture and the number of its class."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...


@dataclass(frozen=True)
class EncodedPictures:
    """Pictures as they lie in files: PNG, JPEG and the like."""

    files: Sequence[bytes]
    labels: Sequence[int]

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[Image.Image, int]:
        return Image.open(io.BytesIO(self.files[index])), self.labels[index]


@dataclass(frozen=True)
class DecodedPictures:
    """Pictures that lie in one array: grey (picture, height, width), or with a colour axis last."""

    pixels: np.ndarray
    labels: Sequence[int]

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, index: int) -> tuple[Image.Image, int]:
        return Image.fromarray(self.pixels[index]), self.labels[index]


def table_from(
    dataset: LabelledPictures,
    side: int,
    *,
    channels: int = 3,
    names: Sequence[str] | None = None,
    prepare: Prepare | None = None,
) -> PictureTable:
    """Read a set of pictures into a table; classes without a picture are left out.

    Args:
        side: height and width that every picture is brought to.
        channels: 1 makes all pictures grey, 3 makes all coloured.
        names: a name for each class number; the set's own `classes` or the number where None.
        prepare: what is done to a picture first, as `centre_square`; a picture that is not square
            after it is squeezed.

    Raises:
        ValueError: if an item is not a picture and its class, or a class has no name.
    """
    pixels = torch.empty(len(dataset), channels * side**2, dtype=torch.uint8)
    labels = torch.empty(len(dataset), dtype=torch.int64)

    def read(rows: range) -> None:
        for row in rows:
            picture, label = _labelled(dataset[row], row)
            picture = picture if prepare is None else prepare(picture)
            pixels[row], labels[row] = _as_row(picture, side, channels), int(label)

    starts = range(0, len(dataset), BATCH)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda start: read(range(len(dataset))[start : start + BATCH]), starts))
    return by_class(pixels, labels, names or getattr(dataset, "classes", None), side, channels)


def by_class(
    pixels: UInt8[Tensor, "picture feature"],
    labels: Int[Tensor, " picture"],
    names: Sequence[str] | None,
    side: int,
    channels: int,
) -> PictureTable:
    """Order pictures by class, those of a class as they came; see `table_from`.

    Raises:
        ValueError: if a class has no name.
    """
    numbers, counts = labels.unique(return_counts=True)
    if (
        names is not None
        and len(labels)
        and not 0 <= int(numbers[0]) <= int(numbers[-1]) < len(names)
    ):
        raise ValueError(
            f"every class needs a name; {len(names)} names were given, and the classes go from "
            f"{int(numbers[0])} to {int(numbers[-1])}."
        )
    named = tuple(str(n) if names is None else str(names[n]) for n in numbers.tolist())
    pixels = pixels[labels.argsort(stable=True)] if labels.diff().lt(0).any() else pixels
    return PictureTable(pixels, counts, named, side, channels)


def centre_square(picture: Image.Image) -> Image.Image:
    """Cut the largest square out of the middle."""
    size = min(picture.size)
    left, top = (picture.width - size) // 2, (picture.height - size) // 2
    return picture.crop((left, top, left + size, top + size))


def ink_on_black(picture: Image.Image) -> Image.Image:
    """Turn dark ink on white paper into light ink on black."""
    return ImageOps.invert(picture.convert("L"))


def without_banner(picture: Image.Image) -> Image.Image:
    """Cut off the lowest 20 rows, where FGVC Aircraft's pictures say who took them."""
    return picture.crop((0, 0, picture.width, picture.height - 20))


def _labelled(item: Any, row: int) -> tuple[Image.Image, int]:
    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], Image.Image):
        return item
    raise ValueError(
        f"a set of pictures holds pairs of a PIL picture and its class; item {row} is "
        f"{type(item).__name__}. Leave out the transform of the set."
    )


def _as_row(picture: Image.Image, side: int, channels: int) -> UInt8[Tensor, " feature"]:
    picture = picture.convert(MODES[channels])
    if picture.size != (side, side):
        picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    square = np.array(picture).reshape(side, side, channels)
    return torch.from_numpy(square.transpose(2, 0, 1).reshape(-1))
