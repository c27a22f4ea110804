"""Grad-CAM: the map of contents, each channel weighed by how much it helps the answer on average.

What a cell holds counts where it helps; what hinders is cut off at zero. Captum does the work.
Source: Selvaraju et al. (2017), section 3. Chapter: book/attention/pictures.ipynb.
"""

from typing import Any

import torch
from captum.attr import LayerGradCam
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.attention_reading import spread
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import absent, explained, in_one_batch


def grad_cam(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    layer: nn.Module | None = None,
    baseline: Float[Tensor, " feature"] | None = None,
    channels: int = 1,
) -> Attribution:
    """Give each pixel its part of the Grad-CAM of the cell it lies in.

    The values are 0 or more, in no unit of the output, so `gap` says nothing about them.

    Args:
        target: an output column, or one for each row.
        layer: what gives the map (row, channel, height, width); where None, the map of contents of
            an attentive learner's model.
        baseline: the row that means "nothing is there", for `reference`; blank where it is None.
        channels: of the pictures, 3 where they have colours.

    Raises:
        TypeError: if no layer is given and the model has no map of contents.
        ValueError: if the cells do not tile the picture, or `target` is not an output column.
    """
    output, place = explained(model, target), _map_of(model) if layer is None else layer
    with torch.no_grad():
        said, reference = output(x), output(absent(x, baseline).expand_as(x))
    cam = LayerGradCam(in_one_batch(model, target, x), place)
    found: Any = cam.attribute(x.detach().flatten(0, -2), relu_attributions=True)
    values = spread(found.detach().squeeze(1), x.shape[-1], channels).view(x.shape)
    return Attribution(values, x, said, reference, unit="Grad-CAM")


def _map_of(model: Any) -> nn.Module:
    views = getattr(getattr(model, "learner", None), "views", None)
    place = getattr(views, "map", None)
    if not isinstance(place, nn.Module):
        raise TypeError(
            f"grad_cam needs the layer that gives a map; {type(model).__name__} names none. "
            "Give it as `layer`, a module whose output is (row, channel, height, width)."
        )
    return place
