"""Train amortised explainers from several seeds: the record that book/local/amortized shows.

    python benchmarks/amortized.py --store

Without --store it prints. Parts that are not asked for keep their stored numbers.
"""

import argparse
import platform

import torch

from metaxai_lab.classroom import amortized_labels as labels
from metaxai_lab.classroom import amortized_starts as starts
from metaxai_lab.classroom import amortized_study as study
from metaxai_lab.classroom.amortized_record import (
    COMMAND,
    PLACE,
    AmortizedRecord,
    store,
    stored_amortized,
)
from metaxai_lab.classroom.local_models import LOCAL_MODELS
from metaxai_lab.explainers import Training, exact_shapley, widened

SEEDS = (0, 1, 2)
BUDGETS = (16_000, 64_000)
EARLIER, LATER = range(1, 7), range(101, 104)  # seeds of models
PUBLISHED_BATCH = 128  # rows in a step that asks anew


def main() -> None:
    """Run the parts that are asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", action="store_true")
    asked.add_argument("--only", nargs="*", default=list(PARTS))
    told = asked.parse_args()
    torch.set_num_threads(1)
    numbers = stored_amortized().numbers if PLACE.exists() else {}
    for part in told.only:
        for name, found in PARTS[part]():
            print(name, [round(one, 4) for one in found], flush=True)
            numbers[name] = [round(one, 5) for one in found]
        if told.store:
            made = {"command": COMMAND, "python": platform.python_version()}
            store(AmortizedRecord({**made, "torch": torch.__version__}, numbers))


def seeds():
    """Train for each model from each seed."""
    for name in LOCAL_MODELS:
        case = study.case(name)
        runs = [study.taught(case, seed=seed) for seed in SEEDS]
        yield (
            f"{name}, error",
            [case.error(study.explained_by(case, run.explainer)) for run in runs],
        )
        yield f"{name}, seconds", [run.seconds for run in runs]


def kinds():
    """Train on each kind of signal, at equal queries."""
    for name in ("synth12", "bc12"):
        case = study.case(name)
        for budget in BUDGETS:
            for kind in labels.KINDS:
                yield (
                    f"{name}, {kind}, {budget}",
                    [
                        labels.error_of(case, kind, budget, seed=seed, training=Training())
                        for seed in SEEDS
                    ],
                )


def fresh():
    """Ask for new coalitions in every step, with few steps and with all."""
    for name in ("synth12", "bc12"):
        case = study.case(name)
        few = BUDGETS[-1] // (PUBLISHED_BATCH * (labels.N_COALITIONS + 1))
        for steps, seeds in ((few, SEEDS), (Training().steps, SEEDS[:1])):
            runs = [
                labels.error_of_fresh(
                    case, batch=PUBLISHED_BATCH, seed=seed, training=Training(steps=steps)
                )
                for seed in seeds
            ]
            size = "few" if steps == few else "all"
            yield f"{name}, fresh, {size}", [error for error, _ in runs]
            yield f"{name}, fresh, {size}, queries", [float(spent) for _, spent in runs]


def spread():
    """Say how many exact values the intervals of ensembles hold, raw and widened."""
    case = study.case("bc12")
    how = Training(width=64, n_members=4)
    known = case.spare[:32]
    right = exact_shapley(case.game, known).values
    crowds = [study.taught(case, seed=seed, training=how).explainer for seed in SEEDS]
    wide = [widened(crowd, known, right) for crowd in crowds]
    yield "bc12, held raw", [study.held(case, one, case.rows, case.exact) for one in crowds]
    yield "bc12, held widened", [study.held(case, one, case.rows, case.exact) for one in wide]
    yield "bc12, factor", [one.widen for one in wide]


def begun():
    """Explain new models from nothing, from one earlier explainer, and from a learned start."""
    found = starts.starts_from(EARLIER)
    for spent in (0, *starts.STEPS):
        for way, errors in starts.errors_after(found, LATER, spent).items():
            yield f"start, {way}, {spent}", errors


PARTS = {"seeds": seeds, "kinds": kinds, "fresh": fresh, "spread": spread, "begun": begun}

if __name__ == "__main__":
    main()
