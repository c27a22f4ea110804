"""A ring of ink beside the letter: contours as sharp as the letter's that say nothing of the class.

Pictures of every class may have one, anywhere but on the letter. A map that follows contours falls
on the ring as on the letter; a map that follows what tells the class does not. Chapter:
book/attention/pictures.ipynb.
"""

from dataclasses import replace

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor
from torch.nn.functional import conv2d

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.composed import SIDE

WIDE, INNER = 9, 2.4  # pixels across, and the radius of the hole


def ring() -> Float[Tensor, "wide wide"]:
    """Return the ring: 1 where its ink is."""
    away = torch.arange(WIDE) - (WIDE - 1) / 2
    radius = (away.square()[:, None] + away.square()).sqrt()
    return ((radius > INNER) & (radius <= WIDE / 2)).float()


def with_rings(
    episode: Episode, *, generator: Generator
) -> tuple[Episode, Bool[Tensor, "*tasks row pixel"]]:
    """Put a ring into each query picture, clear of its letter; return where the rings are, too.

    It is white where the ground below is dark, else black, as the letters are.

    Raises:
        ValueError: if the episode has no truth, or a letter leaves no place for a ring.
    """
    if episode.truth is None:
        raise ValueError("a ring stands clear of the letter: the episode needs its truth.")
    letter = episode.truth.reshape(-1, 1, SIDE, SIDE).float()
    free = conv2d(letter, torch.ones(1, 1, WIDE, WIDE).to(letter)).flatten(1) == 0
    if not bool(free.any(1).all()):
        raise ValueError(f"a ring is {WIDE} pixels wide; beside some letter there is no such room.")
    keys = torch.rand(free.shape, generator=generator).to(letter.device)
    place = keys.where(free, -1.0).argmax(1)
    n = SIDE - WIDE + 1
    corners = torch.zeros_like(letter)
    corners[torch.arange(len(place)), 0, place // n, place % n] = 1
    stamp = ring().to(letter)[None, None]
    ink = conv2d(corners, stamp, padding=WIDE - 1)[..., :SIDE, :SIDE].reshape(episode.query.x.shape)
    x = episode.query.x
    below = (x * ink).sum(-1, keepdim=True)
    drawn = torch.where(ink > 0, torch.where(below < 0, 1.0, -1.0), x)
    return replace(episode, query=Examples(drawn, episode.query.y)), ink > 0
