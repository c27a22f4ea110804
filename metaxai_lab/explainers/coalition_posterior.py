r"""What some answers say about Shapley values, and how sure that is: conditioning a Gaussian.

With $K$ the covariance of the answers and $X$ that of the Shapley values with them, answers u give
the mean $X K^{-1} u$ and the covariance $\sigma^2 (\Phi - X K^{-1} X^T)$, where $\Phi$ is the prior
covariance of the Shapley values. The scale of a game is not known beforehand: $\sigma^2$ is the
mean square of the answers once K is divided out, the guess that makes them likeliest. Source:
Rasmussen & Williams (2006), section 2.2.
Chapter: book/local/travelling_explainer.ipynb.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Joint:
    """How the answers to some questions and the Shapley values go together, before asking.

    Args:
        asked: covariance of the answers.
        towards: covariance of each Shapley value with each answer.
        shares: variance of each Shapley value.
        noise: added to the variance of each answer, as a share of their mean.
    """

    asked: Float[Tensor, "*batch query query"]
    towards: Float[Tensor, "*batch feature query"]
    shares: Float[Tensor, "*batch feature"]
    noise: float | Float[Tensor, ""] = 1e-6

    @cached_property
    def root(self) -> Float[Tensor, "*batch query query"]:
        """Return the Cholesky factor of the answers' covariance."""
        return root_of(self.asked, self.noise)

    def weights(self) -> Float[Tensor, "*batch feature query"]:
        """Return the matrix that turns answers into Shapley values."""
        return torch.cholesky_solve(self.towards.mT, self.root).mT

    def doubt(self) -> Float[Tensor, "*batch feature"]:
        """Return the variance of each Shapley value that is left after asking, at scale 1."""
        half = torch.linalg.solve_triangular(self.root, self.towards.mT, upper=False)
        return (self.shares - half.square().sum(-2)).clamp(min=0)

    def scale(self, answers: Float[Tensor, "*batch row query"]) -> Float[Tensor, "*batch row"]:
        """Return the variance that makes the answers of each row likely."""
        return scale_of(self.root, answers)

    def shapley(
        self, answers: Float[Tensor, "*batch row query"]
    ) -> tuple[Float[Tensor, "*batch row feature"], Float[Tensor, "*batch row feature"]]:
        """Return mean and standard deviation of the Shapley values of each row.

        Args:
            answers: v(S) - v(no column), the first for all columns. What rounding leaves of that
                first one is shared out evenly, so that the values add up to it.
        """
        values = answers @ self.weights().mT
        gap = answers[..., :1] - values.sum(-1, keepdim=True)
        spread = (self.scale(answers)[..., None] * self.doubt()[..., None, :]).sqrt()
        return values + gap / values.shape[-1], spread


def root_of(
    asked: Float[Tensor, "*batch query query"], noise: float | Float[Tensor, ""]
) -> Float[Tensor, "*batch query query"]:
    """Return the Cholesky factor of a covariance of answers, once their noise is added."""
    mean = asked.diagonal(dim1=-2, dim2=-1).mean(-1)[..., None, None]
    return torch.linalg.cholesky(asked + noise * mean * torch.eye(asked.shape[-1]).to(asked))


def scale_of(
    root: Float[Tensor, "*shared query query"], answers: Float[Tensor, "*batch row query"]
) -> Float[Tensor, "*batch row"]:
    """Return the variance that makes the answers of each row likely, given such a factor."""
    plain = torch.linalg.solve_triangular(root, answers.mT, upper=False)
    return plain.square().mean(-2)
