"""Boxes around what a picture shows, as masks of pixels: the truth that real sets can give.

A box is (left, top, right, bottom) in pixels; right and bottom are the first pixels outside.
Chapter: book/attention/pictures.ipynb.
"""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from metaxai_lab.tasks.picture_sets import last_frames
from metaxai_lab.tasks.sources import find_set


def box_masks(boxes: Int[Tensor, "*batch 4"], side: int) -> Bool[Tensor, "*batch pixel"]:
    """Mark the pixels inside each box, in pictures of this side.

    Raises:
        ValueError: if a box is empty, or reaches beyond the picture.
    """
    left, top, right, bottom = boxes.unbind(-1)
    wrong = (left < 0) | (top < 0) | (right > side) | (bottom > side)
    wrong |= (left >= right) | (top >= bottom)
    if bool(wrong.any()):
        raise ValueError(
            f"a box needs 0 <= left < right <= {side} and 0 <= top < bottom <= {side}, the side of "
            f"the picture; found {boxes[wrong][0].tolist()}. Scale it with the picture, or cut it."
        )
    places = torch.arange(side, device=boxes.device)
    across = (places >= left[..., None]) & (places < right[..., None])
    down = (places >= top[..., None]) & (places < bottom[..., None])
    return (down[..., :, None] & across[..., None, :]).flatten(-2)


def sign_boxes(folder: Path | str | None = None) -> Int[Tensor, "picture 4"]:
    """Return the box of each traffic sign, in the order of `pictures("gtsrb", "all")`.

    Raises:
        FileNotFoundError: if what is there is torchvision's copy, whose boxes are of other sizes.
        MissingSetError: if the set is not on this machine.
    """
    with np.load(find_set("gtsrb", folder=folder) / "gtsrb_32.npz", allow_pickle=False) as kept:
        labels, tracks, frames, boxes = (
            kept[name] for name in ("labels", "track", "frame", "roi_xyxy")
        )
    seen = list(zip(labels.tolist(), tracks.tolist(), frames.tolist(), strict=True))
    rows = np.array(last_frames(seen))
    rows = rows[np.argsort(labels[rows], kind="stable")]
    return torch.from_numpy(boxes[rows].astype(np.int64))
