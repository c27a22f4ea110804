"""Train guided learners: more seeds, other ways to guide, and from 8 to 4,096 training tasks.

With `--store` the marks go to the page that shows them: python benchmarks/guiding.py --store. The
sizes are those of the page's scale, so a run here is what the page would have found with that seed.
`--kinds` trains some of them; what the record holds of other kinds is kept, if it was made in
the same way.
"""

import argparse
import sys
from typing import Any

import torch

from metaxai_lab.classroom import guiding_judges, guiding_study
from metaxai_lab.classroom.guiding_record import (
    COMMAND,
    PLACE,
    GuidingRecord,
    store,
    stored_guiding,
)
from metaxai_lab.classroom.guiding_study import LOOSE, SHARED, Trained

COUNTS = (8, 32, 128, 512, 4096)
KINDS = ("aware", "blind", "loose", "inputs", "start", *(f"tasks {n}" for n in COUNTS))


def trained(kind: str, seed: int) -> Trained:
    """Train one learner of a kind."""
    plan = guiding_study.plan()
    if kind == "blind":
        return guiding_study.train(aware=False, steps=plan.blind, seed=seed)
    how: dict[str, Any] = {
        "loose": {"family": LOOSE},
        "inputs": {"by": "inputs"},
        "start": {"by": "initialisation"},
    }.get(kind, {})
    if kind.startswith("tasks "):
        how = {"n_tasks": int(kind.removeprefix("tasks ")), "steps": plan.again}
    return guiding_study.train(seed=seed, **{"aware": True, "steps": plan.aware} | how)


def run_of(kind: str, seed: int) -> dict:
    """Train and judge one learner, on tasks of the family that it was trained for."""
    learner = trained(kind, seed)
    marks = guiding_judges.marks(learner, LOOSE if kind == "loose" else SHARED)
    print(kind, seed, {name: round(mark, 3) for name, mark in marks.items()}, flush=True)
    return {"kind": kind, "seed": seed, "marks": marks}


def main() -> int:
    """Run the kinds, three seeds each; print the marks, and store them where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    plan = guiding_study.plan()
    steps = f"{plan.aware} steps (blind: {plan.blind}, given tasks: {plan.again})"
    steps += f" of {plan.n_at_once} tasks"
    made = {"command": COMMAND, "plan": steps, "torch": torch.__version__.partition("+")[0]}
    record = stored_guiding() if PLACE.is_file() else GuidingRecord(made, [])
    runs = record.without(asked.kinds, made).runs if asked.store else []
    for kind in asked.kinds:
        runs += [run_of(kind, seed) for seed in range(asked.seeds)]
        if asked.store:
            store(GuidingRecord(made, sorted(runs, key=lambda run: KINDS.index(run["kind"]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
