"""Where does attention fall: on contours, on textures, on the object? The experiment of a chapter.

A learner is trained on letters written on photographs and judged on letters and parts of the
photographs that it has never seen. Its maps, and those of other methods and of maps that know
nothing, are laid cell by cell beside edge energy, texture energy and the letter's own pixels.
Chapter: book/attention/pictures.ipynb.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, partial

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.pictures_marks import CELL
from metaxai_lab.core import Attribution, Episode, at_scale, initialised_with, seeded
from metaxai_lab.evaluation.energies import by_cell, centre_prior, edge_energy, texture_energy
from metaxai_lab.explainers import integrated_gradients, occlusion
from metaxai_lab.explainers.grad_cam import grad_cam
from metaxai_lab.learners import AttentiveLearner, classification_loss, meta_train
from metaxai_lab.tasks.composed import SIDE, ComposedTable, composed, draw_composed_episodes
from metaxai_lab.tasks.rings import with_rings

N_WAY, K_SHOT = 5, 3
FAINT, FULL = 0.05, 0.2  # contrast of the grounds
Method = Callable[..., Attribution]  # (model, x, target=...), of stacked tasks
METHODS: Mapping[str, Method] = {
    "Grad-CAM": grad_cam,
    "integrated gradients": partial(integrated_gradients, n_steps=16),
    "occlusion": partial(occlusion, at_once=2),  # pictures that stay in the cache
}


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    faint: int  # steps of the outer loop on faint grounds, where letters are easy to see
    steps: int  # steps after these, on grounds of full contrast
    n_tasks: int  # in a step
    n_judged: int  # tasks for each trained learner
    ringed: int  # steps with rings, for a learner that has met none


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(faint=100, steps=160, n_tasks=8, n_judged=12, ringed=80),
        full=Plan(faint=200, steps=2500, n_tasks=16, n_judged=100, ringed=500),
    )


def fresh(
    seed: int,
    *,
    n_way: int = N_WAY,
    side: int = SIDE,
    cell: int = CELL,
    channels: int = 1,
    dim: int = 32,
) -> AttentiveLearner:
    """Return an untrained learner, for composed pictures where nothing else is asked."""
    with initialised_with(seeded(seed)):
        return AttentiveLearner(n_way, side=side, dim=dim, cell=cell, channels=channels)


def train(
    seed: int,
    plan: Plan,
    *,
    on_step: Callable[[AttentiveLearner, int], None] | None = None,
) -> AttentiveLearner:
    """Train a learner on letters of the train split: on faint grounds first, then on full ones.

    Args:
        on_step: called after each step with the learner and the number of steps made.
    """
    learner, generator = fresh(seed), seeded(seed)
    begun = 0
    for steps, outer_lr, contrast in ((plan.faint, 5e-3, FAINT), (plan.steps, 4e-3, FULL)):

        def tell(step: int, _: float, begun: int = begun) -> None:
            if on_step is not None:
                on_step(learner, begun + step)

        meta_train(
            learner,
            lambda g, contrast=contrast: tasks("train", plan.n_tasks, g, contrast=contrast),
            classification_loss,
            steps=steps,
            outer_lr=outer_lr,
            clip=1.0,
            weight_decay=1e-4,
            generator=generator,
            on_step=tell,
            progress=False,
        )
        begun += steps
    return learner.cpu().eval()


def train_with_rings(
    learner: AttentiveLearner, plan: Plan, *, generator: Generator
) -> AttentiveLearner:
    """Return a copy that was trained further, on tasks whose queries have a ring."""
    copy = deepcopy(learner).train()
    meta_train(
        copy,
        lambda g: with_rings(tasks("train", plan.n_tasks, g), generator=g)[0],
        classification_loss,
        steps=plan.ringed,
        outer_lr=3e-3,
        clip=1.0,
        weight_decay=1e-4,
        generator=generator,
        progress=False,
    )
    return copy.cpu().eval()


def tasks(split: str, n_tasks: int, generator: Generator, *, contrast: float = FULL) -> Episode:
    """Draw tasks of composed pictures, 5-way 3-shot; with 3 query pictures a class, or 5 to judge.

    Raises:
        ValueError: if there is no such split.
    """
    n_query = 3 if split == "train" else 5
    return draw_composed_episodes(
        _table(split),
        n_way=N_WAY,
        k_shot=K_SHOT,
        n_query=n_query,
        n_tasks=n_tasks,
        generator=generator,
        contrast=contrast,
    )


@cache
def _table(split: str) -> ComposedTable:
    return composed(split)


def accuracy(learner: AttentiveLearner, episode: Episode) -> float:
    """Return the share of query pictures that are answered rightly."""
    with torch.no_grad():
        answers = learner.adapt(episode.support)(episode.query.x)
    return float((answers.argmax(-1) == episode.query.y).float().mean())


def attention_of(
    learner: AttentiveLearner, episode: Episode
) -> Float[Tensor, "*tasks row height width"]:
    """Return the attention of the query pictures."""
    with torch.no_grad():
        return learner.adapt(episode.support).attention(episode.query.x)


def maps_of(
    learner: AttentiveLearner, untrained: AttentiveLearner, episode: Episode
) -> dict[str, Float[Tensor, "task row cell"]]:
    """Return all maps of the query pictures: how much each gives to each cell, 0 or more."""
    x = episode.query.x
    maps = {"attention": attention_of(learner, episode).flatten(-2)}
    maps |= {name: explained_by(METHODS[name], learner, episode) for name in METHODS}
    maps["untrained"] = attention_of(untrained, episode).flatten(-2)
    maps["centre prior"] = centre_prior(SIDE, CELL).expand_as(maps["attention"])
    maps["edge energy"] = edge_energy(x, cell=CELL)
    maps["texture energy"] = texture_energy(x, cell=CELL)
    return maps


def explained_by(
    explain: Method, learner: AttentiveLearner, episode: Episode
) -> Float[Tensor, "task row cell"]:
    """Explain the answer that is given to each query picture; add up sizes over the cells."""
    model, x = learner.adapt(episode.support), episode.query.x
    with torch.no_grad():
        answers = model(x).argmax(-1)
    return by_cell(explain(model, x, target=answers).values.abs(), CELL)
