r"""A Gaussian process conditioned on a few answers: what it now thinks of every other row.

Rows $a$ and $b$ go together as

$$k(a, b) = \frac{1}{1 + d^2 / 2} + w \sum_j r_j^2 a_j b_j + c, \qquad
  d^2 = \sum_j r_j^2 (a_j - b_j)^2 ,$$

with a relevance $r_j$ for each column: a column of small relevance hardly moves two rows apart.
Source: Rasmussen & Williams (2006), sections 2.2 and 4.2 (rational quadratic), 5.1 (relevances).
Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Examples


@dataclass(frozen=True, eq=False)
class Kernel:
    """How rows go together, for one task or for a stack.

    Args:
        relevance: of each column.
        linear: weight of the plane.
        constant: variance of the level.
        noise: added to the variance of each answer.
    """

    relevance: Float[Tensor, "*tasks feature"]
    linear: Float[Tensor, "*scalar"]
    constant: Float[Tensor, "*scalar"]
    noise: Float[Tensor, "*scalar"]

    def __call__(
        self, a: Float[Tensor, "*tasks m feature"], b: Float[Tensor, "*tasks n feature"]
    ) -> Float[Tensor, "*tasks m n"]:
        """Return the covariance of the scores of rows `a` with those of rows `b`."""
        a, b = a * self.relevance[..., None, :], b * self.relevance[..., None, :]
        along = a @ b.mT
        near = along - a.square().sum(-1)[..., None] / 2 - b.square().sum(-1)[..., None, :] / 2
        curved = (1 - near.clamp(max=0)).reciprocal()  # `near` is - d^2 / 2
        level = curved + self.constant[..., None, None]
        return torch.addcmul(level, self.linear[..., None, None], along)

    def variance(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row"]:
        """Return the variance of the score of each row, before any answer."""
        along = (x * self.relevance[..., None, :]).square().sum(-1)
        return 1 + self.linear[..., None] * along + self.constant[..., None]


@dataclass(frozen=True, eq=False)
class Posterior:
    """What answers made of a Gaussian process: a Model, whose output is a score.

    Args:
        kernel: how rows go together.
        asked: the rows that were asked about, and their answers.
    """

    kernel: Kernel
    asked: Examples

    @cached_property
    def covariance(self) -> Float[Tensor, "*tasks asked asked"]:
        """Return how the answers go together, their noise included."""
        eye = torch.eye(self.asked.x.shape[-2]).to(self.asked.x)
        noise = self.kernel.noise[..., None, None] * eye
        return self.kernel(self.asked.x, self.asked.x) + noise

    @cached_property
    def root(self) -> Float[Tensor, "*tasks asked asked"]:
        """Return the Cholesky factor of the covariance of the answers."""
        return torch.linalg.cholesky(self.covariance)

    @cached_property
    def weights(self) -> Float[Tensor, "*tasks asked"]:
        """Return how much each asked row speaks in every prediction."""
        answers = self.asked.y.to(self.asked.x)[..., None]
        return torch.cholesky_solve(answers, self.root)[..., 0]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row 1"]:
        """Return the expected score of each row."""
        return self.kernel(x, self.asked.x) @ self.weights[..., None]

    def spread(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row"]:
        """Return the standard deviation of the score of each row."""
        towards = self.kernel(self.asked.x, x)
        half = torch.linalg.solve_triangular(self.root, towards, upper=False)
        left = (self.kernel.variance(x) - half.square().sum(-2)).clamp(min=1e-9)
        return (self.scale[..., None] * left).sqrt()

    @property
    def scale(self) -> Float[Tensor, "*tasks"]:
        """Return the variance that makes the answers likeliest: they may be in any unit."""
        answers = self.asked.y.to(self.weights)
        return (answers * self.weights).mean(-1).clamp(min=1e-9)

    def surprise(self) -> Float[Tensor, "*tasks"]:
        """Return how unlikely the answers are, in nats an answer, but for a constant."""
        volume = self.root.diagonal(dim1=-2, dim2=-1).log().mean(-1)
        return 0.5 * self.scale.log() + volume

    def slope(self) -> Float[Tensor, "*tasks asked asked"]:
        """Return how the surprise changes with each covariance, in closed form."""
        outer = self.weights[..., None] * self.weights[..., None, :]
        inverse = torch.cholesky_inverse(self.root)
        return (inverse - outer / self.scale[..., None, None]) / (2 * self.asked.x.shape[-2])
