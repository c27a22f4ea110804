"""Learning to label: the outer loop over teachers.

Each step asks some teachers a few questions, adapts the labeller by a few steps or none, and is
judged by the classes of rows that it did not ask about. Relevances, kernel, and how to step move so
that it errs less on the next teacher. The gradient goes through the inner steps. Source: Finn,
Abbeel & Levine (2017), algorithm 1. Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Episode, fork
from metaxai_lab.explainers.labeller import Labeller
from metaxai_lab.learners.outer_loop import History, meta_train


def train_labeller(
    labeller: Labeller,
    draw: Callable[[Generator], Episode],
    *,
    rounds: int = 150,
    most_steps: int = 5,
    outer_lr: float = 0.1,
    generator: Generator,
) -> History:
    """Train a labeller in place.

    Args:
        draw: asks some teachers: the rows asked about with their scores, and rows that judge.
        most_steps: of adaptation; each round draws how many it takes, from none to these.

    Raises:
        ValueError: if `most_steps` is below 0; and as `meta_train` does.
    """
    if most_steps < 0:
        raise ValueError(f"most_steps of adaptation are 0 or more; found {most_steps}.")
    own = fork(generator)

    def loss(labeller: Labeller, episode: Episode) -> Float[Tensor, ""]:
        steps = int(torch.randint(most_steps + 1, (), generator=own))
        return labeller_loss(labeller, episode, steps=steps)

    return meta_train(
        labeller,
        draw,
        loss,
        steps=rounds,
        outer_lr=outer_lr,
        clip=1.0,
        generator=generator,
        progress=False,
    )


def labeller_loss(labeller: Labeller, episode: Episode, *, steps: int = 0) -> Float[Tensor, ""]:
    """Return how badly the classes of the query rows are foretold, in nats a row.

    The chance of class 1 is that of a score above 0, if it lies around its mean by its spread.
    """
    found = labeller.adapt(episode.support, steps)
    score = found(episode.query.x)[..., 0] / found.spread(episode.query.x)
    return -torch.special.log_ndtr(score * episode.query.y.sign()).mean()
