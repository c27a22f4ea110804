"""Two looks at each cell of a picture: a narrow one to say what is there, a wide one to choose it.

What is summed comes from the narrow look, which fades out within a pixel beyond the cell. So
weight on a cell can only speak of that cell, and a map of the weights says where the evidence was.
The wide look adds the cells around: it tells a mark above a letter from a part of the letter. It
chooses, and is not summed. Classifying by local patches alone: Brendel & Bethge (2019). Chapter:
book/attention/from_equations.ipynb.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.learners.pictures import refuse_other_side


class LocalViews(nn.Module):
    """Turns pictures into two vectors per cell, `content` and `clue`.

    Args:
        side: of the pictures, in pixels.
        cell: side of a cell, in pixels; it divides `side`.
        patch: side of the square behind `content`, which fades towards its edge.
        dim: length of both vectors.
        channels: of the pictures, 3 where they have colours; a row holds one after the other.
        skip_empty: work out the contents of the cells with ink alone; the others are 0 all the
            same. It saves time where most cells are empty and no gradient of the pictures is asked.

    Raises:
        ValueError: if cells do not fill the picture, patches do not stand evenly around them, or
            there is no channel.
    """

    def __init__(
        self,
        side: int = 28,
        *,
        cell: int = 4,
        patch: int = 6,
        dim: int = 64,
        channels: int = 1,
        skip_empty: bool = False,
    ) -> None:
        super().__init__()
        if channels < 1:
            raise ValueError(f"a picture has 1 channel, or 3 for colours; found {channels}.")
        if side % cell or patch < cell or (patch - cell) % 2:
            raise ValueError(
                f"cells must fill the side, and patches must reach evenly beyond them; found side "
                f"{side}, cell {cell} and patch {patch}. Take a cell that divides {side}, and a "
                f"patch larger by an even number."
            )
        self.side, self.grid, self.channels = side, side // cell, channels
        self.skip_empty, self.rim = skip_empty, (patch - cell) // 2
        self.near = nn.Conv2d(channels, 2 * dim, patch, stride=cell, padding=self.rim)
        self.to_content = nn.Linear(2 * dim, dim)
        self.mix = nn.Linear(dim, dim)
        self.around = nn.Conv2d(dim, dim, 3, padding=1)
        self.place = nn.Parameter(0.1 * torch.randn(self.grid**2, dim))
        self.to_clue = nn.Linear(dim, dim)
        self.fade = nn.Buffer(fading(patch), persistent=False)
        self.map = nn.Identity()  # what is in the cells passes here as a map, for who listens

    def content(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row cell dim"]:
        """Return what is in each cell, row by row from the top left; in an empty cell, 0.

        Raises:
            ValueError: if the pictures have another side, or other channels.
        """
        refuse_other_side(x, self.side, self.channels)
        pictures = x.reshape(-1, self.channels, self.side, self.side)
        skips = self.skip_empty and not x.requires_grad  # ink that is not there yet has a gradient
        content = self._of_inked(pictures) if skips else self._of_all(pictures)
        content = _by_cell(self.map(content.mT.unflatten(-1, (self.grid, self.grid))))
        return content.reshape(*x.shape[:-1], self.grid**2, -1)

    def _of_all(
        self, pictures: Float[Tensor, "picture channel side side"]
    ) -> Float[Tensor, "picture cell dim"]:
        return self._of_views(self._views(pictures))

    def _of_inked(
        self, pictures: Float[Tensor, "picture channel side side"]
    ) -> Float[Tensor, "picture cell dim"]:
        views = self._views(pictures).flatten(0, 1)
        inked = views.any(-1).nonzero().squeeze(-1)
        found = self._of_views(views[inked])
        content = found.new_zeros(len(views), found.shape[-1]).index_copy(0, inked, found)
        return content.view(len(pictures), self.grid**2, -1)

    def _views(
        self, pictures: Float[Tensor, "picture channel side side"]
    ) -> Float[Tensor, "picture cell pixel"]:
        """Return the patch around each cell; a product with rows is quicker than a convolution."""
        near = self.near
        return F.unfold(pictures, near.kernel_size, padding=self.rim, stride=near.stride).mT

    def _of_views(self, views: Float[Tensor, "*cells pixel"]) -> Float[Tensor, "*cells dim"]:
        weight = (self.near.weight * self.fade).flatten(1)
        seen = F.linear(views, weight, self._bias()).relu()
        return self.to_content(seen).relu() - self._of_nothing()

    def _of_nothing(self) -> Float[Tensor, " dim"]:
        return self.to_content(self._bias().relu()).relu()

    def _bias(self) -> Float[Tensor, " seen"]:
        weight, bias = self.near.weight, self.near.bias
        return weight.new_zeros(len(weight)) if bias is None else bias

    def clue(
        self, content: Float[Tensor, "*tasks row cell dim"]
    ) -> Float[Tensor, "*tasks row cell dim"]:
        """Return what a cell looks like among its neighbours, and where it stands; 0 or more."""
        mixed = self.mix(content.reshape(-1, *content.shape[-2:])).relu()
        maps = self.around(mixed.mT.unflatten(-1, (self.grid, self.grid)))
        clue = _by_cell(maps).relu() + self.place
        return self.to_clue(clue).relu().reshape(content.shape)


def fading(side: int) -> Float[Tensor, "side side"]:
    """Return a window that falls from its middle towards its edge, in the shape of a cosine."""
    profile = torch.hann_window(side + 4, periodic=False)[2:-2]
    return torch.outer(profile, profile)


def _by_cell(
    maps: Float[Tensor, "picture channel height width"],
) -> Float[Tensor, "picture cell channel"]:
    return maps.flatten(2).mT
