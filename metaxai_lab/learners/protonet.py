"""Prototypical networks: a class is the mean of its support rows, seen through one embedding.

Snell, Swersky & Zemel (2017), section 2. Chapter: book/attention/from_equations.ipynb.
"""

from math import inf, log

import torch
from torch import Tensor, nn

from metaxai_lab.core import Examples, Model
from metaxai_lab.learners.pictures import ConvEncoder
from metaxai_lab.learners.prototypes import class_means, squared_distances


class ProtoNet(nn.Module):
    """Classifies a row by its squared distance to the mean embedding of each class.

    Args:
        embed: rows (*tasks, row, feature) to embeddings (*tasks, row, dim); a `ConvEncoder` of
            28 x 28 pictures where it is None.
        sharpness: what distances are multiplied by before training, which then learns it. A
            sharper model is surer of itself. Where it is None, distances stay as they are.

    Raises:
        ValueError: if `sharpness` is not positive.
    """

    log_sharpness: nn.Parameter | None

    def __init__(self, embed: nn.Module | None = None, *, sharpness: float | None = None) -> None:
        super().__init__()
        self.embed = ConvEncoder() if embed is None else embed
        if sharpness is not None and not 0 < sharpness < inf:
            raise ValueError(f"sharpness is positive, or None for fixed 1; found {sharpness}.")
        learned = None if sharpness is None else nn.Parameter(torch.tensor(log(sharpness)))
        self.register_parameter("log_sharpness", learned)

    @property
    def sharpness(self) -> Tensor | float:
        """What distances are multiplied by."""
        return 1.0 if self.log_sharpness is None else self.log_sharpness.exp()

    def adapt(self, support: Examples) -> Model:
        """Return the model of one task, or of a stacked batch of them.

        Under batch normalisation in training mode an answer depends on the other rows. Such a model
        is for the steps of training, where gradients flow.

        Raises:
            RuntimeError: by the model, if it is asked without gradients all the same.
            ValueError: if a class between 0 and the largest has no support row in some task.
        """
        prototypes = class_means(self.embed(support.x), support.y)
        mixed = _mixes_rows(self.embed)

        def model(x: Tensor) -> Tensor:
            if not torch.is_grad_enabled() and (mixed or _mixes_rows(self.embed)):
                raise RuntimeError(
                    "ProtoNet is, or was when it adapted, in training mode, where batch "
                    "normalisation makes an answer depend on the other rows. To explain or to "
                    "judge a row alone, call eval() on the learner, then adapt again."
                )
            return -self.sharpness * squared_distances(self.embed(x), prototypes)

        return model


def _mixes_rows(embed: nn.Module) -> bool:
    norms = (nn.BatchNorm1d, nn.BatchNorm2d)
    return any(isinstance(part, norms) and part.training for part in embed.modules())
