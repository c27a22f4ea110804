"""A learner that is guided by gates learned across tasks: the experiment of a chapter.

The tasks are planted tables with 64 columns of which 6 act, all from one of 8 blocks of neighbours;
in the control family each task draws them from anywhere. What the gates find can therefore be
judged. Families of sparse tasks as a test of what is shared: Argyriou, Evgeniou & Pontil (2008).
Chapter: book/importance/guiding_a_learner.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import process_time
from typing import Literal

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, Examples, Model, at_scale, initialised_with, seeded
from metaxai_lab.learners import FeatureGates, Gates, Guided, meta_train_gates, scaled_errors
from metaxai_lab.learners.guided import GuidedModel
from metaxai_lab.tasks import PlantedFamily

SHARED = PlantedFamily(n_features=64, n_relevant=6, shared="block", block_size=8, noise=0.2)
LOOSE = replace(SHARED, shared="pool")  # nothing shared: each task draws its columns from all 64
ROWS = 20  # of support, unless said otherwise
HOW = {"clip": 5.0, "device": "cpu"}
Way = Literal["inputs", "penalty", "initialisation"]


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    aware: int  # steps of gates that know the columns
    blind: int  # of gates that do not
    again: int  # of gates that meet a fixed number of tasks again and again
    n_judged: int  # unseen tasks
    n_at_once: int = 16  # tasks of a step


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(200, 200, 400, 200), full=Plan(4000, 4000, 8000, 1000))


@dataclass(frozen=True, eq=False)
class Trained:
    """A guided learner, and what its training took."""

    learner: Guided
    seconds: float  # of one core
    n_met: int  # different tasks


def train(
    *,
    aware: bool,
    steps: int,
    seed: int,
    family: PlantedFamily = SHARED,
    by: Way = "penalty",
    n_tasks: int | None = None,
) -> Trained:
    """Train gates and the learner they guide across tasks of a family.

    Args:
        aware: the gates know each column by a vector of its own.
        n_tasks: train on so many tasks again and again, each with rows that are given once; None
            for new tasks at each step.
    """
    with initialised_with(seeded(seed)):
        learner = Guided(FeatureGates(n_features=family.n_features if aware else None), by=by)
    draw = _fresh(family) if n_tasks is None else _again(family, n_tasks, seed=seed)
    begun = process_time()
    meta_train_gates(learner, draw, steps=steps, generator=seeded(100 + seed), **HOW)
    n_met = n_tasks or steps * plan().n_at_once
    return Trained(learner, process_time() - begun, n_met)


def unseen(
    *,
    seed: int = 0,
    k_support: int = ROWS,
    family: PlantedFamily = SHARED,
    n_tasks: int | None = None,
) -> Episode:
    """Draw tasks that no learner has met, with 100 query rows each."""
    n_tasks = n_tasks or plan().n_judged
    generator = seeded(9000 + seed)
    return family.draw(k_support=k_support, n_query=100, n_tasks=n_tasks, generator=generator)


def first(episode: Episode, n_tasks: int) -> Episode:
    """Return the first tasks of a stack."""
    support, query = (
        Examples(part.x[:n_tasks], part.y[:n_tasks]) for part in (episode.support, episode.query)
    )
    return Episode(support, query, None if episode.truth is None else episode.truth[:n_tasks])


def with_rows(episode: Episode, k_support: int) -> Episode:
    """Return the same tasks with the first of their support rows."""
    x, y = episode.support.x[:, :k_support], episode.support.y[:, :k_support]
    return Episode(Examples(x, y), episode.query, episode.truth)


def true_sizes(*, seed: int = 0, family: PlantedFamily = SHARED) -> Float[Tensor, "task feature"]:
    """Return the sizes of the true weights of the tasks that `unseen` draws with this seed."""
    return family.tasks(plan().n_judged, generator=seeded(9000 + seed)).weights.abs()


def relevant(episode: Episode) -> Tensor:
    """Return which columns act in each task."""
    assert episode.truth is not None
    return episode.truth[..., 0, :]


@torch.no_grad()
def adapted(learner: Guided, episode: Episode, gates: Gates | None = None) -> GuidedModel:
    """Return the models of all tasks of the stack, guided by their own gates or by those given."""
    return learner.adapt(episode.support, gates)


@torch.no_grad()
def errors(model: Model, episode: Episode) -> Float[Tensor, " task"]:
    """Return the squared error on query rows, where 1 is what the mean of the targets gets."""
    return scaled_errors(model(episode.query.x), episode)


def _fresh(family: PlantedFamily) -> Callable[[Generator], Episode]:
    def draw(generator: Generator) -> Episode:
        return family.draw(
            k_support=ROWS, n_query=2 * ROWS, n_tasks=plan().n_at_once, generator=generator
        )

    return draw


def _again(family: PlantedFamily, n_tasks: int, *, seed: int) -> Callable[[Generator], Episode]:
    """Keep tasks with three times as many rows as a support; each step splits the rows anew."""
    kept = family.draw(
        k_support=ROWS, n_query=2 * ROWS, n_tasks=n_tasks, generator=seeded(200 + seed)
    )
    x = torch.cat([kept.support.x, kept.query.x], 1)
    y = torch.cat([kept.support.y, kept.query.y], 1)

    def draw(generator: Generator) -> Episode:
        task = torch.randint(n_tasks, (plan().n_at_once, 1), generator=generator)
        row = torch.stack([torch.randperm(y.shape[1], generator=generator) for _ in task])
        support, query = row[:, :ROWS], row[:, ROWS:]
        return Episode(
            Examples(x[task, support], y[task, support]), Examples(x[task, query], y[task, query])
        )

    return draw
