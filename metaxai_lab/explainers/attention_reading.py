"""Reading the attention: where the model looked is offered as the explanation of what it said.

It costs nothing and needs no gradient. Whether it explains is for the judges to say. Source: Xu et
al. (2015), section 5.4, for attention drawn over a picture; Jain & Wallace (2019) for the doubt.
Chapter: book/attention/from_equations.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import AttendingModel, Attribution, Model
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import absent, explained
from metaxai_lab.learners.pictures import picture_side


def read_attention(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    baseline: Float[Tensor, " feature"] | None = None,
    channels: int = 1,
) -> Attribution:
    """Give each pixel its part of the attention of the cell it lies in.

    The values are shares of attention: positive, adding up to 1 in each row, the same for every
    target, and no parts of the output, so `gap` says nothing about them.

    Args:
        target: an output column, or one for each row; it moves `output` and `reference` alone.
        baseline: the row that means "nothing is there", for `reference`; blank where it is None.
        channels: of the pictures, 3 where they have colours.

    Raises:
        TypeError: if the model has no attention to read.
        ValueError: if the cells do not tile the picture, or `target` is not an output column.
    """
    if not isinstance(model, AttendingModel):
        raise TypeError(
            "read_attention needs a model with a method attention(x), such as an attentive learner "
            f"adapts to; {type(model).__name__} has none. Use occlusion or integrated_gradients."
        )
    output = explained(model, target)
    with torch.no_grad():
        return Attribution(
            values=spread(model.attention(x), x.shape[-1], channels),
            inputs=x,
            output=output(x),
            reference=output(absent(x, baseline).expand_as(x)),
            unit="share of attention",
        )


def spread(
    weights: Float[Tensor, "*batch height width"], n_pixels: int, channels: int = 1
) -> Float[Tensor, "*batch pixel"]:
    """Share the weight of each cell evenly among its pixels, and their colours; the sum stays.

    Args:
        n_pixels: columns of a row: channels x side x side.

    Raises:
        ValueError: if height and width do not divide the side of the picture.
    """
    side, (height, width) = picture_side(n_pixels, channels), weights.shape[-2:]
    if side % height or side % width:
        raise ValueError(
            f"cells must tile the picture: {height} x {width} cells do not divide {side} x {side} "
            "pixels."
        )
    down, across = side // height, side // width
    pixels = weights.repeat_interleave(down, -2).repeat_interleave(across, -1)
    row = pixels.flatten(-2) / (down * across * channels)
    return torch.cat([row] * channels, -1)
