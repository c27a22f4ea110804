"""Shapley values where known columns tell of the unknown: the conditional value function.

A marginal game fills unknown columns from the background, whatever the known ones are, as if they
had been set from outside. A conditional game asks what the unknown columns would be, *seen* the
known ones. For columns that are jointly normal that is exact: each background row is moved by the
regression of the unknown columns on the known, and so becomes a draw given what is known
(Matheron's rule). A linear model needs one background row, the mean. Sources: Aas, Jullum & Løland
(2021) for conditional values; Janzing, Minorics & Blöbaum (2020) for the marginal ones.
Chapter: book/outlook/causes_and_logic.ipynb.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.answers import answered
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.exact import shapley_of
from metaxai_lab.explainers.output import chosen


def conditional_shapley(
    model: Model,
    rows: Float[Tensor, "*tasks row feature"],
    *,
    background: Float[Tensor, "*tasks background column"],
    covariance: Float[Tensor, "*tasks n n"],
    target: int = 0,
    unit: str = "output",
) -> Attribution:
    """Return the Shapley value of each column, from all 2^n coalitions of a conditional game.

    Args:
        background: draws of the columns, or their mean alone where the model is linear.
        covariance: of the columns.

    Raises:
        ModelFailedError: if the model fails.
        ValueError: if the covariance does not fit the columns, or is not positive definite.
    """
    n = rows.shape[-1]
    if covariance.shape[-2:] != (n, n) or background.shape[-1] != n:
        raise ValueError(
            f"rows of {n} columns need a covariance of {n} x {n} and a background of {n} columns; "
            f"found {tuple(covariance.shape)} and {tuple(background.shape)}."
        )
    shift = given_known(covariance, all_coalitions(n, device=rows.device))
    away = rows[..., :, None, :] - background[..., None, :, :]  # row, background, feature
    moved = torch.einsum("...rbk,...ckj->...rcbj", away, shift)
    asked = background[..., None, None, :, :] + moved
    outputs = answered(model, asked.flatten(-4, -2))
    values = chosen(outputs, target).reshape(asked.shape[:-1]).mean(-1)
    return Attribution(shapley_of(values), rows, values[..., -1], values[..., 0], unit=unit)


def given_known(
    covariance: Float[Tensor, "*tasks feature feature"], masks: Bool[Tensor, "coalition feature"]
) -> Float[Tensor, "*tasks coalition feature feature"]:
    """Return how far each column moves (last axis) per unit of each known one, by coalition.

    A known column moves by itself alone; nothing moves by an unknown one.

    Raises:
        ValueError: if the covariance is not positive definite.
    """
    if bool((torch.linalg.eigvalsh(covariance) <= 0).any()):
        raise ValueError(
            "the covariance is not positive definite: some column follows from the others. Leave "
            "it out, or add a little noise."
        )
    known = masks.to(covariance.dtype)
    both = known[:, :, None] * known[:, None, :]
    wide = covariance[..., None, :, :]
    among = wide * both + torch.diag_embed(1 - known)
    return torch.linalg.solve(among, wide * known[:, :, None])
