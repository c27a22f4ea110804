"""What a guided learner is worth: its judges, and the tasks that put it to the test.

Tasks whose columns lie elsewhere, tasks where a column fades, tasks whose rows were drawn twice;
error after deletion, coverage of what the gates say of themselves, and the cost of a new task.
Chapter: book/importance/guiding_a_learner.ipynb.
"""

from collections.abc import Sequence
from time import process_time

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.classroom.guiding_study import (
    ROWS,
    SHARED,
    Trained,
    adapted,
    errors,
    plan,
    relevant,
    unseen,
)
from metaxai_lab.core import Episode, Examples, Model, seeded
from metaxai_lab.evaluation import coverage, precision_at, recovery
from metaxai_lab.learners import Gates, Guided, scaled_errors
from metaxai_lab.tasks import PlantedFamily


def elsewhere(episode: Episode, shift: int = 4) -> Episode:
    """Move all columns on by half a block: what acts now lies across two of the old blocks."""
    support, query = (
        Examples(part.x.roll(shift, -1), part.y) for part in (episode.support, episode.query)
    )
    truth = None if episode.truth is None else episode.truth.roll(shift, -1)
    return Episode(support, query, truth)


def faded(
    strengths: Sequence[float], *, seed: int = 0, n_tasks: int | None = None
) -> tuple[list[Episode], Int[Tensor, " task"]]:
    """Return the same tasks with one relevant column weaker and weaker, and which column it is."""
    n_tasks = n_tasks or plan().n_judged
    generator = seeded(9700 + seed)
    tasks = SHARED.tasks(n_tasks, generator=generator)
    episode = tasks.draw(k_support=ROWS, n_query=100, generator=generator)
    column = tasks.weights.abs().argmax(-1)  # the one that acts most

    def weaker(part: Examples, strength: float) -> Examples:
        lost = (1 - strength) * tasks.weights * F.one_hot(column, part.x.shape[-1])
        return Examples(part.x, part.y - (part.x @ lost[..., None])[..., 0])

    return [
        Episode(weaker(episode.support, one), weaker(episode.query, one), episode.truth)
        for one in strengths
    ], column


def two_draws(
    *, seed: int = 0, family: PlantedFamily = SHARED, n_tasks: int | None = None
) -> tuple[Episode, Episode]:
    """Draw the same unseen tasks twice, with other rows."""
    n_tasks = n_tasks or plan().n_judged
    generator = seeded(9500 + seed)
    tasks = family.tasks(n_tasks, generator=generator)
    first, second = (tasks.draw(k_support=ROWS, n_query=100, generator=generator) for _ in range(2))
    return first, second


def deleted(
    model: Model,
    episode: Episode,
    importance: Float[Tensor, "task feature"],
    n: int,
    *,
    lowest: bool = False,
) -> Float[Tensor, " task"]:
    """Return the error once the `n` columns of highest importance are 0 in the query rows.

    Args:
        lowest: take those of lowest importance instead.
    """
    gone = importance.argsort(-1, descending=not lowest)[..., :n]
    kept = torch.ones_like(importance).scatter(-1, gone, 0)
    x = episode.query.x * kept[..., None, :]
    with torch.no_grad():
        return scaled_errors(model(x), episode)


def calibrated(
    learner: Guided, *, scale: float = 1.0, seed: int = 0, family: PlantedFamily = SHARED
) -> float:
    """Return how often the gates that other rows of a task give lie in the intervals of 90 %.

    Args:
        scale: multiplies the spread.
    """
    gates, seen = _twice(learner, seed, family)
    return coverage(*Gates(gates.logits, scale * gates.spread).interval(0.9), seen).mean


def by_spread(learner: Guided, *, constant: bool = False, seed: int = 0) -> list[float]:
    """Return the same for three thirds of all columns: of smallest, middle and largest spread.

    Args:
        constant: lay the mean spread around every gate, as one would who is as sure of all.
    """
    gates, seen = _twice(learner, seed, SHARED)
    spread = gates.spread.mean().expand_as(gates.spread) if constant else gates.spread
    low, high = Gates(gates.logits, spread).interval(0.9)
    inside = ((low <= seen) & (seen <= high)).flatten().float()
    thirds = inside[gates.spread.flatten().argsort()].chunk(3)
    return [float(third.mean()) for third in thirds]


def milliseconds(learner: Guided, n_times: int = 50) -> float:
    """Return what it takes one core to read the rows of a new task and fit it: the best time."""
    support = unseen(n_tasks=1).task(0).support
    taken = []
    with torch.no_grad():
        for _ in range(n_times):
            begun = process_time()
            learner.adapt(support)
            taken.append(1000 * (process_time() - begun))
    return min(taken)


def marks(
    trained: Trained, family: PlantedFamily = SHARED, *, seed: int = 0
) -> dict[str, float | int]:
    """Return what a record keeps of a learner: errors, recovered truth, calibration, cost."""
    judged = unseen(seed=seed, family=family)
    model, truth = adapted(trained.learner, judged), relevant(judged)
    moved = elsewhere(judged)
    return {
        "error": float(errors(model, judged).mean()),
        "auroc": recovery(model.gates.weights, truth).mean,
        "precision": precision_at(model.gates.weights, truth, 6).mean,
        "elsewhere": float(errors(adapted(trained.learner, moved), moved).mean()),
        "coverage": calibrated(trained.learner, seed=seed, family=family),
        "seconds": trained.seconds,
        "n_met": trained.n_met,
    }


def _twice(
    learner: Guided, seed: int, family: PlantedFamily
) -> tuple[Gates, Float[Tensor, "task feature"]]:
    before, after = two_draws(seed=seed, family=family)
    return adapted(learner, before).gates, adapted(learner, after).gates.weights
