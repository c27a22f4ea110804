"""Rows as pictures: how long the side of a square is, and a small convolutional encoder of it.

Rows hold flattened pixels, so that pictures and tables are one noun; what looks at pictures folds
them here. Source: Vinyals et al. (2016), section 4.1, for the four blocks of 3 x 3 convolution.
Chapter: book/attention/from_equations.ipynb.
"""

from math import isqrt

import torch
from jaxtyping import Float
from torch import Tensor, nn


def picture_side(n_pixels: int, channels: int = 1) -> int:
    """Return the side, in pixels, of the square picture that a row of `n_pixels` columns holds.

    Args:
        channels: how many squares a picture is made of; 3 where it has colours.

    Raises:
        ValueError: if they fill no square.
    """
    side = isqrt(n_pixels // channels)
    if channels * side * side != n_pixels or side == 0:
        each, next_ = f"{_times(channels)}{side} x {side}", channels * (side + 1) ** 2
        raise ValueError(
            f"a picture is a row of {_times(channels)}side x side pixels; found {n_pixels} "
            f"columns, which fill no square. The nearest are {channels * side * side} ({each}) "
            f"and {next_}."
        )
    return side


def refuse_other_side(x: Float[Tensor, "*tasks row pixel"], side: int, channels: int = 1) -> None:
    """Let through rows that hold pictures of this side, in pixels, and of as many channels.

    Raises:
        ValueError: if the pictures have another side, or the rows are of another length.
    """
    needed, found = channels * side**2, x.shape[-1]
    if found != needed:
        raise ValueError(
            f"this encoder sees pictures of {_times(channels)}{side} x {side} = {needed} pixels; "
            f"found rows of {found}. {_way_out(found, channels)}"
        )


class ConvEncoder(nn.Module):
    """Turns pictures into embeddings: four blocks, each halving the side, and a flattening.

    Pooling comes before the normalisation, which then has a quarter of the work, and channels lie
    last in memory: both together make a step about twice as fast on a CPU.

    Args:
        side: of the pictures, in pixels.
        width: channels of each block.
        channels: of the pictures, 3 where they have colours; a row holds one after the other.

    Raises:
        ValueError: if the side is below 16 pixels, which four halvings use up.
    """

    def __init__(self, side: int = 28, width: int = 32, channels: int = 1) -> None:
        super().__init__()
        if side < 16:
            raise ValueError(f"ConvEncoder halves the side four times: 16 or more; found {side}.")
        self.side, self.channels = side, channels
        blocks = [_block(channels, width), *[_block(width, width) for _ in range(3)]]
        self.blocks = nn.Sequential(*blocks).to(memory_format=torch.channels_last)

    def forward(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row dim"]:
        """Return the embedding of each row, `width * (side // 16) ** 2` numbers.

        Raises:
            ValueError: if the pictures have another side, or other channels.
        """
        refuse_other_side(x, self.side, self.channels)
        maps = self.blocks(x.reshape(-1, self.channels, self.side, self.side))
        return maps.reshape(*x.shape[:-1], -1)


def _way_out(n_pixels: int, channels: int) -> str:
    """Say which encoder would see such rows: with as many channels, with one, or with three."""
    for number in dict.fromkeys((channels, 1, 3)):
        side = isqrt(n_pixels // number)
        if side and number * side**2 == n_pixels:
            other = "" if number == channels else f" and channels={number}"
            return f"Make it with side={side}{other}."
    return "They fill no square, with one channel or with three."


def _times(channels: int) -> str:
    return f"{channels} x " if channels > 1 else ""


def _block(n_in: int, n_out: int) -> nn.Sequential:
    convolution = nn.Conv2d(n_in, n_out, 3, padding=1)
    return nn.Sequential(convolution, nn.MaxPool2d(2), nn.BatchNorm2d(n_out), nn.ReLU())
