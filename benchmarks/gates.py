"""What gates learned across tasks cost and give: seconds, recovery, error, adapting; seed by seed.

Each training seed makes gates that know their columns and gates that do not, on planted tables of
64 columns of which 6 in one of 8 blocks act, 20 support rows; then the same where nothing is
shared. Ridge and lasso are tuned on tasks of their own. The last table is the curve over the number
of training tasks. Run `python benchmarks/gates.py`.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LassoCV
from torch import Generator, Tensor

from metaxai_lab.classroom.costs import Result, store, this_machine
from metaxai_lab.classroom.linear_baselines import lasso, ridge
from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.evaluation import coverage, recovery
from metaxai_lab.learners import (
    FeatureGates,
    Guided,
    meta_train_gates,
    scaled_errors,
    standardised,
)
from metaxai_lab.tasks import PlantedFamily

BLOCKS = PlantedFamily(n_features=64, n_relevant=6, shared="block", block_size=8, noise=0.2)
LOOSE = replace(BLOCKS, shared="pool")
COMMAND = "python benchmarks/gates.py --store"
Draw = Callable[[Generator], Episode]


def new_tasks(family: PlantedFamily, generator: Generator) -> Episode:
    """Draw the tasks of a step."""
    return family.draw(k_support=20, n_query=40, n_tasks=16, generator=generator)


def same_tasks(kept: Episode, generator: Generator) -> Episode:
    """Draw the tasks of a step from those that are kept, their rows split anew."""
    n_tasks, n_rows = kept.query.y.shape
    task = torch.randint(n_tasks, (16, 1), generator=generator)
    row = torch.rand(16, n_rows, generator=generator).argsort(-1)
    parts = (row[:, :20], row[:, 20:])
    support, query = (Examples(kept.query.x[task, r], kept.query.y[task, r]) for r in parts)
    return Episode(support, query)


def trained(known: bool, draw: Draw, *, seed: int, steps: int) -> tuple[Guided, float]:
    """Return a guided learner, and the seconds of one core that its training took."""
    with initialised_with(seeded(seed)):
        learner = Guided(FeatureGates(n_features=64 if known else None))
    begun = time.process_time()
    meta_train_gates(learner, draw, steps=steps, generator=seeded(100 + seed), device="cpu")
    return learner, time.process_time() - begun


def unseen(family: PlantedFamily, seed: int, n_tasks: int) -> Episode:
    """Draw tasks to judge on."""
    return family.draw(k_support=20, n_query=100, n_tasks=n_tasks, generator=seeded(9000 + seed))


def relevant(episode: Episode) -> Tensor:
    """Return which columns act in each task."""
    assert episode.truth is not None
    return episode.truth[:, 0]


@torch.no_grad()
def judged(learner: Guided, episode: Episode) -> tuple[float, float, float]:
    """Return area under the curve, error as a share of the variance, and coverage of 90 %."""
    model = learner.adapt(episode.support)
    other = Examples(episode.query.x[:, :20], episode.query.y[:, :20])
    low, high = model.gates.interval(0.9)
    held = coverage(low, high, learner.gates(other).weights).mean
    error = scaled_errors(model(episode.query.x), episode).mean()
    return recovery(model.gates.logits, relevant(episode)).mean, float(error), held


def tuned(fit: Callable[[Examples, float], Tensor], family: PlantedFamily, episode: Episode):
    """Return area and error of a linear method on standardised columns, tuned on other tasks."""
    penalties = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0]
    other = unseen(family, 500, 200)
    best = min(penalties, key=lambda p: _linear(fit, p, other)[1])
    return _linear(fit, best, episode)


def _linear(
    fit: Callable[[Examples, float], Tensor], penalty: float, episode: Episode
) -> tuple[float, float]:
    rows = standardised(episode.support)
    weights = fit(Examples(rows.x, rows.y), penalty) * rows.y_size[:, None] / rows.size
    outputs = (episode.query.x - rows.mean[:, None]) @ weights[..., None] + rows.y_mean[
        :, None, None
    ]
    error = scaled_errors(outputs, episode).mean()
    return recovery(weights.abs(), relevant(episode)).mean, float(error)


def by_task(episode: Episode, n_tasks: int) -> tuple[float, float, float]:
    """Return area and error of LassoCV and the area of a forest, each fitted to one task."""
    sizes, shares, errors = [], [], []
    for x, y, query, wanted in zip(
        episode.support.x[:n_tasks].numpy(),
        episode.support.y[:n_tasks].numpy(),
        episode.query.x[:n_tasks].numpy(),
        episode.query.y[:n_tasks].numpy(),
        strict=True,
    ):
        one = LassoCV(cv=5, alphas=30, max_iter=10_000).fit(x, y)
        forest = RandomForestRegressor(60, random_state=0).fit(x, y)
        sizes.append(torch.from_numpy(one.coef_).abs())
        shares.append(torch.from_numpy(forest.feature_importances_))
        errors.append(((one.predict(query) - wanted) ** 2).mean() / wanted.var())
    truth = relevant(episode)[:n_tasks]
    areas = [recovery(torch.stack(each).float(), truth).mean for each in (sizes, shares)]
    return areas[0], float(statistics.mean(errors)), areas[1]


@torch.no_grad()
def adapting(learner: Guided, episode: Episode) -> float:
    """Return the milliseconds of one core that one new task takes."""
    support = episode.task(0).support
    learner.adapt(support)
    begun = time.process_time()
    for _ in range(100):
        learner.adapt(support)
    return (time.process_time() - begun) * 10


def table(title: str, head: tuple[str, ...], rows: list[tuple], note: str = "") -> Result:
    """Return a table of this benchmark."""
    return Result(title, COMMAND, this_machine(), head, rows, note)


def methods(name: str, family: PlantedFamily, asked: argparse.Namespace) -> Result:
    """Judge gates seed by seed, and what knows no other task, on unseen tasks of a family."""
    rows: list[tuple] = []
    draw = partial(new_tasks, family)
    for known, who in ((True, "gates that know columns"), (False, "gates that do not")):
        for seed in range(asked.seeds):
            learner, seconds = trained(known, draw, seed=seed, steps=asked.steps)
            area, error, held = judged(learner, unseen(family, seed, asked.tasks))
            took = adapting(learner, unseen(family, seed, 1))
            rows.append((f"{who}, seed {seed}", area, error, held, seconds, took))
    episode = unseen(family, 0, asked.tasks)
    for who, fit in (("ridge, tuned", ridge), ("lasso, tuned", lasso)):
        rows.append((who, *tuned(fit, family, episode), "", "", ""))
    area, error, forest = by_task(episode, min(asked.tasks, 40))
    rows.append(("LassoCV, each task", area, error, "", "", ""))
    rows.append(("random forest, each task", forest, "", "", "", ""))
    head = ("method", "AUROC", "error", "90 % holds", "training, s", "adapting, ms")
    note = "Errors are shares of the target's variance; times are of one core."
    return table(f"{name}, {asked.tasks} unseen tasks", head, rows, note)


def curve(asked: argparse.Namespace) -> Result:
    """Judge gates that know their columns against the number of tasks they were trained on."""
    rows, episode = [], unseen(BLOCKS, 0, asked.tasks)
    for n_tasks in asked.curve:
        kept = BLOCKS.draw(k_support=1, n_query=60, n_tasks=n_tasks, generator=seeded(n_tasks))
        learner, seconds = trained(True, partial(same_tasks, kept), seed=0, steps=asked.steps)
        area, error, _ = judged(learner, episode)
        rows.append((str(n_tasks), area, error, seconds))
    head = ("training tasks", "AUROC", "error", "training, s")
    return table("More training tasks of 60 rows each, one seed", head, rows)


def main() -> None:
    """Print the tables; with --store keep them for the page of costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=600, help="of meta-training, 16 tasks each")
    parser.add_argument("--seeds", type=int, default=3, help="of meta-training")
    parser.add_argument("--tasks", type=int, default=200, help="unseen tasks of each judgement")
    parser.add_argument("--curve", type=int, nargs="*", default=[8, 32, 128, 512, 2048, 4096])
    parser.add_argument("--store", action="store_true", help="write benchmarks/results/")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    results = [methods("Shared blocks", BLOCKS, asked), methods("Nothing shared", LOOSE, asked)]
    if asked.curve:
        results.append(curve(asked))
    print("\n\n".join(result.markdown() for result in results))
    if asked.store:
        store("gates", results)


if __name__ == "__main__":
    main()
