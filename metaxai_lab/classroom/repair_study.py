"""A stamp in the corner, found and repaired: the experiment of a chapter, one code at both scales.

Learners are trained on letters whose corner stamps tell the class, and judged on scripts that they
have never seen, with stamps that tell the class, are left out, or tell another class. The repair
sees training tasks alone, stamps and all, and a few marked pictures.
Chapter: book/attention/repair_and_deploy.ipynb.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, at_scale, initialised_with, seeded
from metaxai_lab.learners import (
    AttentiveLearner,
    Marked,
    ProtoNet,
    StridedEncoder,
    attention_penalty,
    classification_loss,
    guided_loss,
    meta_train,
    reason_penalty,
    reasons,
    share,
)
from metaxai_lab.tasks import draw_episodes, glyphs, stamped
from metaxai_lab.tasks.stamps import STAMP, Says

N_WAY, K_SHOT, N_QUERY = 5, 3, 3
CELL = 4  # side of a cell of attention, in pixels
AROUND = 4  # pixels that a box reaches beyond the stamp, on each side
_letters = cache(glyphs)
L = TypeVar("L", ProtoNet, AttentiveLearner)


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    sound: int  # steps of the outer loop
    faulty: int  # a false cue is learned sooner than letters
    repair: int
    looks: int  # of a learner with attention
    cleaning: int  # of its repair
    n_tasks: int  # in a step
    n_judged: int
    repair_lr: float  # fewer steps are larger


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(260, 110, 200, 130, 120, n_tasks=2, n_judged=60, repair_lr=1.1e-2),
        full=Plan(1500, 500, 1000, 800, 600, n_tasks=16, n_judged=500, repair_lr=8e-3),
    )


def draw(
    split: str, *, says: Says, n_tasks: int, generator: Generator, n_query: int = N_QUERY
) -> tuple[Episode, Bool[Tensor, "task row pixel"]]:
    """Draw stamped tasks of a split, and where the stamps of their query pictures are."""
    sizes = {"n_way": N_WAY, "k_shot": K_SHOT, "n_query": n_query, "n_tasks": n_tasks}
    tasks = draw_episodes(_letters(split), **sizes, generator=generator)
    return stamped(tasks, says=says, n_way=N_WAY, generator=generator)


def reader(seed: int) -> ProtoNet:
    """Return an untrained learner that compares pictures with the means of the classes."""
    with initialised_with(seeded(seed)):
        return ProtoNet(StridedEncoder(width=12), sharpness=1.0)


def looker(seed: int) -> AttentiveLearner:
    """Return an untrained learner that says by its attention where it looks."""
    with initialised_with(seeded(seed)):
        return AttentiveLearner(N_WAY, dim=32, focus="blind", cell=CELL, skip_empty=True)


def train(learner: L, *, says: Says, seed: int, steps: int, outer_lr: float = 5e-3) -> L:
    """Train a learner in place on stamped tasks of the train split; return it."""
    return _fit(learner, says, classification_loss, seed=seed, steps=steps, outer_lr=outer_lr)


def repaired(
    learner: L,
    marked: Marked,
    *,
    seed: int,
    steps: int,
    strength: float = 5.0,
    by_attention: bool = False,
    outer_lr: float | None = None,
    watch: Callable[[int, L], None] | None = None,
) -> L:
    """Return a copy that was trained on, on tasks whose stamps still tell the class.

    Args:
        by_attention: punish the attention on marked cells, not the reasons in marked pixels.
        outer_lr: of the plan, if None.
        watch: is called after each step with the number of steps made and the learner.
    """
    twin = deepcopy(learner)
    how = attention_penalty if by_attention else reason_penalty
    drawn = seeded(seed + 500)
    loss = guided_loss(marked, strength=strength, penalty=how, generator=drawn)
    told = None if watch is None else lambda step, _: watch(step, twin)
    rest = {"steps": steps, "outer_lr": outer_lr or plan().repair_lr, "on_step": told}
    return _fit(twin, "the class", loss, seed=seed + 100, **rest)


def to_mark(n: int, *, seed: int) -> tuple[Tensor, Bool[Tensor, "row pixel"]]:
    """Return `n` training pictures, each of another task, and where their stamps are."""
    tasks, where = draw("train", says="the class", n_tasks=n, generator=seeded(7000 + seed))
    return tasks.query.x[:, 0], where[:, 0]


def masks(n: int, *, seed: int) -> Marked:
    """Return pictures with their stamps marked to the pixel."""
    return Marked(*to_mark(n, seed=seed))


def boxes(n: int, *, seed: int) -> Marked:
    """Return the same pictures with a generous box around each stamp, as a hurried hand draws."""
    x, where = to_mark(n, seed=seed)
    reach = F.max_pool2d(where.view(-1, 1, 28, 28).float(), 2 * AROUND + 1, 1, AROUND)
    return Marked(x, reach.flatten(1) > 0)


@torch.no_grad()
def accuracy(learner: ProtoNet | AttentiveLearner, *, says: Says, seed: int = 0) -> float:
    """Return how often a learner is right on unseen scripts, whatever the stamps say."""
    tasks, _ = draw("test", says=says, n_tasks=plan().n_judged, generator=seeded(9000 + seed))
    outputs = learner.adapt(tasks.support)(tasks.query.x)
    return float((outputs.argmax(-1) == tasks.query.y).double().mean())


def on_stamp(learner: ProtoNet | AttentiveLearner, *, seed: int = 0) -> float:
    """Return what share of the reasons lies in the stamp, on unseen scripts."""
    tasks, where = draw("test", says="the class", n_tasks=20, generator=seeded(9000 + seed))
    found = reasons(learner.adapt(tasks.support), tasks.query.x)
    return float(share(found.abs(), where).mean())


@torch.no_grad()
def attention_on_stamp(learner: AttentiveLearner, *, seed: int = 0) -> float:
    """Return what share of the attention lies in the cells that the stamp touches."""
    tasks, where = draw("test", says="the class", n_tasks=20, generator=seeded(9000 + seed))
    weights = learner.adapt(tasks.support).attention(tasks.query.x).flatten(-2)
    return float((weights * _touched(where)).sum(-1).mean())


@torch.no_grad()
def content_on_stamp(learner: AttentiveLearner, *, seed: int = 0) -> float:
    """Return the mean length of what a cell that the stamp touches would add, at weight 1."""
    tasks, where = draw("test", says="the class", n_tasks=20, generator=seeded(9000 + seed))
    lengths = learner.value(learner.look(tasks.query.x)[0]).norm(dim=-1)
    return float(lengths[_touched(where)].mean())


def stamp_share() -> float:
    """Return the share of a picture's pixels that its stamp covers: chance for `on_stamp`."""
    return STAMP**2 / 28**2


def _fit(
    learner: L,
    says: Says,
    loss: Callable[[L, Episode], Float[Tensor, ""]],
    *,
    seed: int,
    steps: int,
    outer_lr: float,
    on_step: Callable[[int, float], None] | None = None,
) -> L:
    meta_train(
        learner,
        lambda g: draw("train", says=says, n_tasks=plan().n_tasks, generator=g)[0],
        loss,
        steps=steps,
        outer_lr=outer_lr,
        clip=1.0,
        weight_decay=1e-4,
        generator=seeded(seed),
        on_step=on_step,
        progress=False,
    )
    return learner.cpu()


def _touched(where: Bool[Tensor, "task row pixel"]) -> Bool[Tensor, "task row cell"]:
    cells = F.max_pool2d(where.view(-1, 1, 28, 28).float(), CELL)
    return cells.view(*where.shape[:-1], -1) > 0
