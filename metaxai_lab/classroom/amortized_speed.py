"""When does an amortised explainer pay? Time to equal error, turn by turn, and what follows.

Each rival is asked with growing budgets until it comes to the error of the trained explainer, on
the same rows; the time it takes is read off between the last two, on logarithmic axes. The page
reads ratios of times that were taken in one run.
Chapter: book/local/amortized.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import exp, inf, log
from statistics import median
from time import process_time

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.amortized_study import MOST_EXACT, Case, Taught, explained_by
from metaxai_lab.classroom.library_explainers import shap_kernel, shap_permutation
from metaxai_lab.core import seeded
from metaxai_lab.explainers import exact_shapley, kernel_shap

Rows = Float[Tensor, "row feature"]
Explain = Callable[[int, Rows], Rows]  # from queries for each row to values
FACTORS = (3, 6, 12, 24, 48, 96)  # queries for each column, until the error is reached
AT_ONCE = 1024  # rows that the trained network explains in a call
N_JUDGED = 16  # rows on which errors are compared, of rivals and of the trained one
N_TIMED = 3  # rows in the timed calls of the libraries, which go row by row
EVERY = "every question"  # exact values; a rival where there are few columns


@dataclass(frozen=True)
class Curve:
    """The error of a method, and its seconds for a row, at each of some budgets."""

    errors: list[float]
    seconds: list[float]

    def seconds_to(self, error: float) -> float:
        """Return the time at which it has that error; at the ends of what was tried, the end."""
        points = sorted(zip(self.errors, self.seconds, strict=True), reverse=True)
        if error >= points[0][0]:
            return points[0][1]
        for (above, before), (below, after) in pairwise(points):
            if above >= error >= below:
                share = (log(above) - log(error)) / max(log(above) - log(below), 1e-9)
                return exp(log(before) + share * (log(after) - log(before)))
        return points[-1][1]


@dataclass(frozen=True)
class Speeds:
    """What a trained explainer and its rivals take for a row, in seconds.

    Args:
        own: of the trained explainer, in batches.
        alone: of the trained explainer, one row at a time.
        error: of the trained explainer.
        rivals: by name.
    """

    own: float
    alone: float
    error: float
    rivals: dict[str, Curve]

    def at_equal_error(self) -> dict[str, float]:
        """Return the seconds of each rival for a row, at the error of the trained explainer."""
        return {name: curve.seconds_to(self.error) for name, curve in self.rivals.items()}

    def times_faster(self) -> dict[str, float]:
        """Return how many rows the trained explainer does while a rival does one."""
        return {name: spent / self.own for name, spent in self.at_equal_error().items()}

    def break_even(self, seconds: float) -> dict[str, float]:
        """Return the number of rows from which `seconds` of training have paid; inf where never."""
        return {
            name: seconds / (spent - self.own) if spent > self.own else inf
            for name, spent in self.at_equal_error().items()
        }

    def best_library(self) -> str:
        """Return the name of the fastest library at equal error."""
        spent = self.at_equal_error()
        return min((name for name in spent if name.startswith("shap")), key=spent.__getitem__)


def speeds(of: Case, one: Taught, *, repeats: int = 2) -> Speeds:
    """Measure all turn by turn, and take medians; where it can be had, `EVERY` is a rival, too."""
    asked, few = rivals(of), of.rows[:N_TIMED]
    many = of.rows.repeat(AT_ONCE // len(of.rows) + 1, 1)[:AT_ONCE]
    error = of.error(explained_by(of, one.explainer, of.rows[:N_JUDGED]))
    tried = {name: errors_until(of, ask, error) for name, ask in asked.items()}
    spent = {name: {budget: [] for budget in errors} for name, errors in tried.items()}
    own, alone, every = [], [], []
    for _ in range(repeats):
        for name, ask in asked.items():
            rows = few if name.startswith("shap") else of.rows
            for budget, seen in spent[name].items():
                seen.append(_seconds(ask, budget, rows))
            own += [_seconds(_trained(of, one), 0, many) for _ in range(3)]
            alone.append(_seconds(_trained(of, one), 0, of.rows[:1]))
        if of.game.n_features <= MOST_EXACT:
            every.append(_seconds(lambda _, x: exact_shapley(of.game, x).values, 0, few))
    curves = {
        name: Curve(list(tried[name].values()), [median(seen) for seen in spent[name].values()])
        for name in asked
    }
    if every:
        curves[EVERY] = Curve([0.0], [median(every)])
    return Speeds(median(own), median(alone), error, curves)


def errors_until(of: Case, ask: Explain, wanted: float) -> dict[int, float]:
    """Ask with growing budgets until the error is reached; return the last two with their errors.

    A method that needs fewer queries than the least tried, or more than the most, has its time at
    that end: the price of the first is then overstated, that of the second understated.
    """
    found: dict[int, float] = {}
    for factor in FACTORS:
        n_queries = factor * of.game.n_features
        found[n_queries] = of.error(ask(n_queries, of.rows[:N_JUDGED]))
        if found[n_queries] <= wanted:
            break
    return dict(list(found.items())[-2:])


def rivals(of: Case) -> dict[str, Explain]:
    """Return the two best of `shap`, and our KernelSHAP, which explains all rows at once."""
    game = of.game
    return {
        "shap, kernel": lambda n, x: shap_kernel(game, x, n_queries=n, generator=seeded(3)),
        "shap, permutation": lambda n, x: shap_permutation(
            game, x, n_queries=n, generator=seeded(3)
        ),
        "our KernelSHAP": lambda n, x: (
            kernel_shap(game, x, n_queries=n, generator=seeded(3)).values
        ),
    }


def _trained(of: Case, one: Taught) -> Explain:
    return lambda _, rows: explained_by(of, one.explainer, rows)


@torch.no_grad()
def _seconds(ask: Explain, n_queries: int, rows: Rows) -> float:
    begun = process_time()
    ask(n_queries, rows)
    return (process_time() - begun) / len(rows)
