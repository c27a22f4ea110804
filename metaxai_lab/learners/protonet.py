"""Prototypical networks: a class is the mean of its support rows, seen through one embedding.

Snell, Swersky & Zemel (2017), section 2. Chapter: book/attention/from_equations.ipynb.
"""

import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from metaxai_lab.core import Examples, Model
from metaxai_lab.learners.pictures import ConvEncoder


class ProtoNet(nn.Module):
    """Classifies a row by its squared distance to the mean embedding of each class.

    Args:
        embed: rows (*tasks, row, feature) to embeddings (*tasks, row, dim); a `ConvEncoder` of
            28 x 28 pictures where it is None.
    """

    def __init__(self, embed: nn.Module | None = None) -> None:
        super().__init__()
        self.embed = ConvEncoder() if embed is None else embed

    def adapt(self, support: Examples) -> Model:
        """Return the model of one task, or of a stacked batch of them.

        Raises:
            ValueError: if a class between 0 and the largest has no support row in some task.
        """
        prototypes = class_means(self.embed(support.x), support.y)
        return lambda x: -squared_distances(self.embed(x), prototypes)


def class_means(
    z: Float[Tensor, "*tasks row dim"], y: Int[Tensor, "*tasks row"]
) -> Float[Tensor, "*tasks class dim"]:
    """Return the mean row of each class.

    Raises:
        ValueError: if a class between 0 and the largest has no row in some task.
    """
    member = F.one_hot(y).to(z.dtype)
    rows_of = member.sum(-2)
    if not bool((rows_of > 0).all()):
        short = sorted({int(c) for c in (rows_of == 0).nonzero()[:, -1]})
        raise ValueError(
            f"{rows_of.shape[-1]} classes need a support row each, in every task; some task has "
            f"none of class {', '.join(map(str, short))}. Number the classes from 0 without gaps."
        )
    return member.mT @ z / rows_of.unsqueeze(-1)


def squared_distances(
    z: Float[Tensor, "*tasks row dim"], to: Float[Tensor, "*tasks class dim"]
) -> Float[Tensor, "*tasks row class"]:
    """Return |z - to|^2 for each pair."""
    return (z.unsqueeze(-2) - to.unsqueeze(-3)).square().sum(-1)
