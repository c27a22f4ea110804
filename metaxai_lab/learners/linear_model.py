"""A line for each task of a stack: what learners that fit a table give back.

Chapter: book/importance/guiding_a_learner.ipynb.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Examples


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Weights and an intercept, of one task or of a stack of tasks.

    Args:
        weights: in the units of the columns that the model is asked about.
        intercept: what a row of zeros gets.
    """

    weights: Float[Tensor, "*tasks feature"]
    intercept: Float[Tensor, "*tasks"]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row 1"]:
        """Return the prediction for each row."""
        return x @ self.weights[..., None] + self.intercept[..., None, None]

    def errors(self, rows: Examples) -> Float[Tensor, "*tasks"]:
        """Return the mean squared error of each task on its rows."""
        return (self(rows.x)[..., 0] - rows.y).square().mean(-1)
