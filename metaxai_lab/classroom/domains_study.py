"""Leave one domain out: does what was learned elsewhere predict there, and does it explain there?

Three learners of one kind meet the classes of a domain that are kept for judging: one was trained
on the other domains (transferred), one on the other classes of that domain (at home), and one not
at all. Tasks are any-way any-shot (Triantafillou et al., 2020).
Chapter: book/outlook/across_domains.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Generator

from metaxai_lab.core import Episode, Examples, at_scale, initialised_with, seeded
from metaxai_lab.learners import classification_loss, meta_train
from metaxai_lab.learners.convolved import ConvolvedLearner
from metaxai_lab.tasks.domain_drawing import MADE, domain
from metaxai_lab.tasks.domains import SIDE, Domain, draw_from
from metaxai_lab.tasks.varied import varied

WHO = ("transferred", "at home", "untrained")
SPLIT = 0  # the lot by which classes are kept for judging


@dataclass(frozen=True)
class Plan:
    """The size of a run: of one learner that is trained, and of what it is judged on."""

    steps: int  # of one task each, on the domains that are not left out
    home_steps: int  # likewise, at home, where there is less to learn from
    n_shown: int = 3  # support rows of a class at most, in a training task
    n_asked: int = 60  # query rows of a training task at most
    n_tasks: int = 20  # to judge on
    n_judged: int = 20  # query rows of each that are asked


LONG = Plan(steps=600, home_steps=200)  # of the record, which no page waits for


def plan() -> Plan:
    """Return the plan of a page at the scale of this run."""
    return at_scale(quick=Plan(steps=200, home_steps=80), full=LONG)


def fresh(seed: int) -> ConvolvedLearner:
    """Return an untrained learner, whose attention reads the picture and not the task."""
    with initialised_with(seeded(seed)):
        return ConvolvedLearner(SIDE).eval()


def train(domains: Sequence[Domain], *, seed: int, steps: int, plan: Plan) -> ConvolvedLearner:
    """Train on any-way any-shot tasks of these domains, each in another look."""
    learner = fresh(seed)

    def draw(g: Generator) -> Episode:
        task = some_shown(draw_from(domains, generator=g), plan.n_shown)
        return varied(some_asked(task, plan.n_asked, generator=g), generator=g)

    meta_train(
        learner,
        draw,
        classification_loss,
        steps=steps,
        outer_lr=3e-3,
        clip=1.0,
        weight_decay=1e-4,
        generator=seeded(seed),
        progress=False,
        device="cpu",
    )
    return learner.eval()


@cache
def moved(names: tuple[str, ...], *, seed: int, plan: Plan) -> ConvolvedLearner:
    """Train on whole domains; the same learner is given back when it is asked for again."""
    return train([domain(name) for name in names], seed=seed, steps=plan.steps, plan=plan)


def at_home(name: str, *, seed: int, plan: Plan) -> ConvolvedLearner:
    """Train on the classes of a domain that are not kept for judging."""
    taught, _ = domain(name).halves(seed=SPLIT)
    return train([taught], seed=seed, steps=plan.home_steps, plan=plan)


def three(left_out: str, *, seed: int, plan: Plan) -> dict[str, ConvolvedLearner]:
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


def some_shown(episode: Episode, most: int) -> Episode:
    """Keep the first `most` support rows of each class; rows stand class by class."""
    x, y = episode.support.x, episode.support.y
    counts = y.bincount()
    place = torch.arange(len(y)) - (counts.cumsum(0) - counts).repeat_interleave(counts)
    return replace(episode, support=Examples(x[place < most], y[place < most]))


def some_asked(episode: Episode, most: int, *, generator: Generator) -> Episode:
    """Keep `most` query rows of a task, chosen by lot, with their truth."""
    n = len(episode.query.y)
    if n <= most:
        return episode
    rows = torch.randperm(n, generator=generator)[:most]
    truth = None if episode.truth is None else episode.truth[rows]
    return Episode(episode.support, Examples(episode.query.x[rows], episode.query.y[rows]), truth)
