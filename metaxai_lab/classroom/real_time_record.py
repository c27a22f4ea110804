"""Explainers of three models, and watchers of thousands of streams: a stored record.

The page runs one seed of each anew. The simulated desk of the page works by the stored costs, so
that it is the same on every machine. Chapter: book/outlook/in_real_time.ipynb.
"""

from collections.abc import Iterator
from pathlib import Path

import torch

from metaxai_lab.classroom import real_time_drift as drift
from metaxai_lab.classroom import real_time_explainers as explainers
from metaxai_lab.classroom import real_time_readapt as readapt
from metaxai_lab.classroom.real_time_trained import amortized
from metaxai_lab.classroom.record import Part, Record, read
from metaxai_lab.explainers import exact_shapley
from metaxai_lab.tasks.streams import KINDS

PLACE = Path(__file__).parents[2] / "book" / "outlook" / "real_time_study.json"
COMMAND = "python benchmarks/real_time.py --store"
SEEDS = (0, 1, 2)
RUNS = 200  # streams of each kind and seed
BOUNDING, QUIET = 2000, 1000  # quiet streams that bounds come from, and that are judged
JUDGED = 60  # items of each model
START = 400


def of_speed() -> Iterator[tuple[str, list[float]]]:
    """Time and judge every explainer on three models: milliseconds and errors."""
    travels, found = explainers.traveller(), []
    for seed in SEEDS:
        one = explainers.mill(seed)
        truth = exact_shapley(one.game, one.items[:JUDGED]).values
        everyone = explainers.all_of(one, travels, amortized(one, seed=seed))
        found.append(explainers.anytime(everyone, one.items[:JUDGED], truth))
    for name, budgets in found[0].items():
        for n in budgets:
            points = [curve[name][n] for curve in found]
            yield f"{name}, {n}, p50", [point.latency.p50 for point in points]
            yield f"{name}, {n}, p99", [point.latency.p99 for point in points]
            yield f"{name}, {n}, error", [point.error for point in points]


def of_drift() -> Iterator[tuple[str, list[float]]]:
    """Watch streams of every kind with three learners: shares noticed, false alarms, delays."""
    heard: dict[str, list[dict[str, drift.Alarms]]] = {kind: [] for kind in KINDS}
    for seed in SEEDS:
        learner = drift.train_learner(seed)
        limits = drift.bounds(learner, seed=1000 + seed, n_runs=BOUNDING)
        for place, kind in enumerate(KINDS):
            at = 6000 + 100 * seed + place
            n_runs = QUIET if kind == "quiet" else RUNS
            heard[kind].append(drift.heard(learner, kind, limits, seed=at, n_runs=n_runs))
    for kind, runs in heard.items():
        for watcher in runs[0]:
            each = [one[watcher] for one in runs]
            if kind == "quiet":
                yield f"{watcher}, false", [one.false() for one in each]
            else:
                yield f"{watcher}, {kind}, noticed", [one.noticed(START) for one in each]
                late = torch.tensor([one.delay(START) for one in each]).nan_to_num(-1.0)
                yield f"{watcher}, {kind}, delay", late.tolist()


def of_refits() -> Iterator[tuple[str, list[float]]]:
    """Refit after a change with three learners: the mean error of each way and number of rows."""
    found = []
    for seed in SEEDS:
        learner, worlds = drift.train_learner(seed), readapt.changed(3000 + seed, RUNS)
        found.append({n: readapt.errors(learner, worlds, n) for n in readapt.SIZES})
    for n in readapt.SIZES:
        for name in found[0][n]:
            yield f"{name}, {n} rows", [float(one[n][name].mean()) for one in found]


def whole(place: Path = PLACE) -> Record:
    """Return all that is stored, such as "explanations, slowly, noticed": one for each seed."""
    return read(place, COMMAND)


def points(kept: Record) -> list[tuple[str, int]]:
    """Return every explainer and number of queries that the record times and judges."""
    ends = [name.rpartition(", ")[0] for name in kept.numbers if name.endswith(", p99")]
    return [(name.rpartition(", ")[0], int(name.rpartition(", ")[2])) for name in ends]


PARTS: dict[str, Part] = {"speed": of_speed, "drift": of_drift, "refits": of_refits}
