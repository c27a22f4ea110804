"""What gates learned across tasks cost and give: seconds, recovery, error, adapting; seed by seed.

Each training seed makes gates that know their columns and gates that do not, on planted tables of
64 columns of which 6 in one of 8 blocks act, 20 support rows; then the same where nothing is
shared. Ridge and lasso are tuned on tasks of their own. The last table is the curve over the number
of training tasks. Run `python benchmarks/gates.py`.
"""

import argparse

import torch

from metaxai_lab.classroom.costs import Result, store, this_machine
from metaxai_lab.classroom.guiding_judges import marks, milliseconds
from metaxai_lab.classroom.guiding_rivals import forests, lasso_alone, untold
from metaxai_lab.classroom.guiding_study import (
    LOOSE,
    SHARED,
    errors,
    first,
    plan,
    relevant,
    train,
    unseen,
)
from metaxai_lab.classroom.linear_baselines import lasso, ridge
from metaxai_lab.core import Episode, Model
from metaxai_lab.evaluation import recovery
from metaxai_lab.tasks import PlantedFamily

COMMAND = "python benchmarks/gates.py --store"
FEW = 40  # tasks for what is slow


def table(title: str, head: tuple[str, ...], rows: list[tuple], note: str = "") -> Result:
    """Return a table of this benchmark."""
    return Result(title, COMMAND, this_machine(), head, rows, note)


def alone(family: PlantedFamily) -> list[tuple]:
    """Judge what knows no other task; ridge and lasso are tuned on tasks of their own."""
    judged, tried = unseen(family=family), unseen(seed=500, family=family)
    few = first(judged, FEW)
    found = {"ridge, tuned": untold(ridge, tried, judged)}
    found["lasso, tuned"] = untold(lasso, tried, judged)
    found[f"LassoCV, each of {FEW} tasks"] = lasso_alone(few)
    grown = forests(few)
    rows = [
        _row(who, rival, rival.weights.abs(), judged if "tuned" in who else few)
        for who, rival in found.items()
    ]
    who = f"random forest, each of {FEW} tasks"
    return [*rows, _row(who, grown.model(), grown.impurity(), few)]


def _row(who: str, model: Model, importance: torch.Tensor, judged: Episode) -> tuple:
    area = recovery(importance, relevant(judged)).mean
    return (who, area, float(errors(model, judged).mean()), "", "", "")


def methods(name: str, family: PlantedFamily, asked: argparse.Namespace) -> Result:
    """Judge gates seed by seed, and what knows no other task, on unseen tasks of a family."""
    rows: list[tuple] = []
    for aware, who in ((True, "gates that know columns"), (False, "gates that do not")):
        for seed in range(asked.seeds):
            trained = train(aware=aware, steps=asked.steps, seed=seed, family=family)
            found = marks(trained, family, seed=seed)
            shown = [found[what] for what in ("auroc", "error", "coverage", "seconds")]
            rows.append((f"{who}, seed {seed}", *shown, milliseconds(trained.learner)))
    head = ("method", "AUROC", "error", "90 % holds", "training, s", "adapting, ms")
    note = "Errors are shares of the target's variance; times are of one core."
    rows += alone(family)
    return table(f"{name}, {plan().n_judged} unseen tasks", head, rows, note)


def curve(asked: argparse.Namespace) -> Result:
    """Judge gates that know their columns against the number of tasks they were trained on."""
    rows: list[tuple] = []
    for n_tasks in asked.curve:
        found = marks(train(aware=True, steps=asked.steps, seed=0, n_tasks=n_tasks))
        rows.append((str(n_tasks), *(found[what] for what in ("auroc", "error", "seconds"))))
    head = ("training tasks", "AUROC", "error", "training, s")
    return table("More training tasks of 60 rows each, one seed", head, rows)


def main() -> None:
    """Print the tables; with --store keep them for the page of costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=600, help="of meta-training, 16 tasks each")
    parser.add_argument("--seeds", type=int, default=3, help="of meta-training")
    parser.add_argument("--curve", type=int, nargs="*", default=[8, 32, 128, 512, 2048, 4096])
    parser.add_argument("--store", action="store_true", help="write benchmarks/results/")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    results = [methods("Shared blocks", SHARED, asked), methods("Nothing shared", LOOSE, asked)]
    if asked.curve:
        results.append(curve(asked))
    print("\n\n".join(result.markdown() for result in results))
    if asked.store:
        store("gates", results)


if __name__ == "__main__":
    main()
