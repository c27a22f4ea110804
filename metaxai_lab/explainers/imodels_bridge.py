"""How the lab asks imodels: with a seed of its own, leaving NumPy's global generator as it was.

Its greedy learners grow stumps of scikit-learn without a seed. Among questions that are equally
good, such a stump chooses by the global generator: two runs may differ, and a caller's own draws
move. Chapter: book/global/trees_and_rules.ipynb.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from metaxai_lab.core import numpy_seeded


@contextmanager
def undisturbed(seed: int = 0) -> Iterator[None]:
    """Seed the global generator of NumPy for a while, and put it back; warnings are not shown."""
    with numpy_seeded(seed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
