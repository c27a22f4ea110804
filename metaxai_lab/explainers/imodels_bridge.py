"""How the lab asks imodels: with a seed of its own, leaving NumPy's global generator as it was.

Its greedy learners grow stumps of scikit-learn without a seed. Among questions that are equally
good, such a stump chooses by the global generator: two runs may differ, and a caller's own draws
move. Chapter: book/global/trees_and_rules.ipynb.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def undisturbed(seed: int = 0) -> Iterator[None]:
    """Seed the global generator of NumPy for a while, and put it back; warnings are not shown."""
    before = np.random.get_state()  # noqa: NPY002
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            np.random.seed(seed)  # noqa: NPY002
            yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
