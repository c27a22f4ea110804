"""Right answers, right or wrong reasons: the experiment of a chapter, one code at both scales.

A network tells the letter n from the letter u. A scanner has left a stamp in the corner of each
picture, a ring or a cross. Where the stamp agrees with the letter, a network may learn the stamp
alone; its accuracy there does not show it. Source: Zech et al. (2018) for scanners that told a
hospital; Lapuschkin et al. (2019) for a tag in the corner.
Chapter: book/concepts/why_explain.ipynb.
"""

from dataclasses import dataclass, replace
from functools import cache

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from metaxai_lab.core import (
    Attribution,
    Examples,
    Explainer,
    Model,
    at_scale,
    fork,
    initialised_with,
    pick_device,
    seeded,
)
from metaxai_lab.evaluation import mass_in_mask
from metaxai_lab.explainers import uniform
from metaxai_lab.learners.pictures import refuse_other_side
from metaxai_lab.tasks import affine_jitter, draw_all, warp

LETTERS = ("n", "u")
SIDE, EM = 28, 20
CORNER = slice(1, 6)  # rows and columns of the stamp
RING = (".###.", "#...#", "#...#", "#...#", ".###.")
CROSS = ("#...#", ".#.#.", "..#..", ".#.#.", "#...#")
TIE = 1e-5  # shares that differ by less are equal but for rounding
JITTER = {"turn": 12.0, "stretch": 0.12, "shear": 0.15, "shift": 0.06}


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_pictures: int  # to learn from
    steps: int  # of 64 pictures
    n_judged: int  # new pictures, for the accuracy
    n_explained: int  # the first of them, for explanations


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(2000, 400, 1000, 100), full=Plan(20000, 4000, 10000, 1000))


def letters(n_pictures: int, *, generator: Generator) -> Examples:
    """Draw pictures of n (class 0) and u (class 1) in turn, without a stamp.

    Each is in one of twelve typefaces, turned, stretched, slanted and moved a little.
    """
    y = torch.arange(n_pictures) % len(LETTERS)
    drawn = _drawn()
    face = torch.randint(drawn.shape[1], (n_pictures,), generator=generator)
    maps = affine_jitter(n_pictures, **JITTER, generator=generator)
    return Examples(warp(drawn[y, face], maps).flatten(1), y)


def stamped(bare: Examples, which: Int[Tensor, " row"]) -> Examples:
    """Return the same pictures with a ring (0) or a cross (1) in the corner."""
    squares = bare.x.view(-1, SIDE, SIDE).clone()
    squares[:, CORNER, CORNER] = _stamps().to(bare.x.device)[which]
    return Examples(squares.flatten(1), bare.y)


def habit(y: Int[Tensor, " row"], *, agreement: float, generator: Generator) -> Int[Tensor, " row"]:
    """Draw a stamp for each class: the one of its own number with probability `agreement`."""
    other = torch.rand(y.shape, generator=generator) >= agreement
    return torch.where(other.to(y.device), 1 - y, y)


def corner() -> Bool[Tensor, " pixel"]:
    """Return the pixels that a stamp may touch."""
    mask = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    mask[CORNER, CORNER] = True
    return mask.flatten()


