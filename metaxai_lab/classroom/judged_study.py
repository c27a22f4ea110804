"""Two attentions on trial: the experiment of a chapter, at both scales.

An eye learns letters, then stays as it is. On its maps stand attention over support pictures, in
three forms, and attention over the cells of one picture, with twins that imitate it, weigh evenly,
or are guided by it. Source: Jain & Wallace (2019); Wiegreffe & Pinter (2019), sections 3 and 4.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Generator, Tensor, nn

from metaxai_lab.classroom.seen_letters import Seen, draw_seen
from metaxai_lab.core import (
    Episode,
    Examples,
    at_scale,
    initialised_with,
    seeded,
)
from metaxai_lab.evaluation.other_attention import jensen_shannon, total_variation
from metaxai_lab.learners import (
    classification_loss,
    meta_train,
)
from metaxai_lab.learners.attended_maps import AttendedMaps, Weighing
from metaxai_lab.learners.matching import Matching
from metaxai_lab.learners.printed_few_shot import PrintedFewShot

L = TypeVar("L", bound=nn.Module)


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    eye_steps: int  # of 64 pictures
    support_steps: int  # of 16 tasks
    printed_steps: int
    map_steps: int  # of 4 tasks
    twin_steps: int
    n_tasks: int  # new ones, to judge
    n_few: int  # where each is explained by many methods
    seeds: tuple[int, ...] = (0, 1, 2)


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(500, 300, 300, 200, 150, 60, 6),
        full=Plan(3000, 1500, 8000, 1500, 1500, 400, 40),
    )


def train_support(form: str, seen: Seen, *, seed: int, plan: Plan) -> nn.Module:
    """Return a learner whose attention lies on support rows: "labels", "inputs" or "printed"."""
    dim = seen.z.shape[-1]
    with initialised_with(seeded(seed)):
        if form == "printed":
            learner: nn.Module = PrintedFewShot(dim, n_hidden=96)
        else:
            values = "labels" if form == "labels" else "inputs"
            learner = Matching(nn.Identity(), dim=dim, values=values)
    steps = plan.printed_steps if form == "printed" else plan.support_steps
    lr = {"labels": 1e-2, "inputs": 6e-3, "printed": 2e-3}[form]

    def draw(generator: Generator) -> Episode:
        episode = draw_seen(seen, n_tasks=16, n_query=5, blur=0.5, generator=generator)
        return _at_times_one_less(episode, generator) if form == "printed" else episode

    return _trained(learner, draw, steps, lr, seed)


def train_maps(
    seen: Seen, *, seed: int, plan: Plan, weighing: Weighing = "learned"
) -> AttendedMaps:
    """Return a learner whose attention lies on the cells of a picture, or that weighs evenly."""
    with initialised_with(seeded(seed)):
        learner = AttendedMaps(weighing=weighing)
    return _trained(learner, _maps(seen), plan.map_steps, 5e-3, seed)


def imitator(
    teacher: AttendedMaps, seen: Seen, *, unlike: float, seed: int, plan: Plan
) -> AttendedMaps:
    """Train a whole new learner to give the teacher's answers with another attention.

    Its loss is the total variation from the teacher's answers, less `unlike` times the divergence
    of the two attentions. Source: Wiegreffe & Pinter (2019), section 4.1.
    """
    with initialised_with(seeded(seed + 100)):
        learner = AttendedMaps()

    def loss(learner: AttendedMaps, episode: Episode) -> Tensor:
        x = episode.query.x
        with torch.no_grad():
            model = teacher.adapt(episode.support)
            said, looked = model(x).softmax(-1), model.attention(x).flatten(-2)
        own = learner.adapt(episode.support)
        far = jensen_shannon(own.attention(x).flatten(-2), looked).mean()
        return total_variation(own(x).softmax(-1), said).mean() - unlike * far

    return _trained(learner, _maps(seen), plan.twin_steps, 5e-3, seed, loss)


def _maps(seen: Seen) -> Callable[[Generator], Episode]:
    return lambda g: draw_seen(seen, n_tasks=4, n_query=3, generator=g)


def _at_times_one_less(episode: Episode, generator: Generator) -> Episode:
    """Leave out the last support row, every other time: who scores positions must meet that."""
    if torch.rand((), generator=generator) < 0.5:
        return episode
    x, y = episode.support.x, episode.support.y
    return Episode(Examples(x[:, :-1], y[:, :-1]), episode.query)


def _trained(
    learner: L,
    draw: Callable[[Generator], Episode],
    steps: int,
    lr: float,
    seed: int,
    loss: Callable[[Any, Episode], Tensor] = classification_loss,
) -> L:
    knobs = {"steps": steps, "outer_lr": lr, "clip": 1.0, "device": "cpu", "progress": False}
    meta_train(learner, draw, loss, generator=seeded(seed), **knobs)
    return learner.eval()
