"""From numbers to the colours a widget shows: ink, amounts, signed values, attention.

Okabe & Ito (2008) for colours that most eyes tell apart. All functions take stacks of pictures,
`(frame, height, width)`, and return red, green and blue bytes, `(frame, height, width, 3)`; the
scale of a stack is one for all its frames, so that frames can be compared.
Chapter: book/attention/from_equations.ipynb.
"""

from typing import TypeAlias

import matplotlib
import numpy as np
from jaxtyping import Float, UInt8
from matplotlib.colors import to_rgb
from torch import Tensor

from metaxai_lab.figures.palette import AMOUNTS, DOWN, UP

Values: TypeAlias = Float[Tensor, "frame height width"] | Float[np.ndarray, "frame height width"]
Weights: TypeAlias = Float[Tensor, "step row column"] | Float[np.ndarray, "step row column"]
Coloured: TypeAlias = UInt8[np.ndarray, "frame height width 3"]


def ink_frames(pictures: Values) -> Coloured:
    """Draw pictures as ink on paper: 0 is white, 1 is black; values beyond are clipped."""
    paper = 1 - np.clip(_finite("ink_frames", pictures), 0, 1)
    return _bytes(np.repeat(paper[..., None], 3, axis=-1))


def amount_frames(values: Values, *, highest: float | None = None) -> Coloured:
    """Draw amounts from 0 (dark blue) to `highest` (yellow) in cividis.

    Args:
        highest: the amount that is yellow; the largest of all frames if None.
    """
    share = _share(_finite("amount_frames", values), highest)
    return _bytes(matplotlib.colormaps[AMOUNTS](share)[..., :3])


def signed_frames(values: Values, *, highest: float | None = None) -> Coloured:
    """Draw signed values: blue pushes up, vermilion pushes down, white is 0.

    Args:
        highest: the size that has the full colour; the largest of all frames if None.
    """
    found = _finite("signed_frames", values)
    share = _share(np.abs(found), highest)[..., None]
    hue = np.where(found[..., None] > 0, to_rgb(UP), to_rgb(DOWN))
    return _bytes(1 - share * (1 - hue))


def attention_frames(
    pictures: Values, attention: Weights, *, highest: float | None = None
) -> UInt8[np.ndarray, "step height width 3"]:
    """Draw each picture as ink with its attention behind it: the yellower, the more.

    Args:
        pictures: ink in [0, 1]; one picture serves for all frames.
        attention: one weight per cell; a cell covers a rectangle of whole pixels.
        highest: the weight that is drawn strongest; the largest of all frames if None.

    Raises:
        ValueError: if cells do not tile a picture, or the stacks differ in frames.
    """
    drawn, weights = _finite("attention_frames", pictures), _finite("attention_frames", attention)
    (frames, height, width), (steps, rows, columns) = drawn.shape, weights.shape
    if height % rows or width % columns:
        raise ValueError(
            f"attention_frames needs cells that tile the picture; pictures are {height} x {width} "
            f"pixels and the attention has {rows} x {columns} cells. Resize one of them."
        )
    if frames not in (1, steps):
        raise ValueError(
            f"attention_frames needs one picture for all frames or one for each; "
            f"found {frames} pictures and {steps} attention maps."
        )
    cells = np.repeat(np.repeat(weights, height // rows, axis=1), width // columns, axis=2)
    share, inked = _share(cells, highest), np.clip(drawn, 0, 1)[..., None]
    behind = 1 - share[..., None] * (1 - matplotlib.colormaps[AMOUNTS](share)[..., :3])
    return _bytes(behind * (1 - inked))


def _finite(name: str, values: Values | Weights) -> Float[np.ndarray, "frame height width"]:
    found = values.detach().cpu().numpy() if isinstance(values, Tensor) else np.asarray(values)
    if not np.isfinite(found).all():
        frame = int(np.argwhere(~np.isfinite(found))[0, 0])
        raise ValueError(f"{name} draws finite numbers; frame {frame} holds NaN or infinity.")
    return found.astype(np.float64)


def _share(values: Float[np.ndarray, "..."], highest: float | None) -> Float[np.ndarray, "..."]:
    full = float(values.max()) if highest is None else highest
    return np.clip(values / full, 0, 1) if full > 0 else np.zeros_like(values)


def _bytes(share: Float[np.ndarray, "..."]) -> UInt8[np.ndarray, "..."]:
    return np.round(255 * share).astype(np.uint8)
