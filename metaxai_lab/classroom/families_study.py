"""One set of tasks, three families of learners: the experiment of a chapter at both scales.

Each family is trained across the same tasks, is asked which support row moved a prediction, and is
put to a test with a planted truth: one support row has the wrong label. Source: Hospedales et al.
(2022), section 2.2, for the three families. Chapter: book/concepts/three_families.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import process_time
from typing import Any

import torch
from jaxtyping import Int
from torch import Generator, Tensor, nn

from metaxai_lab.classroom.seen_letters import DIM, SHOT, WAY, Seen, draw_seen
from metaxai_lab.core import Examples, at_scale, initialised_with, seeded
from metaxai_lab.explainers import (
    Influence,
    read_distances,
    read_inner_loop,
    read_reading,
    read_support_attention,
)
from metaxai_lab.explainers.influence import Target
from metaxai_lab.learners import (
    Maml,
    Matching,
    Mlp,
    ProtoNet,
    Recurrent,
    classification_loss,
    meta_train,
)

BLUR = 0.5  # of training rows
Learner = Any  # an nn.Module with adapt(support) -> Model


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    eye_steps: int  # of 64 pictures
    effort: float  # how often the steps of a family
    n_tasks: int  # new ones, to judge
    seeds: tuple[int, ...] = (0, 1, 2)


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(300, 1.0, 100), full=Plan(3000, 5.0, 600))


@dataclass(frozen=True)
class Family:
    """A learner of one family, how it is trained, and how its own learning is read.

    Args:
        kind: "metric", "optimisation" or "model".
        make: a new one, with first weights.
        steps: of 16 tasks each.
        read: from a learner, support rows, query rows and targets to influence.
    """

    kind: str
    make: Callable[[], Learner]
    steps: int
    read: Callable[[Learner, Examples, Tensor, Target], Influence]


def _attention(learner: Matching, support: Examples, x: Tensor, target: Target) -> Influence:
    return read_support_attention(learner.adapt(support), x, target)


def _share(learner: Matching, support: Examples, x: Tensor, target: Target) -> Influence:
    return read_support_attention(learner.adapt(support), x, target, form="share")


def _maml(**settings: Any) -> Maml:
    return Maml(Mlp(DIM, (40, 40), WAY), inner_lr=0.1, inner_steps=5, **settings)


FAMILIES = {
    "prototypes": Family(
        "metric",
        lambda: ProtoNet(nn.Linear(DIM, 64, bias=False), sharpness=0.02),
        100,
        read_distances,
    ),
    "matching": Family("metric", lambda: Matching(nn.Identity()), 200, _attention),
    "MAML": Family("optimisation", _maml, 150, read_inner_loop),
    "ANIL": Family("optimisation", lambda: _maml(moves="head"), 200, read_inner_loop),
    "recurrent": Family("model", lambda: Recurrent(DIM, WAY, 64), 1000, read_reading),
}
INPUTS = Family("metric", lambda: Matching(nn.Identity(), values="inputs"), 250, _share)


def untrained(family: Family, *, seed: int) -> Learner:
    """Return the learner that `train` begins with."""
    with initialised_with(seeded(seed)):
        return family.make().eval()


def train(family: Family, seen: Seen, *, seed: int, plan: Plan) -> tuple[Learner, float]:
    """Return a learner trained across tasks, and the seconds of CPU that it took."""
    learner, generator, begun = untrained(family, seed=seed), seeded(seed), process_time()
    meta_train(
        learner,
        lambda g: draw_seen(seen, n_tasks=16, n_query=5, blur=BLUR, generator=g),
        classification_loss,
        steps=round(plan.effort * family.steps),
        outer_lr=3e-3,
        clip=1.0,
        generator=generator,
        progress=False,
    )
    return learner.cpu().eval(), process_time() - begun


@torch.no_grad()
def answers(learner: Learner, support: Examples, x: Tensor) -> Int[Tensor, "*tasks row"]:
    """Return the class that the adapted learner gives to each row of `x`."""
    return learner.adapt(support)(x).argmax(-1)


def own_rows(influence: Influence, support: Examples, target: Tensor) -> Influence:
    """Keep the 5 support rows of the target's own class: what labels alone cannot order."""
    own = (support.y.unsqueeze(-2) == target.unsqueeze(-1)).float()
    places = own.topk(SHOT).indices.sort().values
    return replace(influence, values=influence.values.gather(-1, places))


def mislabelled(
    support: Examples, *, generator: Generator
) -> tuple[Examples, Int[Tensor, " task"]]:
    """Give one support row of each task another class, and say which row."""
    n_tasks, n_rows = support.y.shape
    row = torch.randint(n_rows, (n_tasks,), generator=generator)
    steps = torch.randint(1, WAY, (n_tasks,), generator=generator)
    y, task = support.y.clone(), torch.arange(n_tasks)
    y[task, row] = (y[task, row] + steps) % WAY
    return Examples(support.x, y), row


def suspect(influence: Influence) -> Int[Tensor, " task"]:
    """Return the support row of each task that took most from the right answers in all."""
    return influence.values.sum(-2).argmin(-1)
