r"""How alike are two coalitions? A kernel with one relevance for each column.

Two coalitions z and z' are rows of 0 and 1. Their likeness is

$$g(z, z') = \exp \sum_i r_i (z_i - \theta)(z'_i - \theta),$$

so a column on which they agree adds to it, the more, the larger its relevance $r_i$. With the
anchor $\theta$ at 0 only known columns count, at 1/2 known and unknown ones alike. A value u is
measured from the empty coalition, so its covariance is $g(z,z') - g(z,0) - g(0,z') + g(0,0)$. The
kernel is a sum of a few of these, with scales of their own, and of a linear part
$\sum_i r_i z_i z'_i$.

g is a product over columns, so its Shapley value needs no sum over $2^n$ coalitions. A column that
is known with chance t, like all others, makes column i add

$$\int_0^1 (f_i(1) - f_i(0)) \prod_{j \ne i} \big( (1-t) f_j(0) + t f_j(1) \big) \, dt,$$

where $f_j$ is the factor of column j. The integrand is a polynomial in t of degree n - 1, which
Gauss-Legendre nodes integrate without error. Source: Owen (1972), for the integral; Rasmussen &
Williams (2006), section 5.1, for relevances. Chapter: book/local/travelling_explainer.ipynb.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.explainers.coalition_posterior import Joint


@dataclass(frozen=True)
class CoalitionKernel:
    """A covariance of the values of coalitions, for each of a batch of models.

    Args:
        relevance: of each column; positive.
        linear: weight of the linear part.
        weights: of the other parts; each has variance `weights` where all columns are known.
        scales: what the relevances are multiplied by in each part.
        anchors: theta of each part.
    """

    relevance: Float[Tensor, "*batch feature"]
    linear: Float[Tensor, "*batch"]
    weights: Float[Tensor, " part"]
    scales: Float[Tensor, " part"]
    anchors: Float[Tensor, " part"]

    def joint(
        self, masks: Float[Tensor, "query feature"], noise: float | Float[Tensor, ""]
    ) -> Joint:
        """Return how the values of these coalitions and the Shapley values go together."""
        towards, shares = self._linear_part[..., :, None] * masks.T, self._linear_part
        for weight, part in self._parts():
            towards = towards + weight * part.towards(masks)
            shares = shares + weight * part.shares()
        return Joint(self.asked(masks), towards, shares, noise)

    def asked(self, masks: Float[Tensor, "query feature"]) -> Float[Tensor, "*batch query query"]:
        """Return the covariance of the values of these coalitions."""
        found = (masks * self._linear_part[..., None, :]) @ masks.T
        for weight, part in self._parts():
            found = found + weight * part.asked(masks)
        return found

    @property
    def _linear_part(self) -> Float[Tensor, "*batch feature"]:
        share = self.relevance / self.relevance.mean(-1, keepdim=True)
        return share * self.linear[..., None]

    def _parts(self) -> "Iterator[tuple[Tensor, _Part]]":
        for weight, scale, anchor in zip(self.weights, self.scales, self.anchors, strict=True):
            yield weight, _Part((self.relevance * scale).clamp(max=12.0), anchor)


@dataclass(frozen=True)
class _Part:
    """One product kernel, measured from the empty coalition, of variance 1 where all is known."""

    relevance: Float[Tensor, "*batch feature"]
    anchor: Float[Tensor, ""]

    def asked(self, masks: Float[Tensor, "query feature"]) -> Float[Tensor, "*batch query query"]:
        moved = masks - self.anchor
        bent = moved * self.relevance[..., None, :]
        empty = torch.exp(-self.anchor * bent.sum(-1))
        whole = torch.exp(bent @ moved.T)
        found = whole - empty[..., :, None] - empty[..., None, :] + self._none()[..., None, None]
        return found / self._variance()[..., None, None]

    def towards(
        self, masks: Float[Tensor, "query feature"]
    ) -> Float[Tensor, "*batch feature query"]:
        known, empty = self._shapley(masks), self._shapley(torch.zeros_like(masks[:1]))
        return (known - empty) / self._variance()[..., None, None]

    def shares(self) -> Float[Tensor, "*batch feature"]:
        """Return the variance of each Shapley value: the integral twice, once for each side."""
        t, w = _nodes(self.relevance)
        both, one = t[:, None] * t, t[:, None] * (1 - t) + (1 - t[:, None]) * t
        none = (1 - t[:, None]) * (1 - t)
        f00, f01, f11 = (f[..., None, None, :] for f in self._factors())
        each = none[..., None] * f00 + one[..., None] * f01 + both[..., None] * f11
        others = torch.exp(each.log().sum(-1, keepdim=True) - each.log())
        found = (w[:, None, None] * w[:, None] * others).sum((-3, -2)) * (f11 - 2 * f01 + f00)[
            ..., 0, 0, :
        ]
        return found / self._variance()[..., None]

    def _shapley(
        self, masks: Float[Tensor, "query feature"]
    ) -> Float[Tensor, "*batch feature query"]:
        t, w = _nodes(self.relevance)
        bent = (masks - self.anchor) * self.relevance[..., None, :]
        zero, one = torch.exp(-self.anchor * bent), torch.exp((1 - self.anchor) * bent)
        mixed = (
            zero[..., None, :, :] * (1 - t)[:, None, None] + one[..., None, :, :] * t[:, None, None]
        )
        others = torch.exp(mixed.log().sum(-1, keepdim=True) - mixed.log())
        return ((w[:, None, None] * others).sum(-3) * (one - zero)).mT

    def _factors(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return the factor of each column where neither, one, or both coalitions know it."""
        r, a = self.relevance, self.anchor
        return torch.exp(r * a**2), torch.exp(-r * a * (1 - a)), torch.exp(r * (1 - a) ** 2)

    def _none(self) -> Float[Tensor, "*batch"]:
        return torch.exp(self.anchor**2 * self.relevance.sum(-1))

    def _variance(self) -> Float[Tensor, "*batch"]:
        f00, f01, f11 = (f.log().sum(-1).exp() for f in self._factors())
        return f11 - 2 * f01 + f00


def _nodes(like: Float[Tensor, "*batch feature"]) -> tuple[Tensor, Tensor]:
    """Return nodes and weights on 0 to 1 that integrate polynomials of degree n - 1 exactly."""
    t, w = np.polynomial.legendre.leggauss((like.shape[-1] + 1) // 2)
    return torch.tensor((t + 1) / 2).to(like), torch.tensor(w / 2).to(like)
