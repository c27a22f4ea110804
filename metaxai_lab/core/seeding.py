"""Randomness by hand: a generator goes to whatever draws, and the global state stays as it was.

Generators live on the CPU, so that a CPU and a GPU run see the same episodes.
Chapter: book/appendix/running_it.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Generator


def seeded(seed: int) -> Generator:
    """Return a new CPU generator that starts at `seed`."""
    return Generator().manual_seed(seed)


def fork(generator: Generator) -> Generator:
    """Return a child whose draws do not move the parent; forking moves the parent one step."""
    return seeded(int(torch.randint(2**62, (), generator=generator)))


@contextmanager
def initialised_with(generator: Generator) -> Iterator[None]:
    """Initialise modules from `generator` and leave the global state as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
        yield
