"""Two looks at each cell of a picture: a narrow one to say what is there, a wide one to choose it.

What is summed comes from the narrow look, which fades out a few pixels beyond the cell. So weight
on a cell can only speak of that cell, and a map of the weights says where the evidence was. The
wide look tells a mark above a letter from a part of the letter; it chooses, and is not summed.
The idea of classifying from local patches alone: Brendel & Bethge (2019). Chapter:
book/attention/from_equations.ipynb.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class LocalViews(nn.Module):
    """Turns pictures into two vectors per cell, `content` and `clue`.

    Args:
        side: of the pictures, in pixels.
        cell: side of a cell, in pixels; it divides `side`.
        narrow: side of the patch behind `content`, which fades towards its edge.
        wide: side of the patch behind `clue`.
        dim: length of both vectors.

    Raises:
        ValueError: if cells do not fill the picture, or patches do not stand evenly around them.
    """

    def __init__(
        self, side: int = 28, *, cell: int = 4, narrow: int = 8, wide: int = 12, dim: int = 64
    ) -> None:
        super().__init__()
        if side % cell or (narrow - cell) % 2 or (wide - cell) % 2 or min(narrow, wide) < cell:
            raise ValueError(
                f"cells of {cell} pixels must fill the side and patches must reach evenly beyond "
                f"them; found side {side}, narrow {narrow} and wide {wide}. Take a cell that "
                f"divides {side}, and patches larger by an even number."
            )
        self.side, self.grid = side, side // cell
        self.narrow = nn.Conv2d(1, 2 * dim, narrow, stride=cell, padding=(narrow - cell) // 2)
        self.wide = nn.Conv2d(1, dim, wide, stride=cell, padding=(wide - cell) // 2)
        self.to_content = nn.Linear(2 * dim, dim)
        self.to_clue = nn.Linear(dim, dim)
        self.place = nn.Parameter(0.1 * torch.randn(self.grid**2, dim))
        self.register_buffer("fade", fading(narrow), persistent=False)

    def forward(
        self, x: Float[Tensor, "*tasks row pixel"]
    ) -> tuple[Float[Tensor, "*tasks row cell dim"], Float[Tensor, "*tasks row cell dim"]]:
        """Return `content` and `clue` of each cell, row by row from the top left.

        The content of an empty cell is 0.

        Raises:
            ValueError: if the pictures have another side.
        """
        if x.shape[-1] != self.side**2:
            raise ValueError(
                f"these views see pictures of {self.side} x {self.side} = {self.side**2} pixels; "
                f"found rows of {x.shape[-1]}. Make them with side=picture_side({x.shape[-1]})."
            )
        pictures = x.reshape(-1, 1, self.side, self.side)
        faded = self.narrow.weight * self.fade
        near = F.conv2d(pictures, faded, self.narrow.bias, self.narrow.stride, self.narrow.padding)
        content = F.relu(self.to_content(_by_cell(near))) - self._empty()
        clue = F.relu(self.to_clue(_by_cell(self.wide(pictures)))) + self.place
        shape = (*x.shape[:-1], self.grid**2, -1)
        return content.reshape(shape), clue.reshape(shape)

    def _empty(self) -> Float[Tensor, " dim"]:
        """Return what the narrow look makes of an empty patch, so that empty cells can count 0."""
        return F.relu(self.to_content(F.relu(self.narrow.bias)))


def fading(side: int) -> Float[Tensor, "side side"]:
    """Return a window that falls from its middle towards its edge, in the shape of a cosine."""
    profile = torch.hann_window(side + 4, periodic=False)[2:-2]
    return torch.outer(profile, profile)


def _by_cell(
    maps: Float[Tensor, "picture channel height width"],
) -> Float[Tensor, "picture cell channel"]:
    return F.relu(maps).flatten(2).mT
