"""One task in many looks: a learner that met few kinds of pictures is shown them changed.

A task is changed as a whole, and so becomes another task: quarter turns and a mirror, strokes made
thicker, bright made dark, a soft ground. Each picture moves a little besides, so that a class is
more than its pictures. Turned classes as new ones: Santoro et al. (2016), section 4.1.
Chapter: book/outlook/across_domains.ipynb.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.tasks.typefaces import affine_jitter, warp

Squares = Float[Tensor, "picture 1 side side"]
WOBBLES = {"turn": 17.0, "stretch": 0.2, "shear": 0.2, "shift": 0.075}
GROUND, SPOTS = 0.25, 7  # the most contrast of a ground, and how many spots stand along its side
CONTRAST = 0.4  # log of the most that a picture's own contrast is changed by


def varied(task: Episode, *, share: float = 0.5, generator: Generator) -> Episode:
    """Return the task in another look, drawn by lot, the same for support and query.

    Pictures are rows of side x side pixels in which 0 means that nothing is there. Labels stay;
    a truth is dropped, for its pixels have moved.

    Args:
        share: of the tasks that are changed; the others come back as they are.
    """
    if not _chance(share, generator):
        return Episode(task.support, task.query)
    both = torch.cat([task.support.x, task.query.x])
    side = math.isqrt(both.shape[-1])
    squares = _turned(both.view(-1, 1, side, side), generator)
    maps = affine_jitter(len(squares), **WOBBLES, generator=generator).to(squares.device)
    squares = warp(squares, maps)
    x = _recoloured(_thicker(squares, generator), generator).flatten(1)
    parts = x.split([len(task.support.y), len(task.query.y)])
    return Episode(Examples(parts[0], task.support.y), Examples(parts[1], task.query.y))


def _turned(x: Squares, generator: Generator) -> Squares:
    x = x.rot90(int(torch.randint(4, (), generator=generator)), (2, 3))
    return x.flip(3) if _chance(0.5, generator) else x


def _thicker(x: Squares, generator: Generator) -> Squares:
    size = 1 + int(torch.randint(1, 3, (), generator=generator))  # 2 or 3 pixels
    if not _chance(0.3, generator):
        return x
    return F.max_pool2d(x, size, 1, 1)[..., : x.shape[-2], : x.shape[-1]]


def _recoloured(x: Squares, generator: Generator) -> Squares:
    sign = -1 if _chance(0.5, generator) else 1
    spots = torch.randn(len(x), 1, SPOTS, SPOTS, generator=generator).to(x.device)
    soft = F.interpolate(spots, tuple(x.shape[-2:]), mode="bilinear", align_corners=False)
    depth = GROUND * float(torch.rand((), generator=generator)) * _chance(0.5, generator)
    contrast = CONTRAST * (2 * torch.rand(len(x), 1, 1, 1, generator=generator) - 1)
    return (sign * x + depth * soft) * contrast.exp().to(x.device)


def _chance(share: float, generator: Generator) -> bool:
    return float(torch.rand((), generator=generator)) < share
