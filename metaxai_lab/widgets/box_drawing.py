"""Draw boxes on pictures: the reader marks what may not count, and Python reads the marks.

Drawing works in the static page too, by pointer and from the keyboard; only what Python makes of
the boxes needs a kernel, and the widget says so. Chapter: book/attention/repair_and_deploy.ipynb.
"""

from collections.abc import Iterable, Sequence

import anywidget
import torch
import traitlets
from jaxtyping import Bool
from torch import Tensor

from metaxai_lab.widgets.panels import Pictures, encode, module, pixels, stylesheet

Box = Sequence[int]  # picture, left, top, width, height; pictures and pixels count from 0


class BoxDrawing(anywidget.AnyWidget):
    """Square pictures side by side, to draw boxes on.

    Args:
        pictures: a stack, as `encode` takes it.
        side: of the rows that the boxes mark, in pixels; a drawn picture may be a multiple of it.
        boxes: those drawn before the reader begins.

    Raises:
        ValueError: if pictures are not square, or a box lies outside of all pictures.
    """

    _esm = module("box_drawing.js")
    _css = stylesheet()
    pictures = traitlets.List(traitlets.Dict()).tag(sync=True)
    side = traitlets.Int().tag(sync=True)
    boxes = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)

    def __init__(self, pictures: Pictures, *, side: int, boxes: Iterable[Box] = ()) -> None:
        drawn = encode("boxes", pictures)
        for png in drawn:
            height, width, _ = pixels(png).shape
            if height != width or height % side:
                raise ValueError(
                    f"boxes are drawn on squares whose side is a multiple of {side} pixels; found "
                    f"a picture of {width} x {height}."
                )
        shown = [{"title": f"picture {n}", "frames": [png]} for n, png in enumerate(drawn)]
        super().__init__(pictures=shown, side=side, boxes=[list(box) for box in boxes])

    @traitlets.validate("boxes")
    def _inside(self, proposal: dict) -> list[list[int]]:
        return [clipped(box, len(self.pictures), self.side) for box in proposal["value"]]

    def marks(self) -> Bool[Tensor, "picture pixel"]:
        """Return the pixels of each picture that lie in a box."""
        marked = torch.zeros(len(self.pictures), self.side, self.side, dtype=torch.bool)
        for picture, left, top, width, height in self.boxes:
            marked[picture, top : top + height, left : left + width] = True
        return marked.flatten(1)

    def __repr__(self) -> str:
        """Say what is drawn on, the same on every machine."""
        boxes = "1 box" if len(self.boxes) == 1 else f"{len(self.boxes)} boxes"
        return f"BoxDrawing on {len(self.pictures)} pictures: {boxes}"


def clipped(box: Box, n_pictures: int, side: int) -> list[int]:
    """Cut a box to its picture.

    Raises:
        ValueError: if it has not five numbers, names no picture, or nothing of it is inside.
    """
    if len(box) != 5:
        raise ValueError(f"a box is [picture, left, top, width, height]; found {list(box)}.")
    picture, left, top, width, height = box
    if not 0 <= picture < n_pictures:
        raise ValueError(f"the pictures are 0 to {n_pictures - 1}; the box names {picture}.")
    right, bottom = min(left + width, side), min(top + height, side)
    left, top = max(left, 0), max(top, 0)
    if right <= left or bottom <= top:
        raise ValueError(
            f"the box {list(box)} lies outside its picture of {side} x {side} pixels. Left and top "
            f"go from 0 to {side - 1}; width and height are at least 1."
        )
    return [picture, left, top, right - left, bottom - top]
