"""Occlusion: blank a square of the picture and see how much of the output goes with it.

Captum does the work. Source: Zeiler & Fergus (2014), section 4.2.
Chapter: book/attention/from_equations.ipynb.
"""

import torch
from captum.attr import Occlusion
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import absent, explained, in_one_batch
from metaxai_lab.learners.pictures import picture_side


def occlusion(
    model: Model,
    x: Float[Tensor, "*tasks row pixel"],
    *,
    target: Target,
    window: int = 4,
    stride: int | None = None,
    baseline: Float[Tensor, " pixel"] | None = None,
    at_once: int = 16,
    channels: int = 1,
) -> Attribution:
    """Give each pixel its part of what the output loses when its window is blanked, in log-odds.

    A window's loss is shared evenly by its pixels; a pixel under several windows takes their mean.
    For a linear model under windows that do not overlap, the values add up to the output less the
    reference; in general they need not.

    Args:
        target: an output column, or one for each row.
        window: side of the square that is blanked, in pixels.
        stride: pixels between windows; `window` where it is None, so that they do not overlap.
        baseline: the row a window is blanked with; zeros where it is None.
        at_once: windows in one call of the model.
        channels: of the pictures, 3 where they have colours; a window blanks all of them.

    Raises:
        ValueError: if the windows do not end where the picture does, `target` is not an output
            column, or the baseline has other columns.
    """
    side, step = picture_side(x.shape[-1], channels), window if stride is None else stride
    _refuse_windows(side, window, step)
    output, blank = explained(model, target), absent(x, baseline)
    in_rows = in_one_batch(model, target, x)
    squares = (-1, channels, side, side)
    lost = Occlusion(lambda pictures: in_rows(pictures.flatten(1))).attribute(
        x.reshape(squares),
        sliding_window_shapes=(channels, window, window),
        strides=(channels, step, step),
        baselines=blank.reshape(squares),
        perturbations_per_eval=at_once,
    )
    values = lost.reshape(x.shape).to(x.dtype) / (channels * window**2)
    with torch.no_grad():
        return Attribution(values, x, output(x), output(blank.expand_as(x)))


def _refuse_windows(side: int, window: int, stride: int) -> None:
    if not 1 <= stride <= window <= side:
        raise ValueError(
            f"occlusion needs 1 <= stride <= window <= {side}, the side of the picture; found "
            f"stride {stride} and window {window}."
        )
    if (side - window) % stride:
        raise ValueError(
            f"windows of {window} pixels every {stride} do not end where a picture of {side} does. "
            f"Choose them so that stride divides {side} - window."
        )
