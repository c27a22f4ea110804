"""Every picture serves once as the only one of its class that is known: no part of a batch is idle.

An episode with one support picture and three to judge asks three questions of each class. Let each
of the four be the support in turn, and the same pictures, embedded once, ask twelve. The embedding
is nearly all of a step's work, so the questions come for nothing. One-shot loss: Snell, Swersky &
Zemel (2017), section 2; all pairs of a batch: Laenen & Bertinetto (2021).
Chapter: book/concepts/three_families.ipynb.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.core import Episode
from metaxai_lab.learners.protonet import ProtoNet


def all_shot_loss(learner: ProtoNet, episode: Episode) -> Float[Tensor, ""]:
    """Return the mean one-shot loss over all choices of the support, in nats.

    What is support and what is query in `episode` does not matter.

    Raises:
        ValueError: if classes differ in how many rows they have, or have only one.
    """
    x = torch.cat([episode.support.x, episode.query.x], -2)
    y = torch.cat([episode.support.y, episode.query.y], -1)
    z = learner.embed(x.flatten(0, -2)).view(*y.shape, -1)
    return mean_one_shot_loss(by_class(z, y), learner.sharpness)


def by_class(
    z: Float[Tensor, "*tasks row dim"], y: Int[Tensor, "*tasks row"]
) -> Float[Tensor, "*tasks class picture dim"]:
    """Stand rows class by class, those of a class in the order they came in.

    Raises:
        ValueError: if classes differ in how many rows they have, or have only one.
    """
    labels, order = y.sort(dim=-1, stable=True)
    n_classes, n_rows = int(y.max()) + 1, y.shape[-1]
    even = torch.arange(n_classes, device=y.device).repeat_interleave(n_rows // n_classes)
    if n_rows < 2 * n_classes or n_rows % n_classes or not bool((labels == even).all()):
        raise ValueError(
            f"all_shot_loss needs as many rows of each class from 0 to {n_classes - 1}, support "
            f"and query together, and two at least; found {n_rows} rows that do not fall so. "
            "Draw as many for every class."
        )
    return z.take_along_dim(order.unsqueeze(-1), -2).unflatten(-2, (n_classes, -1))


def mean_one_shot_loss(
    z: Float[Tensor, "*tasks class picture dim"], sharpness: Tensor | float = 1.0
) -> Float[Tensor, ""]:
    """Return the cross entropy of each picture, given picture j of each class, over all j but it.

    The log-odds of a class are minus `sharpness` times the squared distance to its picture j.
    """
    n_classes, n_pictures = z.shape[-3:-1]
    outputs = -sharpness * _distances_within(z.flatten(-3, -2))
    outputs = outputs.unflatten(-1, (n_classes, n_pictures))  # row, class, support picture
    of_class = outputs.log_softmax(-2).unflatten(-3, (n_classes, n_pictures))
    right = of_class.diagonal(dim1=-4, dim2=-2)  # picture, support picture, class
    other = ~torch.eye(n_pictures, dtype=torch.bool, device=z.device)
    return -right[..., other, :].mean()


def _distances_within(z: Float[Tensor, "*tasks row dim"]) -> Float[Tensor, "*tasks row other_row"]:
    """Return |a - b|^2 for each pair, by one matrix product; in 32 bits under bf16 too."""
    with torch.autocast(z.device.type, enabled=False):
        z = z.to(torch.promote_types(z.dtype, torch.float32))
        z = z - z.mean(-2, keepdim=True)  # small numbers lose less in the difference below
        lengths = z.square().sum(-1)
        return lengths.unsqueeze(-1) + lengths.unsqueeze(-2) - 2 * z @ z.mT
