"""Prototypes: the mean row of each class, and how far rows are from it.

Snell, Swersky & Zemel (2017), equations 1 and 2. Chapter: book/attention/from_equations.ipynb.
"""

import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


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
