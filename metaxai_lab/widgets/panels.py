"""What both widgets show: panels, each a stack of PNG pictures made from arrays or from figures.

A picture is encoded once, without loss, so what the page shows can be compared with Python byte for
byte. Chapter: book/attention/from_equations.ipynb.
"""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, UInt8
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from metaxai_lab.widgets.colours import ink_frames

Stack: TypeAlias = (
    UInt8[np.ndarray, "frame height width 3"]
    | Float[np.ndarray, "frame height width"]
    | Float[Tensor, "frame height width"]
)
Pictures: TypeAlias = Stack | Figure | Sequence[Figure]
HERE = Path(__file__).parent


def module(name: str) -> str:
    """Return the ES module of a widget: what both share, then its own part."""
    return (HERE / "panel.js").read_text("utf8") + (HERE / name).read_text("utf8")


def stylesheet() -> str:
    """Return the style that both widgets share."""
    return (HERE / "widgets.css").read_text("utf8")


def encode(title: str, pictures: Pictures) -> list[bytes]:
    """Return one PNG file per picture.

    Args:
        title: names the panel in errors.
        pictures: coloured bytes as `colours` makes them, numbers in [0, 1] to be drawn as ink, or
            Matplotlib figures.

    Raises:
        ValueError: if there is no picture, or figures of one panel differ in size.
    """
    if isinstance(pictures, Figure):
        pictures = [pictures]
    if len(pictures) == 0:
        raise ValueError(f"a panel needs at least one picture; {title!r} has none.")
    if isinstance(pictures, Sequence):
        return _figures(title, pictures)
    coloured = pictures if pictures.ndim == 4 else ink_frames(pictures)
    return [_png(Image.fromarray(np.ascontiguousarray(picture))) for picture in coloured]


def pixels(png: bytes) -> UInt8[np.ndarray, "height width 3"]:
    """Return the red, green and blue bytes of a PNG file."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def checksum(shown: Sequence[bytes]) -> int:
    """Return the Adler-32 of the pixels of several PNG files: the page states the same number."""
    return zlib.adler32(b"".join(pixels(png).tobytes() for png in shown))


def _figures(title: str, figures: Sequence[Figure]) -> list[bytes]:
    drawn = []
    for figure in figures:
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=100, facecolor="white")
        drawn.append(Image.open(file).convert("RGB"))
    sizes = sorted({image.size for image in drawn})
    if len(sizes) > 1:
        raise ValueError(
            f"the figures of a panel need one size; {title!r} has {sizes} pixels. Give each the "
            "same figsize, and do not crop with bbox_inches."
        )
    return [_png(image) for image in drawn]


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, format="PNG", optimize=True)
    return file.getvalue()
