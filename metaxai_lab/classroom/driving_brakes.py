"""A new car with few brake tests: how hard does it slow, and who foretells that best?

A task is a car. The learner was trained on cars of other makers. Chapter:
book/applications/driving.ipynb.
"""

from dataclasses import replace

from metaxai_lab.classroom.left_out import LeftOut, left_out
from metaxai_lab.classroom.tables_study import Cut
from metaxai_lab.core import seeded
from metaxai_lab.tasks.brakings import brakings, makers_of

MAKERS = 10
STEPS = 25  # of the outer loop, for each maker left out


def cars(seed: int, *, shared: bool = True, n_makers: int = MAKERS) -> Cut:
    """Draw brake tests of 30 cars; of their makers one after the other is left out."""
    table = brakings(
        n_makers=n_makers, n_cars=30 // n_makers, shared=shared, generator=seeded(seed)
    )
    makers = makers_of(table)
    return Cut(table, makers, tuple(makers), rows=(5, 50))


def judged(seed: int, *, shared: bool = True, n_makers: int = MAKERS) -> LeftOut:
    """Judge everyone on the cars of each maker left out; a unit is a maker, the mean of its cars.

    Its cars share one training and one pooled line, so that they do not count one by one.
    """
    cut = cars(seed, shared=shared, n_makers=n_makers)
    found = left_out(cut, seed=seed, steps=STEPS)
    errors = {
        name: each.unflatten(1, (n_makers, -1)).mean(-1) for name, each in found.errors.items()
    }
    return replace(found, errors=errors, units=cut.judged)
