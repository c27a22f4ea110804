"""Time and model rows to a given error: our estimators beside those of shap, captum and lime.

Three networks of 64-64 units are explained against a background of 32 rows. Every method is asked
with several budgets, turn by turn in one process on one thread; its error is the distance to exact
Shapley values (30 columns: to the mean of many orders), relative to their length, the median over
the same rows for all. Ours explain a batch of rows at once, the libraries row by row, as they do.
What is read off is a ratio to `shap.KernelExplainer(l1_reg=False)`.
Run `python benchmarks/local.py`.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from statistics import mean, median

import numpy as np
import torch
from torch import Generator, Tensor

from metaxai_lab.classroom.costs import Result, store, this_machine
from metaxai_lab.classroom.library_explainers import (
    answers,
    captum_on_game,
    drawn_from,
    lime_library,
    shap_kernel,
    shap_permutation,
)
from metaxai_lab.classroom.local_models import LOCAL_MODELS, LocalModel, local_model
from metaxai_lab.core import Attribution, Model, seeded
from metaxai_lab.explainers import (
    Game,
    exact_shapley,
    kernel_shap,
    leverage_shap,
    lime,
    permutation_shapley,
)

COMMAND = "python benchmarks/local.py --store"
REFERENCE = "shap Kernel"
OURS = "ours: KernelSHAP"
BATCH = 96  # rows that ours explain at once
GOAL = 0.05
MOST_EXACT = 12  # columns up to which exact values are the reference
Explain = Callable[[int], Tensor]  # from a budget to values of some rows


@dataclass
class Method:
    """A method with its budgets, and what was measured at each: seconds, model rows, error."""

    explain: Explain
    budgets: list[int]
    seconds: dict[int, list[float]] = field(default_factory=dict)
    rows: dict[int, float] = field(default_factory=dict)
    errors: dict[int, list[float]] = field(default_factory=dict)

    def curve(self, of: dict[int, float]) -> list[tuple[float, float]]:
        """Return (what, error) from the largest error to the smallest."""
        points = [(of[k], mean(self.errors[k])) for k in self.budgets]
        return sorted(points, key=lambda point: -point[1])

    def milliseconds(self) -> dict[int, float]:
        """Return the median time of each budget for a row."""
        return {k: 1e3 * median(self.seconds[k]) for k in self.budgets}


class Counted:
    """A model that counts the rows it answers."""

    def __init__(self, model: Model) -> None:
        self.model, self.n = model, 0

    def __call__(self, x: Tensor) -> Tensor:
        """Answer rows."""
        self.n += x.shape[:-1].numel()
        return self.model(x)


def ours(game: Game, found: LocalModel, n_batch: int) -> dict[str, Method]:
    """Return our estimators, which explain a batch of rows by one matrix."""
    rows, d, drawn = found.rows[:n_batch], game.n_features, seeded(7)
    budgets = [4 * d, 8 * d, 16 * d, 48 * d, 128 * d]

    def by(estimate: Callable[..., Attribution], n_queries: int) -> Tensor:
        return estimate(game, rows, n_queries=n_queries, generator=drawn).values

    def planes(n_samples: int) -> Tensor:
        knobs = {"background": found.data, "n_samples": n_samples, "generator": drawn}
        return lime(game.model, rows, target=0, **knobs).values

    methods = {
        OURS: Method(partial(by, kernel_shap), budgets),
        "ours: leverage": Method(partial(by, leverage_shap), budgets),
        "ours: orders": Method(partial(by, permutation_shapley), budgets),
        "ours: LIME": Method(planes, [1000, 5000]),
    }
    if d <= MOST_EXACT:
        methods["ours: exact"] = Method(lambda _: exact_shapley(game, rows[:8]).values, [2**d])
    return methods


def libraries(game: Game, found: LocalModel, n_rows: int) -> dict[str, Method]:
    """Return the explainers of shap, captum and lime, which go row by row.

    Captum's ask the game in place of the model: by themselves they know one baseline only.
    """
    rows, d, drawn = found.rows[:n_rows], game.n_features, seeded(8)

    def by(ask: Callable[..., Tensor], n_queries: int) -> Tensor:
        return ask(game, rows, n_queries=n_queries, generator=drawn)

    def planes(n_samples: int) -> Tensor:
        knobs = {"data": found.data, "discretised": False, "generator": drawn}
        return lime_library(game, rows, n_samples=n_samples, **knobs)

    ten_columns = partial(shap_kernel, l1_reg="num_features(10)")
    budgets = [4 * d, 8 * d, 16 * d, 48 * d]
    orders = [k * (2 * d + 1) for k in (2, 4, 8, 24)]
    return {
        REFERENCE: Method(partial(by, shap_kernel), budgets),
        "shap Kernel, default l1_reg": Method(partial(by, ten_columns), budgets),
        "shap Permutation": Method(partial(by, shap_permutation), orders),
        "shap Sampling": Method(partial(by, shap_sampling), [48 * d, 192 * d]),
        "captum KernelShap": Method(partial(by, captum_on_game), [16 * d, 48 * d, 96 * d]),
        "captum Sampling": Method(partial(by, captum_orders), [8 * d, 32 * d, 96 * d]),
        "lime": Method(planes, [1000, 5000]),
    }


def shap_sampling(game: Game, rows: Tensor, *, n_queries: int, generator: Generator) -> Tensor:
    """Ask `shap.SamplingExplainer`."""
    from shap import SamplingExplainer

    with drawn_from(generator):
        explain = SamplingExplainer(answers(game), game.background.numpy())
        return torch.as_tensor(explain.shap_values(rows.numpy(), nsamples=n_queries, silent=True))


def captum_orders(game: Game, rows: Tensor, *, n_queries: int, generator: Generator) -> Tensor:
    """Ask `captum.attr.ShapleyValueSampling`, 64 coalitions at once."""
    from captum.attr import ShapleyValueSampling

    found = []
    with drawn_from(generator):
        for row in rows.split(1):
            ask = ShapleyValueSampling(lambda z, row=row: game.values(row, z > 0.5)[0])
            knobs = {"n_samples": n_queries // game.n_features, "perturbations_per_eval": 64}
            ones = torch.ones_like(row)
            found.append(ask.attribute(ones, baselines=torch.zeros_like(row), **knobs))
    return torch.cat(found)


def true_values(found: LocalModel, n_batch: int, n_orders: int) -> tuple[Tensor, float]:
    """Return exact values, or the mean of many orders and how far off that is itself."""
    game, rows = Game(found.model, found.background), found.rows[:n_batch]
    d = rows.shape[1]
    if d <= MOST_EXACT:
        return exact_shapley(game, rows).values, 0.0
    told = permutation_shapley(
        game, rows, n_queries=2 + n_orders * (2 * d - 2), generator=seeded(5)
    )
    assert told.spread is not None
    return told.values, float((told.spread.norm(dim=1) / told.values.norm(dim=1)).median())


def measure(
    methods: dict[str, Method], counted: Counted, truth: Tensor, n_rows: int, repeats: int
) -> None:
    """Ask all methods turn by turn; errors are those of the first `n_rows` rows."""
    for _ in range(repeats):
        for method in methods.values():
            for budget in method.budgets:
                counted.n, begun = 0, time.process_time()
                values = method.explain(budget)
                spent = time.process_time() - begun
                judged = values[:n_rows].float()
                exact = truth[: len(judged)]
                errors = (judged - exact).norm(dim=1) / exact.norm(dim=1)
                method.seconds.setdefault(budget, []).append(spent / len(values))
                method.errors.setdefault(budget, []).append(float(errors.median()))
                method.rows[budget] = counted.n / len(values)


def at_error(curve: list[tuple[float, float]], goal: float) -> float | None:
    """Read off a curve what an error costs, between two measured points in logarithms."""
    if curve[0][1] <= goal:
        return curve[0][0]
    for (much, wrong), (more, less) in pairwise(curve):
        if wrong >= goal >= less:
            part = (np.log(wrong) - np.log(goal)) / (np.log(wrong) - np.log(max(less, 1e-12)))
            return float(np.exp(np.log(much) + part * (np.log(more) - np.log(much))))
    return None


def error_at(curve: list[tuple[float, float]], cost: float) -> str | float:
    """Read off a curve the error that a cost buys; what was not measured is said as such."""
    points = sorted(curve)
    if cost < points[0][0]:
        return "needs more"
    if cost > points[-1][0]:
        return f"{points[-1][1]:.3f} or less"
    costs, errors = np.log(points).T
    return rounded(float(np.exp(np.interp(np.log(cost), costs, errors))))


def rounded(number: float) -> float:
    """Return three figures."""
    return float(f"{number:.3g}")


def tables(name: str, methods: dict[str, Method], note: str, threads: dict) -> list[Result]:
    """Return the table of costs to the goal, and that of errors at equal costs."""
    base = methods[REFERENCE]
    base_time = at_error(base.curve(base.milliseconds()), GOAL)
    base_rows = at_error(base.curve(base.rows), GOAL)
    if base_time is None or base_rows is None:
        raise RuntimeError(f"{REFERENCE} never reached {GOAL} on {name}: give it more queries.")
    costs, equal = [], []
    for who, method in methods.items():
        spent, asked = method.curve(method.milliseconds()), method.curve(method.rows)
        taken, rows = at_error(spent, GOAL), at_error(asked, GOAL)
        if taken is None or rows is None:
            costs.append((who, f"never ({min(error for _, error in spent):.3f})", "-", "-"))
        else:
            ratios = rounded(taken / base_time), rounded(taken), rounded(rows / base_rows)
            costs.append((who, *ratios))
        equal.append((who, error_at(asked, base_rows), error_at(spent, base_time)))
    head = ("method", "time, ratio", "ms a row", "model rows, ratio")
    fair = ("method", "at equal model rows", "at equal time")
    kept = this_machine() | threads
    return [
        Result(f"{name}: cost of an error of {GOAL}", COMMAND, kept, head, costs, note),
        Result(f"{name}: errors at what {REFERENCE} spends for {GOAL}", COMMAND, kept, fair, equal),
    ]


def study(name: str, asked: argparse.Namespace) -> list[Result]:
    """Measure all methods on one model."""
    found = local_model(name)
    counted = Counted(found.model)
    game = Game(counted, found.background)
    truth, doubt = true_values(found, asked.batch, asked.orders)
    methods = ours(game, found, asked.batch) | libraries(game, found, asked.rows)
    methods["shap Permutation"].explain(2 * game.n_features + 1)  # compiles
    measure(methods, counted, truth, asked.rows, asked.repeats)
    note = "Never: the smallest error that was reached stands in brackets."
    note += f" The reference values are off by about {doubt:.4f} themselves." * (doubt > 0)
    return tables(name, methods, note, {"rows at once": asked.batch})


def main() -> None:
    """Print the tables; with --store keep them for the page of costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="*", default=LOCAL_MODELS)
    parser.add_argument("--rows", type=int, default=8, help="explained by each library")
    parser.add_argument("--batch", type=int, default=BATCH, help="rows that ours explain at once")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--orders", type=int, default=300, help="for the reference of 30 columns")
    parser.add_argument("--store", action="store_true", help="write benchmarks/results/")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    results = [result for name in asked.models for result in study(name, asked)]
    print("\n\n".join(result.markdown() for result in results))
    if asked.store:
        store("local", results)


if __name__ == "__main__":
    main()
