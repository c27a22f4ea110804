"""Attention over the cells of a feature map: the usual form, in a learner of new classes.

    a_i = softmax over i of  w . tanh(U f_i + p_i)      c = sum_i a_i relu(V f_i + q_i)

Here f_i is what a convolutional front says of cell i, and p_i, q_i belong to the place of the cell.
A class is the mean c of its support rows. The cells of such a map see beyond their edges, so what
the weights show is open: a page asks the judges. Source: Bahdanau, Cho & Bengio (2015), section
A.1.2, for the score; Xu et al. (2015), section 3.1.2, for cells of a feature map.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.prototypes import class_means, squared_distances

Weighing = Literal["learned", "uniform"]


class AttendedMaps(nn.Module):
    """Learns across tasks which cells of a feature map to weigh, and what to read in them.

    Args:
        front: rows to maps (*tasks, row, channel * cell), the cells of a channel side by side;
            None takes rows as such maps. It is not trained with the rest.
        channels: of a map.
        grid: cells along each side of a map.
        dim: columns of a content and of a clue.
        weighing: "uniform" weighs all cells alike, the baseline that knows no attention.
    """

    def __init__(
        self,
        front: nn.Module | None = None,
        *,
        channels: int = 32,
        grid: int = 7,
        dim: int = 32,
        weighing: Weighing = "learned",
    ) -> None:
        super().__init__()
        self.front = nn.Identity() if front is None else front
        self.front.requires_grad_(requires_grad=False)
        self.grid, self.weighing = grid, weighing
        self.content = PlacedCells(channels, grid**2, dim)
        self.clue = PlacedCells(channels, grid**2, dim)
        self.score = nn.Linear(dim, 1, bias=False)  # w
        self.log_sharpness = nn.Parameter(torch.zeros(()))

    def adapt(self, support: Examples) -> "AttendedModel":
        """Return the model of one task, or of a stacked batch of them.

        Raises:
            ValueError: if the maps have other channels or cells, or a class has no row.
        """
        cells = self.cells(support.x)
        prototypes = class_means(self.embed(cells, self.weigh(cells)), support.y)
        return AttendedModel(self, prototypes)

    def cells(
        self, x: Float[Tensor, "*tasks row feature"]
    ) -> Float[Tensor, "*tasks row cell channel"]:
        """Return what the front says of each cell.

        Raises:
            ValueError: if the maps have other channels or cells.
        """
        maps, needed = self.front(x), self.content.from_map.in_features * self.grid**2
        if maps.shape[-1] != needed:
            raise ValueError(
                f"this learner reads maps of {needed} columns, {self.grid} x {self.grid} cells of "
                f"{self.content.from_map.in_features} channels; found {maps.shape[-1]}. Give it "
                "the front that makes such maps, or make it for others."
            )
        return maps.unflatten(-1, (-1, self.grid**2)).mT

    def weigh(
        self, cells: Float[Tensor, "*tasks row cell channel"]
    ) -> Float[Tensor, "*tasks row cell"]:
        """Return a: the weight of each cell; those of a row sum to 1."""
        if self.weighing == "uniform":
            return cells.new_full(cells.shape[:-1], 1 / cells.shape[-2])
        return self.score(self.clue(cells).tanh()).squeeze(-1).softmax(-1)

    def embed(
        self,
        cells: Float[Tensor, "*tasks row cell channel"],
        weights: Float[Tensor, "*tasks row cell"],
    ) -> Float[Tensor, "*tasks row dim"]:
        """Return c: the contents, weighted and summed."""
        return (weights.unsqueeze(-2) @ F.relu(self.content(cells))).squeeze(-2)


class PlacedCells(nn.Module):
    """A linear map of each cell, with a shift that belongs to its place."""

    def __init__(self, channels: int, n_cells: int, dim: int) -> None:
        super().__init__()
        self.from_map = nn.Linear(channels, dim, bias=False)
        self.place = nn.Parameter(torch.empty(n_cells, dim))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the shifts anew; the linear map has its own way to be drawn."""
        nn.init.normal_(self.place, std=0.1)

    def forward(
        self, cells: Float[Tensor, "*tasks row cell channel"]
    ) -> Float[Tensor, "*tasks row cell dim"]:
        """Return the vector of each cell."""
        return self.from_map(cells) + self.place


@dataclass(frozen=True, eq=False)
class AttendedModel:
    """The learner after it saw a support set: classifies rows, and says which cells it weighed.

    Args:
        prototypes: the mean embedding of each class.
    """

    learner: AttendedMaps
    prototypes: Float[Tensor, "*tasks class dim"]

    def __call__(self, x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row class"]:
        """Return the log-odds of each class, up to a constant of the row."""
        cells = self.learner.cells(x)
        return self.answer(cells, self.learner.weigh(cells))

    def answer(
        self,
        cells: Float[Tensor, "*tasks row cell channel"],
        weights: Float[Tensor, "*tasks row cell"],
    ) -> Float[Tensor, "*tasks row class"]:
        """Return the log-odds under weights that may be anybody's."""
        distances = squared_distances(self.learner.embed(cells, weights), self.prototypes)
        return -self.learner.log_sharpness.exp() * distances

    def attention(
        self, x: Float[Tensor, "*tasks row feature"]
    ) -> Float[Tensor, "*tasks row height width"]:
        """Return the weight of each cell; each picture's weights sum to 1."""
        weights = self.learner.weigh(self.learner.cells(x))
        return weights.unflatten(-1, (self.learner.grid, self.learner.grid))
