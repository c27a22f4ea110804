"""Train amortised explainers from several seeds: the record that book/local/amortized shows.

    python benchmarks/amortized.py --store

Without --store it prints. With --only, parts that are not asked for keep their stored numbers; of
each part the record says when it was made, and by which code.
"""

from pathlib import Path

import torch

from metaxai_lab.classroom import amortized_labels as labels
from metaxai_lab.classroom import amortized_starts as starts
from metaxai_lab.classroom import amortized_study as study
from metaxai_lab.classroom.amortized_record import COMMAND, PLACE
from metaxai_lab.classroom.local_models import LOCAL_MODELS
from metaxai_lab.classroom.record import remake
from metaxai_lab.explainers import Training, exact_shapley, widened

SEEDS = (0, 1, 2)
BUDGETS = (16_000, 64_000)
MANY = 1_024_000  # questions that pay for exact labels of 250 rows
EARLIER, LATER = range(1, 7), range(101, 107)  # seeds of models
FRESH = ((8, 0.006), (32, 0.012), (128, 0.012))  # rows in a step that asks anew; rates
ALL_STEPS_BATCH = 128
ROOMS = Path(study.__file__).parents[1]


def main() -> None:
    """Run the parts that are asked for."""
    torch.set_num_threads(1)
    remake(PARTS, PLACE, COMMAND, rooms())


def rooms() -> list[Path]:
    """Return the rooms that the record rests on."""
    used = (
        *("amortized", "amortized_net", "coalitions", "exact", "game", "kernel_shap"),
        *("permutation", "stored_values", "warm_start", "widened"),
    )
    files = [ROOMS / "explainers" / f"{name}.py" for name in used]
    files += sorted(ROOMS.glob("classroom/amortized_*.py"))
    return [*files, ROOMS / "classroom/local_models.py"]


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
    for kind in ("coalitions", "exact"):  # the case is bc12
        errors = [labels.error_of(case, kind, MANY, seed=s, training=Training()) for s in SEEDS]
        yield f"bc12, {kind}, {MANY}", errors


def fresh():
    """Ask for new coalitions in every step: with few questions, and with as many steps."""
    for name in ("synth12", "bc12"):
        case = study.case(name)
        for batch, rate in FRESH:
            steps = BUDGETS[-1] // (batch * (labels.N_COALITIONS + 1))
            how = Training(steps=steps, outer_lr=rate)
            runs = [labels.error_of_fresh(case, batch=batch, seed=s, training=how) for s in SEEDS]
            yield f"{name}, fresh, {batch} at {rate}", [error for error, _ in runs]
            yield f"{name}, fresh, {batch} at {rate}, queries", [float(q) for _, q in runs]
        error, spent = labels.error_of_fresh(
            case, batch=ALL_STEPS_BATCH, seed=SEEDS[0], training=Training()
        )
        yield f"{name}, fresh, all", [error]
        yield f"{name}, fresh, all, queries", [float(spent)]


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
    kinds = study.shifted_rows(case)
    for kind, rows in kinds.items():
        yield f"bc12, doubt, {kind}", [study.doubt(case, one, rows) for one in crowds]
    others = case.spare[32:64]
    yield "bc12, doubt, other patients", [study.doubt(case, one, others) for one in crowds]
    alone = [study.taught(case, seed=seed).explainer for seed in SEEDS]
    yield "bc12, error", [case.error(study.explained_by(case, one)) for one in alone]
    for kind, rows in kinds.items():
        exact = exact_shapley(case.game, rows).values
        found = [study.explained_by(case, one, rows) for one in alone]
        yield f"bc12, error, {kind}", [study.median_error(values, exact) for values in found]


def begun():
    """Explain new models from nothing, from one earlier explainer, and from a learned start."""
    found = starts.starts_from(EARLIER)
    for spent in (0, *starts.STEPS):
        for way, errors in starts.errors_after(found, LATER, spent).items():
            yield f"start, {way}, {spent}", errors


PARTS = {"seeds": seeds, "kinds": kinds, "fresh": fresh, "spread": spread, "begun": begun}

if __name__ == "__main__":
    main()
