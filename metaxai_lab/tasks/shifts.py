"""Pictures moved by a few pixels: one direction for a whole episode, drawn anew for each.

A learner that sees every class a little elsewhere cannot lean on where a stroke lies to the pixel.
Within an episode all pictures move alike, so the move is a slice and costs next to nothing.
Source: Simard, Steinkraus & Platt (2003), section 2, for translations as data.
Chapter: book/concepts/three_families.ipynb.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples


def shift_pictures(
    episode: Episode,
    *,
    most: int,
    side: int,
    channels: int = 1,
    empty: float = 0.0,
    generator: Generator,
) -> Episode:
    """Move all pictures of `episode` by the same number of pixels; what leaves the frame is lost.

    Args:
        most: the largest move, in pixels, down or up and to the right or left.
        side: of the pictures, in pixels.
        empty: the brightness of what comes in at the border.

    Raises:
        ValueError: if `most` is negative, or as large as a picture.
    """
    if not 0 <= most < side:
        raise ValueError(f"most is 0 to {side - 1} pixels, below the side; found {most}.")
    down, right = (torch.randint(-most, most + 1, (2,), generator=generator)).tolist()

    def move(part: Examples) -> Examples:
        squares = part.x.unflatten(-1, (channels, side, side))
        return Examples(moved(squares, down, right, empty).flatten(-3), part.y)

    return Episode(move(episode.support), move(episode.query))


def moved(
    squares: Float[Tensor, "*pictures height width"], down: int, right: int, empty: float = 0.0
) -> Float[Tensor, "*pictures height width"]:
    """Return pictures moved down and to the right (up and left where negative)."""
    return F.pad(squares, (right, -right, down, -down), value=empty)
