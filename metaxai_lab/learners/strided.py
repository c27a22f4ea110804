"""A small encoder of pictures without normalisation: three convolutions with stride 2, one sum.

Nothing but ReLUs bends it, so its slopes can be written out, and exported: backwards, each layer
is the same layer turned round, where the unit was awake. Source: Springenberg et al. (2015) for
strides in place of pooling. Chapter: book/attention/repair_and_deploy.ipynb.
"""

from typing import cast

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from metaxai_lab.learners.pictures import refuse_other_side

SIDE = 28


class StridedEncoder(nn.Module):
    """Turns pictures of 28 x 28 into embeddings.

    Args:
        width: channels of the first layer, half of those of the next two.
        dim: length of an embedding.
    """

    def __init__(self, width: int = 16, dim: int = 64) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(1, width, 5, stride=2, padding=2),  # 28 to 14
                nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),  # to 7
                nn.Conv2d(2 * width, 2 * width, 3, stride=2, padding=1),  # to 4
            ]
        )
        self.last = nn.Linear(2 * width * 16, dim)

    def forward(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row dim"]:
        """Return the embedding of each row.

        Raises:
            ValueError: if the pictures have another side.
        """
        refuse_other_side(x, SIDE)
        z = x.reshape(-1, 1, SIDE, SIDE)
        for layer in self.layers:
            z = layer(z).relu()
        return self.last(z.flatten(1)).reshape(*x.shape[:-1], -1)

    def pulled_back(
        self, x: Float[Tensor, "row pixel"], slope: Float[Tensor, "row dim"]
    ) -> Float[Tensor, "row pixel"]:
        """Return the slope along the pixels of what has `slope` along the embedding, at `x`."""
        seen, awake = x.reshape(-1, 1, SIDE, SIDE), []
        for layer in self.layers:
            seen = layer(seen).relu()
            awake.append(seen > 0)
        back = (slope @ self.last.weight).view_as(seen)
        for layer, on, around, more in zip(
            reversed(self.layers), reversed(awake), (1, 1, 2), (0, 1, 1), strict=True
        ):
            weight = cast(nn.Conv2d, layer).weight
            back = F.conv_transpose2d(back * on, weight, None, 2, around, more)
        return back.flatten(1)
