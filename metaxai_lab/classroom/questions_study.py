"""How many training tasks meta-learning needs: counted for one learner, in three families.

The learner knows, of each column, how large its weights were in the tasks met: the mean of their
squares is the freedom of the column in a new task, which is then solved by ridge with these prices
(Hoerl & Kennard, 1970; empirical Bayes as in Efron & Morris, 1975). Families differ in how many
columns their tasks draw from: few training tasks do where all tasks share their columns, more where
there is a choice, and none where every column may act.
Chapter: book/appendix/questions.ipynb.
"""

import math
from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.linear_baselines import lasso, linear_errors, ridge, tune_penalty
from metaxai_lab.core import Examples, seeded
from metaxai_lab.learners.adaptive_ridge import adaptive_ridge
from metaxai_lab.tasks.planted import PlantedFamily

COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)  # of training tasks
POOLS = {"three": 3, "six": 6, "all twenty": 20}  # columns that tasks draw their three from
NOISE = 0.1
PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def family(pool: str) -> PlantedFamily:
    """Return tables of twenty columns, of which three act, out of those of a pool."""
    n_pool = POOLS[pool]
    return PlantedFamily(n_features=20, n_relevant=3, shared="pool", n_pool=n_pool, noise=NOISE)


def acts(pool: str) -> Tensor:
    """Return which of the twenty columns act in any task of the family, as booleans."""
    tasks = family(pool).tasks(500, generator=seeded(0))
    return tasks.relevant.any(0)


def freedoms(pool: str, *, seed: int) -> dict[int, Float[Tensor, " feature"]]:
    """Return the mean square of each column's weight after so many training tasks of 20 rows."""
    drawn = family(pool).draw(
        k_support=20, n_query=1, n_tasks=max(COUNTS), generator=seeded(100 + seed)
    )
    own = ridge(drawn.support, NOISE)
    return {count: own[:count].square().mean(0) for count in COUNTS}


def adapted(
    support: Examples, freedom: Float[Tensor, " feature"]
) -> Float[Tensor, "*tasks feature"]:
    """Return the weights of new tasks; the price is the variance of the noise, which is known."""
    gates = freedom.expand(*support.x.shape[:-2], -1)
    return adaptive_ridge(support.x, support.y, gates, torch.tensor(NOISE**2))


def curve(pool: str, *, seed: int) -> dict[int, float]:
    """Return the error in 200 new tasks of ten rows after so many training tasks.

    It is a share of the error of the lasso, whose penalty was tuned on a hundred tasks more.
    """
    g, tables = seeded(seed), family(pool)
    tuning = tables.draw(k_support=10, n_query=50, n_tasks=100, generator=g)
    new = tables.draw(k_support=10, n_query=50, n_tasks=200, generator=g)
    alone = lasso(new.support, tune_penalty(lasso, tuning, PENALTIES))
    rival = linear_errors(alone, new.query).mean()
    known = freedoms(pool, seed=seed).items()
    errors = {n: linear_errors(adapted(new.support, f), new.query).mean() for n, f in known}
    return {n: float(error / rival) for n, error in errors.items()}


def tasks_until(errors: Mapping[int, float], share: float) -> float:
    """Return the least number of tasks from which the error stays at or below; inf if none."""
    good = math.inf
    for count in sorted(errors, reverse=True):
        if errors[count] > share:
            break
        good = count
    return float(good)