class SeenAnywhere(nn.Module):
    """Three layers of small filters; what each last filter saw best, wherever, decides.

    No weight belongs to a place of the picture, so none can be called "the weight of the stamp".

    Args:
        width: filters of the first layer; the others have twice as many.
    """

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        sizes = ((1, width, 5), (width, 2 * width, 3), (2 * width, 2 * width, 3))
        self.filters = nn.ModuleList(
            nn.Conv2d(a, b, side, stride=2, padding=side // 2) for a, b, side in sizes
        )
        self.answer = nn.Linear(2 * width, 1)

    def forward(self, x: Float[Tensor, "*tasks row pixel"]) -> Float[Tensor, "*tasks row 1"]:
        """Return the log-odds of u against n for each picture."""
        refuse_other_side(x, SIDE)
        maps = x.reshape(-1, 1, SIDE, SIDE)
        for each in self.filters:
            maps = F.relu(each(maps))
        return self.answer(maps.amax((2, 3))).reshape(*x.shape[:-1], 1)


def untrained(seed: int) -> SeenAnywhere:
    """Return the network that `train` begins with."""
    with initialised_with(seeded(seed)):
        return SeenAnywhere().eval()


def train(agreement: float, *, seed: int, plan: Plan) -> SeenAnywhere:
    """Train a network on letters whose stamp agrees with the class with this probability.

    First weights, letters and their order depend on the seed alone, whatever the agreement.
    """
    device, generator = pick_device(), seeded(seed)
    net = untrained(seed).to(device).train()
    bare = letters(plan.n_pictures, generator=generator)
    which = habit(bare.y, agreement=agreement, generator=fork(generator))
    rows = stamped(bare, which).to(device)
    adam = torch.optim.Adam(net.parameters(), lr=3e-3, fused=True)
    for _ in range(plan.steps):
        some = torch.randint(plan.n_pictures, (64,), generator=generator).to(device)
        wanted = rows.y[some].float()
        loss = F.binary_cross_entropy_with_logits(net(rows.x[some])[:, 0], wanted)
        adam.zero_grad()
        loss.backward()
        adam.step()
    return net.eval().cpu()


def right(model: Model, rows: Examples) -> Bool[Tensor, " row"]:
    """Return which answers are right: log-odds above 0 say class 1."""
    with torch.no_grad():
        return (model(rows.x)[..., 0] > 0) == rows.y.bool()


def accuracy(model: Model, rows: Examples) -> float:
    """Return the share of right answers."""
    return float(right(model, rows).float().mean())


def difference(one: Model, other: Model, rows: Examples) -> tuple[float, float]:
    """Return the accuracy of `one` less that of `other`, and half its 95 % interval.

    Both answer about the same pictures, so the interval is that of a mean of paired differences.
    """
    gap = right(one, rows).double() - right(other, rows).double()
    return float(gap.mean()), float(1.96 * gap.std() / len(gap) ** 0.5)


def turned(model: Model, bare: Examples) -> float:
    """Return the share of answers that turn when ring and cross are exchanged."""
    with torch.no_grad():
        own, other = (model(stamped(bare, which).x) > 0 for which in (bare.y, 1 - bare.y))
    return float((own != other).float().mean())


def shares(explain: Explainer, model: Model, rows: Examples) -> Float[Tensor, " row"]:
    """Return for each picture the share of the explanation's mass that lies in the corner."""
    found = explain(model, rows.x, target=0)
    return mass_in_mask(found, corner().expand_as(rows.x)).values


def ink(model: Model, x: Float[Tensor, "row pixel"], *, target: int) -> Attribution:
    """Hand the output out by how dark a pixel is: it traces the letter, and knows no model."""
    found = uniform(model, x, target=target)
    part = x / x.sum(-1, keepdim=True).clamp_min(1e-12)
    return replace(found, values=found.values.sum(-1, keepdim=True) * part)


def tells_apart(one: Float[Tensor, " row"], other: Float[Tensor, " other"]) -> float:
    """Return how often a row of `one` is above one of `other`; a tie is half, 0.5 is chance."""
    gaps = one.unsqueeze(1) - other.unsqueeze(0)
    above = gaps.sign().where(gaps.abs() > TIE, 0)
    return float((0.5 * (1 + above)).mean())


@cache
def _drawn() -> Float[Tensor, "letter face height width"]:
    return draw_all(LETTERS, size=EM, side=SIDE, centred=True).float() / 255


@cache
def _stamps() -> Float[Tensor, "stamp height width"]:
    dots = [[[dot == "#" for dot in row] for row in kind] for kind in (RING, CROSS)]
    return torch.tensor(dots).float()
