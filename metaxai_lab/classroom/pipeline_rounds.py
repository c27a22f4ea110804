"""A fault with a twin: the repair of one column moves the importance to the other.

A second column, c7, is filled in afterwards too, as the note is. An analysis names one of them.
Repaired against it, the learner leans on the other; so the steps of analysis and repair are taken
in rounds, until no fault is left. Chapter: book/concepts/five_steps.ipynb.
"""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.classroom.pipeline_fault import (
    COLUMNS,
    FAMILY,
    accuracy,
    importance,
    new_tasks,
    suspect,
    untrained,
)
from metaxai_lab.classroom.pipeline_repair import fine_tune
from metaxai_lab.classroom.pipeline_study import Plan
from metaxai_lab.core import Episode, Examples, seeded

TWINS = ("c7", "note")
KNOWN = {name: name not in TWINS for name in COLUMNS}
MOST_ROUNDS = 4


@dataclass(frozen=True)
class Round:
    """What is known of a learner when its repair against `named` has been made.

    Args:
        named: the columns that the analyses so far have named, in order.
        shares: of each column in the contributions.
        work: the accuracy on new tasks at work.
    """

    named: tuple[str, ...]
    shares: Float[Tensor, " column"]
    work: float


def with_twin(n_tasks: int, *, at_work: bool, generator: Generator) -> Episode:
    """Draw tasks in which c7, too, tells the class; at work it says nothing of new cases."""
    tasks = new_tasks(n_tasks, at_work=at_work, generator=generator)
    parts = []
    for rows, tells in ((tasks.support, True), (tasks.query, not at_work)):
        chance = torch.randn(rows.y.shape, generator=generator)
        told = FAMILY.spurious * (2 * rows.y - 1) + (1 - FAMILY.spurious**2) ** 0.5 * chance
        x = rows.x.clone()
        x[..., COLUMNS.index("c7")] = told if tells else chance
        parts.append(Examples(x, rows.y))
    return replace(tasks, support=parts[0], query=parts[1])


def rounds(*, seed: int, plan: Plan, again: bool = True) -> list[Round]:
    """Train on tasks with a twin, then analyse and repair until an analysis names no fault.

    Args:
        again: analyse before each repair; where this is False, the first report serves twice.
    """
    generator = seeded(seed)
    tasks = with_twin(plan.n_tasks, at_work=False, generator=generator)
    kept = with_twin(plan.n_kept, at_work=False, generator=generator)
    work = with_twin(plan.n_judged, at_work=True, generator=generator)
    learner, named, found = untrained(seed), (), []
    fine_tune(learner, tasks, named, seed=seed, steps=plan.steps)
    for _ in range(MOST_ROUNDS):
        shares = importance(learner, kept)
        found.append(Round(named, shares, accuracy(learner, work)))
        fault = suspect(dict(zip(COLUMNS, shares.tolist(), strict=True)), KNOWN)
        if fault is None or (not again and len(found) == 3):
            break
        named = (*named, fault) if again or not named else named
        fine_tune(learner, tasks, named, seed=seed, steps=plan.repair_steps)
    return found
