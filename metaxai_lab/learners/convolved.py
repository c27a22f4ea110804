"""Attention over cells that see far: a small convolutional net, prototypes about the task's middle.

The contents of the cells come from four convolutions, so a cell knows what is around it; softmax
weighs the cells, and their sum is the embedding. No convolution has a bias: blank gives 0. From an
embedding the mean of the support is taken off, and its length is made 1 (Wang et al., 2019,
"SimpleShot"); classes are means of these (Snell, Swersky & Zemel, 2017).
Chapter: book/outlook/across_domains.ipynb.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.core import Examples
from metaxai_lab.learners.pictures import refuse_other_side
from metaxai_lab.learners.prototypes import class_means, squared_distances

CELL, FIELD = 4, 21  # pixels: side of a cell, and of the square that its content sees
TINY = 1e-6  # keeps the root of a blank picture's square smooth


class ConvolvedLearner(nn.Module):
    """Learns across tasks what to see in pictures and where to look; a new task gives the classes.

    Args:
        side: of the pictures, in pixels; cells of four pixels fill it. They are grey.
        width: channels of the first two convolutions.
        dim: channels of the last two: the length of a cell's content.

    Raises:
        ValueError: if cells of four pixels do not fill the picture.
    """

    def __init__(self, side: int = 28, *, width: int = 16, dim: int = 48) -> None:
        super().__init__()
        if side < CELL or side % CELL:
            raise ValueError(f"cells of {CELL} pixels must fill the side; found side {side}.")
        self.side, self.grid = side, side // CELL
        layers = [_convolution(1, width, 5, 2), _convolution(width, width, 3, 1)]
        layers += [_convolution(width, dim, 3, 2), _convolution(dim, dim, 3, 1)]
        self.layers = nn.ModuleList(layers).to(memory_format=torch.channels_last)  # quicker so
        self.place = nn.Parameter(0.1 * torch.randn(self.grid**2, dim))
        self.clue = nn.Linear(dim, dim)
        self.query = nn.Parameter(torch.randn(dim) / dim**0.5)
        self.value = nn.Linear(dim, 2 * dim, bias=False)
        self.log_sharpness = nn.Parameter(torch.tensor(2.0).log())

    def adapt(self, support: Examples) -> "ConvolvedModel":
        """Return the model of one task, or of a stacked batch of them.

        Raises:
            ValueError: if a class has no row, or the pictures have another side.
        """
        found = self.embed(support.x)
        middle = found.mean(-2, keepdim=True)
        return ConvolvedModel(self, middle, class_means(_about(found, middle), support.y))

    def content(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row cell dim"]:
        """Return what each cell sees, row by row from the top left.

        Raises:
            ValueError: if the pictures have another side.
        """
        refuse_other_side(x, self.side)
        maps = x.reshape(-1, 1, self.side, self.side)
        for layer in self.layers:
            maps = layer(maps).relu()
        return maps.flatten(2).mT.reshape(*x.shape[:-1], self.grid**2, -1)

    def weigh(
        self, content: Float[Tensor, "*tasks row cell dim"]
    ) -> Float[Tensor, "*tasks row cell"]:
        """Return a: how the weight of each picture is shared among its cells.

        Contents are taken in parts of their size in the picture, so contrast alone moves nothing.
        """
        size = (content.square().mean((-2, -1), keepdim=True) + TINY).sqrt()
        return (self.clue(content / size + self.place).relu() @ self.query).softmax(-1)

    def embed(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row two_dim"]:
        """Return the weighted sum of the contents, seen through the values."""
        content = self.content(x)
        return self.value((self.weigh(content).unsqueeze(-2) @ content).squeeze(-2))


@dataclass(frozen=True)
class ConvolvedModel:
    """The learner after it saw a support set: classifies rows, and says where it looked.

    Args:
        middle: the mean embedding of the support.
        prototypes: the mean of each class, about the middle and of unit lengths.
    """

    learner: ConvolvedLearner
    middle: Float[Tensor, "*tasks 1 two_dim"]
    prototypes: Float[Tensor, "*tasks class two_dim"]

    def __call__(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row class"]:
        """Return the log-odds of each class, up to a constant of the row."""
        found = _about(self.learner.embed(x), self.middle)
        return -self.learner.log_sharpness.exp() * squared_distances(found, self.prototypes)

    def attention(
        self, x: Float[Tensor, "*tasks row pixel"]
    ) -> Float[Tensor, "*tasks row height width"]:
        """Return the weight of each cell of the grid; each picture's weights sum to 1."""
        weights = self.learner.weigh(self.learner.content(x))
        return weights.unflatten(-1, (self.learner.grid, self.learner.grid))


def _convolution(before: int, after: int, kernel: int, stride: int) -> nn.Conv2d:
    layer = nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")  # what passes keeps its size
    return layer


def _about(found: Tensor, middle: Tensor) -> Tensor:
    return F.normalize(found - middle, dim=-1)
