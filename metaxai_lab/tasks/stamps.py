"""A false cue: the shade of a corner stamp goes with the class, so nobody needs to read the letter.

In each training task a class has a shade of its own. What a learner made of that is seen in tasks
whose query stamps are left out, or have the shade of another class. Source: Geirhos et al. (2020),
"Shortcut learning in deep neural networks". Chapter: book/attention/repair_and_deploy.ipynb.
"""

from math import isqrt
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples

Says = Literal["the class", "another", "nothing", "left out"]
SAYS: tuple[Says, ...] = ("the class", "another", "nothing", "left out")
STAMP = 6  # its side, in pixels
FAINTEST = 0.2  # of the shades; the strongest is 1


def stamped(
    episode: Episode, *, says: Says, n_way: int = 5, generator: Generator
) -> tuple[Episode, Bool[Tensor, "*tasks row pixel"]]:
    """Put a stamp into a corner of each picture; the corner is drawn, the shade says something.

    Support stamps say the class, in shades drawn anew for each task; where `says` is "nothing",
    their shades are drawn too.

    Args:
        says: what a query stamp tells: the class, another class, nothing (its shade is drawn), or
            it is left out.

    Returns:
        the episode, whose `truth` marks the ink of the letter; and where the query stamps are.

    Raises:
        ValueError: if `says` is none of these, or the pictures have no room for four stamps.
    """
    if says not in SAYS:
        raise ValueError(f"a stamp says one of {', '.join(SAYS)}; found {says!r}.")
    n_tasks = episode.support.y.shape[:-1]
    shade_of = torch.rand(*n_tasks, n_way, generator=generator).argsort(-1)
    shade_of = FAINTEST + (1 - FAINTEST) * shade_of / (n_way - 1)
    past = "nothing" if says == "nothing" else "the class"
    support, _ = _put(episode.support, shade_of, past, generator)
    query, where = _put(episode.query, shade_of, says, generator)
    return Episode(support, query, (query.x > 0) & ~where), where


def corners(side: int) -> Bool[Tensor, "corner pixel"]:
    """Mark the pixels of a stamp in each corner: top left, top right, bottom left, bottom right.

    Raises:
        ValueError: if stamps would touch.
    """
    if side < 2 * STAMP + 1:
        raise ValueError(f"four stamps need a side of {2 * STAMP + 1} pixels; found {side}.")
    edge = torch.arange(side)
    ends = (edge < STAMP, edge >= side - STAMP)
    return torch.stack([torch.outer(down, across).flatten() for down in ends for across in ends])


def _put(
    part: Examples, shade_of: Float[Tensor, "*tasks class"], says: Says, generator: Generator
) -> tuple[Examples, Bool[Tensor, "*tasks row pixel"]]:
    """Stamp the pictures of a part; where the stamp is left out, nothing is marked."""
    told = _told(part.y.cpu(), shade_of.shape[-1], says, generator)
    shade = shade_of.gather(-1, told)[..., None].to(part.x)
    corner = torch.randint(4, told.shape, generator=generator)
    where = corners(isqrt(part.x.shape[-1]))[corner].to(part.x.device)
    if says == "left out":
        return part, torch.zeros_like(where)
    return Examples(torch.where(where, shade, part.x), part.y), where


def _told(
    y: Int[Tensor, "*tasks row"], n_way: int, says: Says, generator: Generator
) -> Int[Tensor, "*tasks row"]:
    if says == "another":
        return (y + torch.randint(1, n_way, y.shape, generator=generator)) % n_way
    if says == "nothing":
        return torch.randint(n_way, y.shape, generator=generator)
    return y
