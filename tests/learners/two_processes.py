"""What each process of `torchrun` does for test_processes.py; it leaves what it ended with.

Run as a script with a folder; each scene writes `<folder>/<scene>.<rank>.safetensors`.
"""

import os
import sys
import time
from itertools import count
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import nn

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import DivergedError, ProtoNet, classification_loss, meta_train

STEPS, TASKS = 6, 4


def draw(generator, n_tasks=TASKS):
    """Two classes that differ in column 0; rows 0 to 5 of each task are the support."""
    y = torch.tensor([0, 0, 0, 1, 1, 1]).expand(n_tasks, 6)
    x = torch.randn(n_tasks, 12, 6, generator=generator)
    x[..., 0] += 3 * y.repeat(1, 2)
    return Episode(Examples(x[:, :6], y), Examples(x[:, 6:], y))


class Rows(nn.Module):
    """Embeds rows of stacked tasks; its running statistics and dropout see them as one batch.

    The last layer has no bias: distances would not depend on it, and Adam, which divides a gradient
    by its size, makes steps of what is only the rounding of a 0.
    """

    def __init__(self, *middle):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 8), *middle, nn.ReLU(), nn.Linear(8, 4, bias=False))
        self.unused = nn.Linear(2, 2)
        self.register_buffer("constant", torch.tensor([1 / 3]))

    def forward(self, x):
        return self.net(x.flatten(0, -2)).unflatten(0, x.shape[:-1])


def make(*middle, seed=0):
    generator = seeded(seed)
    with initialised_with(generator):
        return ProtoNet(Rows(*middle)), generator


def train(learner, generator, **settings):
    settings = {"steps": STEPS, "outer_lr": 0.02, "keep_every": 1, "weight_decay": 0.1, **settings}
    ask = {"draw": draw, "loss": classification_loss, "device": "cpu", "progress": False}
    return meta_train(learner, generator=generator, **{**ask, **settings})


def noisy():
    return make(nn.BatchNorm1d(8), nn.Dropout(0.3))


# Scenes: each gets the rank and a folder, and returns tensors


def plain(rank, folder):
    learner, generator = make(seed=rank)  # the first one's weights and draws count for both
    return end(learner, generator, train(learner, generator))


def clipped(rank, folder):
    learner, generator = make()
    return end(learner, generator, train(learner, generator, clip=0.5))  # some steps are


def with_noise(rank, folder):
    learner, generator = noisy()
    return end(learner, generator, train(learner, generator))


def with_noise_interrupted(rank, folder):
    calls = count()

    def loss(learner, episode):
        if next(calls) == 3:
            raise ArithmeticError
        return classification_loss(learner, episode)

    try:
        train(*noisy(), loss=loss, folder=folder / f"kept.{rank}")
    except ArithmeticError:
        learner, generator = noisy()
        return end(learner, generator, train(learner, generator, folder=folder / f"kept.{rank}"))


def noise_of_dropout(rank, folder):
    drawn = []

    def loss(learner, episode):
        drawn.append(torch.rand(3))
        return classification_loss(learner, episode)

    train(*make(), loss=loss)
    return {"drawn": torch.stack(drawn)}


def told(rank, folder):
    """Count what is told: on_step, validate, on_validation; stop by patience of the first."""
    calls = [0, 0, 0]

    def tell(which):
        def add(*anything):
            calls[which] += 1
            return float(calls[1])  # a value that rises

        return add

    learner, generator = noisy()
    more = {"on_step": tell(0), "validate": tell(1), "on_validation": tell(2)}
    history = train(learner, generator, validate_every=1, patience=2, **more)
    values = torch.tensor(list(history.validation.items()))
    return {**end(learner, generator, history), "calls": torch.tensor(calls), "values": values}


def diverging(rank, folder):
    """Only the last process measures what is not a number; both stop, at the state before."""
    calls = count()

    def loss(learner, episode):
        value = classification_loss(learner, episode)
        return value * float("nan") if next(calls) == 3 and rank == 1 else value

    learner, generator = make()
    try:
        train(learner, generator, loss=loss)
    except DivergedError:
        return {name: t.clone() for name, t in learner.state_dict().items()}


def refused(rank, folder):
    """What only the first can see, the folder of another run, both say."""
    try:
        train(*make(), folder=folder / "kept.0")
    except ValueError as error:
        return {"said": words(error)}


def indivisible(rank, folder):
    try:
        train(*make(), draw=lambda generator: draw(generator, 3))
    except ValueError as error:
        return {"said": words(error)}


def ending(rank, folder):
    """Wait for the signal that ends the program; the first says that it waits."""

    def wait(step, value):
        if step == 3:
            (folder / "waits").touch()
            time.sleep(60)

    train(*make(), folder=folder / "ending", on_step=wait, keep_every=100)


def words(error):
    return torch.tensor(list(f"{type(error).__name__}: {error}".encode()), dtype=torch.uint8)


def end(learner, generator, history):
    weights = {name: t.clone() for name, t in learner.state_dict().items()}
    return {**weights, "losses": history.losses.clone(), "generator": generator.get_state()}


SCENES = [plain, clipped, with_noise, with_noise_interrupted, noise_of_dropout, told]
SCENES += [diverging, refused, indivisible]


if __name__ == "__main__":
    folder, *asked = sys.argv[1:]
    here = int(os.environ["RANK"])
    for scene in [ending] if asked else SCENES:
        left = scene(here, Path(folder))
        save_file(left, Path(folder) / f"{scene.__name__}.{here}.safetensors")
    dist.destroy_process_group()
