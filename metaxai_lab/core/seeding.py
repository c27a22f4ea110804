"""Randomness by hand: a generator goes to whatever draws, and the global state stays as it was.

Generators live on the CPU, so that a CPU and a GPU run see the same episodes.
Chapter: book/appendix/running_it.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
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
    """Let what torch draws by itself, such as first weights, come from `generator`.

    Afterwards torch's global generators are as they were: that of the CPU, and those of CUDA if
    CUDA runs at the beginning. If it does not, they are neither seeded nor started, so that this
    costs nothing without a GPU; weights are then best born on the CPU and moved.
    """
    cuda = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    seed = int(torch.randint(2**62, (), generator=generator))
    with torch.random.fork_rng(cuda):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would reach for CUDA too
        if cuda:
            torch.cuda.manual_seed_all(seed)
        yield


@contextmanager
def numpy_seeded(seed: int) -> Iterator[None]:
    """Let what a library draws from NumPy's global generator start at `seed`, then put it back."""
    before = np.random.get_state()  # noqa: NPY002
    try:
        np.random.seed(seed)  # noqa: NPY002
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
