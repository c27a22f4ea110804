"""Leave one domain out: does what was learned elsewhere predict there, and does it explain there?

Three learners of one kind meet the classes of a domain that are kept for judging: one was trained
on the other domains (transferred), one on the other classes of that domain (at home), and one not
at all. Tasks are any-way any-shot (Triantafillou et al., 2020).
Chapter: book/outlook/across_domains.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Generator

from metaxai_lab.core import Episode, Examples, at_scale, initialised_with, seeded
from metaxai_lab.learners import AttentiveLearner, classification_loss, meta_train
from metaxai_lab.tasks.any_way import MOST_WAY
from metaxai_lab.tasks.domain_drawing import MADE, domain
from metaxai_lab.tasks.domains import SIDE, Domain, draw_from

CELL, DIM = 4, 32
WHO = ("transferred", "at home", "untrained")
SPLIT = 0  # the lot by which classes are kept for judging


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    steps: int  # of one task each
    n_asked: int  # query rows of a training task
    n_tasks: int  # to judge on
    n_judged: int  # query rows of each whose explanation is judged


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(
        quick=Plan(steps=400, n_asked=40, n_tasks=20, n_judged=20),
        full=Plan(steps=4000, n_asked=100, n_tasks=100, n_judged=40),
    )


def fresh(seed: int) -> AttentiveLearner:
    """Return an untrained learner, whose attention reads the picture and not the task."""
    with initialised_with(seeded(seed)):
        learner = AttentiveLearner(
            MOST_WAY, side=SIDE, dim=DIM, cell=CELL, focus="blind", skip_empty=True
        )
    return learner.eval()


def train(domains: Sequence[Domain], *, seed: int, plan: Plan) -> AttentiveLearner:
    """Train on any-way any-shot tasks of these domains."""
    learner = fresh(seed)
    meta_train(
        learner,
        lambda g: some_asked(draw_from(domains, generator=g), plan.n_asked, generator=g),
        classification_loss,
        steps=plan.steps,
        outer_lr=5e-3,
        clip=1.0,
        weight_decay=1e-4,
        generator=seeded(seed),
        progress=False,
        device="cpu",
    )
    return learner.eval()


@cache
def moved(names: tuple[str, ...], *, seed: int, plan: Plan) -> AttentiveLearner:
    """Train on whole domains; the same learner is given back when it is asked for again."""
    return train([domain(name) for name in names], seed=seed, plan=plan)


def at_home(name: str, *, seed: int, plan: Plan) -> AttentiveLearner:
    """Train on the classes of a domain that are not kept for judging."""
    taught, _ = domain(name).halves(seed=SPLIT)
    return train([taught], seed=seed, plan=plan)


def three(left_out: str, *, seed: int, plan: Plan) -> dict[str, AttentiveLearner]:
    """Return the transferred learner, the one at home, and the untrained one.

    Transferred is trained on the domains made by code, without the one that is left out.
    """
    return {
        "transferred": moved(tuple(n for n in MADE if n != left_out), seed=seed, plan=plan),
        "at home": at_home(left_out, seed=seed, plan=plan),
        "untrained": fresh(seed),
    }


def kept(left_out: str, n_tasks: int, *, seed: int, most: int | None = None) -> list[Episode]:
    """Draw tasks of the classes that are kept for judging; the same for all learners.

    Args:
        most: query rows of a task, chosen by lot; all where it is None.
    """
    _, judged = domain(left_out).halves(seed=SPLIT)
    generator = seeded(10_000 + seed)
    tasks = [draw_from([judged], generator=generator) for _ in range(n_tasks)]
    return [t if most is None else some_asked(t, most, generator=generator) for t in tasks]


def some_asked(episode: Episode, most: int, *, generator: Generator) -> Episode:
    """Keep `most` query rows of a task, chosen by lot, with their truth."""
    n = len(episode.query.y)
    if n <= most:
        return episode
    rows = torch.randperm(n, generator=generator)[:most]
    truth = None if episode.truth is None else episode.truth[rows]
    return Episode(episode.support, Examples(episode.query.x[rows], episode.query.y[rows]), truth)
