"""Repair by explanation: train on, and punish reasons that lie where somebody said they may not.

Reasons are slope times ink of the lead, how far a model's answer stands above its other outputs.
Source: Ross, Hughes & Doshi-Velez (2017), who punish squared slopes of the summed log-probability;
we punish their share, so that becoming less sure of everything helps nobody.
Chapter: book/attention/repair_and_deploy.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Generator, Tensor, nn

from metaxai_lab.core import AttendingModel, Episode, MetaLearner, Model

L = TypeVar("L", bound=nn.Module)
Penalty = Callable[
    [Model, Float[Tensor, "*tasks row pixel"], Bool[Tensor, "*tasks row pixel"]], Tensor
]
FEW = 4  # marked pictures in a step


@dataclass(frozen=True)
class Marked:
    """Pictures in which somebody marked what may not count; they need no label.

    Raises:
        ValueError: if pictures and marks differ in shape, or nothing is marked.
    """

    x: Float[Tensor, "row pixel"]
    forbidden: Bool[Tensor, "row pixel"]

    def __post_init__(self) -> None:
        if self.x.shape != self.forbidden.shape:
            raise ValueError(
                f"marks need the shape {tuple(self.x.shape)} of the pictures; found "
                f"{tuple(self.forbidden.shape)}."
            )
        if not bool(self.forbidden.any()):
            raise ValueError("a repair needs a marked pixel; nothing is marked in any picture.")


def lead(outputs: Float[Tensor, "*batch class"]) -> Float[Tensor, "*batch"]:
    """Return how far the answer stands above the mean of all outputs; log(n_way) if all agree."""
    return outputs.logsumexp(-1) - outputs.mean(-1)


def reasons(
    model: Model, x: Float[Tensor, "*tasks row pixel"], *, trainable: bool = False
) -> Float[Tensor, "*tasks row pixel"]:
    """Return slope times value of the lead for each pixel.

    Args:
        trainable: whether a gradient can go through the reasons.
    """
    asked = x.detach().requires_grad_()
    with torch.enable_grad():
        told = lead(model(asked)).sum()
        (slope,) = torch.autograd.grad(told, asked, create_graph=trainable)
    return slope * x


def share(
    sizes: Float[Tensor, "*tasks row pixel"], where: Bool[Tensor, "*tasks row pixel"]
) -> Float[Tensor, "*tasks row"]:
    """Return what part of the sizes of a row lies where it is marked; 0 where all are 0."""
    return (sizes * where).sum(-1) / sizes.sum(-1).clamp_min(1e-12)


def reason_penalty(
    model: Model,
    x: Float[Tensor, "*tasks row pixel"],
    forbidden: Bool[Tensor, "*tasks row pixel"],
) -> Float[Tensor, ""]:
    """Return the mean share of the reasons that lies where they may not."""
    return share(reasons(model, x, trainable=True).abs(), forbidden).mean()


def attention_penalty(
    model: Model,
    x: Float[Tensor, "*tasks row pixel"],
    forbidden: Bool[Tensor, "*tasks row pixel"],
) -> Float[Tensor, ""]:
    """Return the mean of -log of the attention on cells without a marked pixel, in nats.

    Raises:
        TypeError: if the model has no attention.
    """
    if not isinstance(model, AttendingModel):
        raise TypeError(f"{type(model).__name__} has no attention to punish: use reason_penalty.")
    weights = model.attention(x)
    side, cells = round(x.shape[-1] ** 0.5), weights.shape[-1]
    marked = forbidden.reshape(-1, 1, side, side).to(x)
    free = F.max_pool2d(marked, side // cells).reshape(weights.shape) == 0
    return -(weights * free).sum((-1, -2)).clamp_min(1e-12).log().mean()


def guided_loss(
    marked: Marked,
    *,
    strength: float = 5.0,
    penalty: Penalty = reason_penalty,
    generator: Generator,
) -> Callable[[MetaLearner, Episode], Float[Tensor, ""]]:
    """Return a loss for `meta_train`: of the answers, plus `strength` times the penalty.

    A few marked pictures are drawn for each step and shown to the models of its tasks, whatever
    these are about: what is marked may count in none of them.
    """

    def loss(learner: MetaLearner, episode: Episode) -> Float[Tensor, ""]:
        model = learner.adapt(episode.support)
        outputs = model(episode.query.x)
        wrong = F.cross_entropy(outputs.flatten(0, -2), episode.query.y.flatten())
        if not strength:
            return wrong
        rows = torch.randperm(len(marked.x), generator=generator)[:FEW]
        tasks = episode.query.x.shape[:-2]
        x, forbidden = (
            part[rows].to(episode.query.x.device).expand(*tasks, -1, -1)
            for part in (marked.x, marked.forbidden)
        )
        return wrong + strength * penalty(model, x, forbidden)

    return loss
