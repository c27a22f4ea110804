"""Does the attention follow the task? The experiment of a chapter, one code at both scales.

A learner is trained on mark tasks and base tasks in turn and judged on letters it has never seen:
how often it is right, how much of its attention lies in the right part, and whether that part
changes when the same picture is asked about in the other kind of task.
Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Episode, at_scale, initialised_with, pick_device, seeded
from metaxai_lab.evaluation import mass_in_mask, pointing_game
from metaxai_lab.explainers import spread
from metaxai_lab.learners import AttentiveLearner, AttentiveModel, classification_loss, meta_train
from metaxai_lab.learners.attentive import Focus
from metaxai_lab.tasks import AccentTable, accents, draw_accent_episodes, draw_twin_episodes
from metaxai_lab.tasks.accents import Kind

N_WAY, K_SHOT, CELL = 5, 3, 4
BOTH: list[Kind] = ["mark", "base"]


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    steps: int  # of the outer loop
    n_tasks: int  # in a step, half of each kind
    outer_lr: float
    n_judged: int  # tasks of each kind


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(steps=1400, n_tasks=4, outer_lr=3e-3, n_judged=40),
        full=Plan(steps=2500, n_tasks=16, outer_lr=6e-3, n_judged=300),
    )


@dataclass(frozen=True)
class Marks:
    """What a learner got in one kind of task, as means over the query pictures.

    Args:
        accuracy: the share of right answers.
        peak: the share of pictures whose heaviest cell touches the right part.
        peak_chance: what an even map would get.
        lift: mass in the cells of the right part, as a multiple of their share of all cells.
    """

    accuracy: float
    peak: float
    peak_chance: float
    lift: float


def train(
    focus: Focus,
    *,
    seed: int,
    plan: Plan,
    folder: Path | None = None,
    on_step: Callable[[AttentiveLearner, int], None] | None = None,
    progress: bool = False,
) -> tuple[AttentiveLearner, Float[Tensor, " step"]]:
    """Train an attentive learner on the letters of the train split; return it and its losses.

    Args:
        on_step: called after each step with the learner and the number of steps made.
    """
    generator = seeded(seed)
    with initialised_with(generator):
        learner = AttentiveLearner(N_WAY, focus=focus, skip_empty=True)
    history = meta_train(
        learner,
        partial(training_tasks, n_tasks=plan.n_tasks),
        classification_loss,
        steps=plan.steps,
        outer_lr=plan.outer_lr,
        clip=1.0,
        weight_decay=1e-4,
        generator=generator,
        folder=folder,
        on_step=None if on_step is None else lambda step, _: on_step(learner, step),
        progress=progress,
    )
    return learner, history.losses


def training_tasks(generator: Generator, *, n_tasks: int) -> Episode:
    """Draw the tasks of one step, mark tasks and base tasks in turn."""
    return draw_accent_episodes(
        training_letters(),
        kinds=BOTH * (n_tasks // 2),
        n_way=N_WAY,
        k_shot=K_SHOT,
        n_query=3,
        generator=generator,
    )


@cache
def training_letters() -> AccentTable:
    """Return the letters of the train split, on the device of this run."""
    return accents("train").to(pick_device())


def with_focus(learner: AttentiveLearner, focus: Focus) -> AttentiveLearner:
    """Return a copy with the same weights and another focus: the trained network, hindered."""
    twin = deepcopy(learner)
    twin.focus = focus
    return twin.eval()


def judge(
    learner: AttentiveLearner,
    table: AccentTable,
    kind: Kind,
    *,
    n_tasks: int,
    k_shot: int = K_SHOT,
    generator: Generator,
) -> Marks:
    """Judge a learner on tasks of one kind, 5-way, with 5 query pictures a class."""
    episode = draw_accent_episodes(
        table,
        kinds=(kind,) * n_tasks,
        n_way=N_WAY,
        k_shot=k_shot,
        n_query=5,
        generator=generator,
    )
    with torch.no_grad():
        model = learner.adapt(episode.support)
        answers = model(episode.query.x)
        seen = attention_of(model, episode.query.x, answers)
    right = answers.argmax(-1) == episode.query.y
    truth = planted(episode)
    peak, mass = (f(seen, truth, cell=CELL) for f in (pointing_game, mass_in_mask))
    return Marks(float(right.float().mean()), peak.mean, peak.mean_chance, mass.lift)


def attention_of(
    model: AttentiveModel, x: Float[Tensor, "*tasks row pixel"], answers: Tensor | None = None
) -> Attribution:
    """Read the attention of stacked tasks; the output is that of the predicted class."""
    output = (model(x) if answers is None else answers).amax(-1)
    weights = spread(model.attention(x), x.shape[-1])
    return Attribution(weights, x, output, torch.zeros_like(output), unit="share of attention")


def planted(episode: Episode) -> Bool[Tensor, "*tasks row pixel"]:
    """Return the truth of an episode.

    Raises:
        ValueError: if the episode has none.
    """
    if episode.truth is None:
        raise ValueError(
            "this judge needs an episode with planted truth; found none. Draw accents."
        )
    return episode.truth


def share_that_moves(
    learner: AttentiveLearner,
    table: AccentTable,
    *,
    n_tasks: int,
    exchanged: bool = False,
    generator: Generator,
) -> float:
    """Return the share of pictures whose attention moves to the right part with the task.

    Each picture is asked about in a mark task and in a base task. It counts if the mark holds more
    of the attention in the mark task than in the base task, and the rest of the letter less.

    Args:
        exchanged: hand each task the support of the other kind, as a control.
    """
    pair = draw_twin_episodes(
        table, n_way=N_WAY, k_shot=K_SHOT, n_tasks=n_tasks, generator=generator
    )
    with torch.no_grad():
        told = pair[::-1] if exchanged else pair
        seen = [attention_of(learner.adapt(e.support), e.query.x) for e in told]
    in_mark, in_letter = (
        [mass_in_mask(s, planted(e), cell=CELL).values for s in seen] for e in pair
    )
    moved = (in_mark[0] > in_mark[1]) & (in_letter[1] > in_letter[0])
    return float(moved.float().mean())
