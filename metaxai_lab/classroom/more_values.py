"""Further values for a function that passed its check: drawn, and compared with a right one's.

The visible questions of a check are few, and their values stand on the page. A function that knows
these alone, and not the task, fails here. Chapter: book/appendix/teaching.md.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Generator

from metaxai_lab.classroom.exercises import EXERCISES
from metaxai_lab.classroom.trial import Trial, say
from metaxai_lab.core import seeded

SEEDS = (41, 42, 43)
NEAR, NEAR_NOUGHT = 1e-3, 1e-5  # another order of sums in 32 bits is no mistake


def more_values(
    name: str,
    solution: Callable[..., Any],
    right: Callable[..., Any],
    draw: Callable[[Generator], tuple[Any, ...]],
    *,
    seeds: Sequence[int] = SEEDS,
) -> None:
    """Put a function to its check once more, then to drawn arguments, and say that it is right.

    Args:
        name: the exercise.
        right: a right function, which is asked for each value.
        draw: gives the arguments of one question, from a generator.
        seeds: one for each question.

    Raises:
        NotYet: at the first question that it does not answer; the sentence says what was wanted.
    """
    trial = Trial(name, solution)
    EXERCISES[name].ask(trial)
    for seed in seeds:
        given = draw(seeded(seed))
        wanted = torch.as_tensor(right(*given)).detach().double()
        got = trial(*given)
        same = got.shape == wanted.shape and torch.allclose(got, wanted, NEAR, NEAR_NOUGHT)
        trial.promise(same, f"for drawn values it gives {say(got)}, and should give {say(wanted)}.")
    print(f"{name} is right for {len(seeds)} drawn cases, too.")
