"""Two attentions on trial: the experiment of a chapter, at both scales.

An eye learns letters, then stays as it is. On its maps stand attention over support pictures, in
three forms, and attention over the cells of one picture, with twins that imitate it, weigh evenly,
or are guided by it. Source: Jain & Wallace (2019); Wiegreffe & Pinter (2019), sections 3 and 4.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn

from metaxai_lab.classroom.seen_letters import Seen, draw_seen
from metaxai_lab.core import (
    Episode,
    Examples,
    at_scale,
    initialised_with,
    seeded,
)
from metaxai_lab.evaluation import shuffled_labels
from metaxai_lab.evaluation.other_attention import jensen_shannon, total_variation
from metaxai_lab.learners import (
    classification_loss,
    meta_train,
)
from metaxai_lab.learners.attended_maps import AttendedMaps, Weighing
from metaxai_lab.learners.matching import Matching, Values
from metaxai_lab.learners.printed_few_shot import PrintedFewShot

L = TypeVar("L", bound=nn.Module)


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    eye_steps: int  # of 64 pictures
    support_steps: int  # of 10 tasks
    map_steps: int  # of 4 tasks
    twin_steps: int
    n_tasks: int  # new ones, to judge
    n_few: int  # where each is explained by many methods
    seeds: tuple[int, ...] = (0, 1, 2)


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(500, 400, 150, 120, 40, 6),
        full=Plan(3000, 1500, 1500, 1500, 400, 40),
    )


def train_support(values: Values, seen: Seen, *, seed: int, plan: Plan) -> Matching:
    """Return a learner whose attention lies on support rows and adds up labels, or inputs."""
    with initialised_with(seeded(seed)):
        learner = Matching(nn.Identity(), dim=seen.z.shape[-1], values=values)
    draw = partial(draw_seen, seen, n_tasks=10, n_query=5, blur=0.5)
    lr = 1e-2 if values == "labels" else 6e-3
    return _trained(learner, lambda g: draw(generator=g), plan.support_steps, lr, seed)


def train_printed(seen: Seen, *, seed: int, steps: int) -> PrintedFewShot:
    """Return the printed equations, trained to the letter; steps are of 16 tasks."""
    with initialised_with(seeded(seed)):
        learner = PrintedFewShot(seen.z.shape[-1], n_hidden=96)

    def draw(generator: Generator) -> Episode:
        episode = draw_seen(seen, n_tasks=16, n_query=5, blur=0.5, generator=generator)
        return _at_times_one_less(episode, generator)

    return _trained(learner, draw, steps, 2e-3, seed)


def train_maps(
    seen: Seen, *, seed: int, plan: Plan, weighing: Weighing = "learned", shuffled: bool = False
) -> AttendedMaps:
    """Return a learner whose attention lies on the cells of a picture, or that weighs evenly.

    Args:
        shuffled: deal the labels of each support set anew, so that nothing can be learned.
    """
    with initialised_with(seeded(seed)):
        learner = AttendedMaps(weighing=weighing)

    def draw(generator: Generator) -> Episode:
        episode = _maps(seen, generator)
        if not shuffled:
            return episode
        return Episode(shuffled_labels(episode.support, generator=generator), episode.query)

    return _trained(learner, draw, plan.map_steps, 5e-3, seed)


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
        with torch.no_grad():
            said, looked = _said_and_looked(teacher, episode)
        own, weights = _said_and_looked(learner, episode)
        far = jensen_shannon(weights, looked).mean()
        return total_variation(own, said).mean() - unlike * far

    return _trained(learner, partial(_maps, seen), plan.twin_steps, 5e-3, seed, loss)


def _said_and_looked(
    learner: AttendedMaps, episode: Episode
) -> tuple[Float[Tensor, "task row class"], Float[Tensor, "task row cell"]]:
    """Return the answers to the query rows, as probabilities, and their attention, in one pass."""
    cells = learner.cells(episode.query.x)
    weights = learner.weigh(cells)
    return learner.adapt(episode.support).answer(cells, weights).softmax(-1), weights


class Guided(AttendedMaps):
    """Learns what to read in the cells, with the weights of another learner."""

    def __init__(self, guide: AttendedMaps) -> None:
        super().__init__()
        self.guide = guide.requires_grad_(requires_grad=False)

    def weigh(
        self, cells: Float[Tensor, "*tasks row cell channel"]
    ) -> Float[Tensor, "*tasks row cell"]:
        """Return the weights of the guide."""
        return self.guide.weigh(cells)


def guided(guide: AttendedMaps, seen: Seen, *, seed: int, plan: Plan) -> Guided:
    """Train a new learner under the weights of `guide`, as long as the guide was.

    Source: Wiegreffe & Pinter (2019), section 3.3.
    """
    with initialised_with(seeded(seed + 200)):
        learner = Guided(deepcopy(guide))
    return _trained(learner, partial(_maps, seen), plan.map_steps, 5e-3, seed)


def _maps(seen: Seen, generator: Generator) -> Episode:
    return draw_seen(seen, n_tasks=4, n_query=3, generator=generator)


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
