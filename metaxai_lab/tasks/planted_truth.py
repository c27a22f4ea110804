"""A function of weights and products of pairs, and its Shapley values in closed form.

A column that is absent takes the values of a background. A weight then gives its column what the
column adds over the background's mean, and a product shares what it adds over both orders in which
its two columns can arrive; so no coalition need be visited. Source: Shapley (1953); for the game
with a background, Lundberg & Lee (2017), section 4.1, and Janzing, Minorics & Blöbaum (2020),
section 3. Chapter: book/concepts/why_explain.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution


@dataclass(frozen=True)
class Moments:
    """What a background hands to a function of pairs: two averages over its rows.

    Args:
        mean: of each column.
        second: of each product of two columns.
    """

    mean: Float[Tensor, "*any feature"]
    second: Float[Tensor, "*any feature feature"]

    @classmethod
    def of(cls, rows: Float[Tensor, "*any row feature"]) -> "Moments":
        """Return the averages over `rows`."""
        return cls(rows.mean(-2), rows.mT @ rows / rows.shape[-2])


@dataclass(frozen=True)
class PairwiseFunction:
    """f(x) = bias + sum of weights_i x_i + sum over pairs of products_ij x_i x_j.

    Args:
        products: symmetric with zeros on the diagonal; entry (i, j) acts on x_i x_j once.
    """

    weights: Float[Tensor, "*tasks feature"]
    products: Float[Tensor, "*tasks feature feature"]
    bias: Float[Tensor, "*tasks"]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row"]:
        """Return f of each row."""
        at = self.like(x)
        pulls = at.weights[..., None, :] + x @ at.products / 2
        return at.bias[..., None] + (x * pulls).sum(-1)

    def like(self, x: Tensor) -> "PairwiseFunction":
        """Return the same function in the number type and on the device of `x`."""
        return PairwiseFunction(self.weights.to(x), self.products.to(x), self.bias.to(x))

    def mean(self, background: Moments) -> Float[Tensor, "*tasks"]:
        """Return the average of f over the background."""
        linear = (self.weights * background.mean).sum(-1)
        return self.bias + linear + (self.products * background.second).sum((-2, -1)) / 2

    def gaussian_variance(
        self, covariance: Float[Tensor, "feature feature"]
    ) -> Float[Tensor, "*tasks"]:
        """Return the variance of f over Gaussian rows of mean 0 (Isserlis, 1918)."""
        spread = self.products @ covariance
        linear = torch.einsum("...i,ij,...j->...", self.weights, covariance, self.weights)
        return linear + (spread * spread.mT).sum((-2, -1)) / 2


def pairwise_shapley(
    f: PairwiseFunction, x: Float[Tensor, "*tasks row feature"], background: Moments, *, unit: str
) -> Attribution:
    """Return the exact Shapley values of v(S) = mean over b of f(x in S, b elsewhere).

    Each product shares its interaction half and half; the values add up to f less its mean over
    the background.
    """
    f, mean = f.like(x), background.mean.to(x)[..., None, :]
    second = background.second.to(x)
    met_by_background = (mean @ f.products).expand_as(x) * x
    met_by_row = (x @ f.products) * (x - mean)
    apart = (f.products * second).sum(-1)[..., None, :]
    values = (x - mean) * f.weights[..., None, :] + (met_by_row + met_by_background - apart) / 2
    reference = f.mean(Moments(mean[..., 0, :], second))
    output = f(x)
    return Attribution(values, x, output, reference[..., None].expand_as(output), unit=unit)
