"""Does the attention follow the task? Several seeds, at quick and at full scale, with their twins.

`python benchmarks/accent_study.py` trains one learner and prints its marks, at the scale of
`METAXAI_SCALE`. With `--store` it trains all seeds and twins and writes them to the record beside
the chapter, which keeps the runs of other scales.
"""

import argparse
from dataclasses import asdict
from typing import get_args

import torch

from metaxai_lab.classroom import accent_study
from metaxai_lab.classroom.accent_record import ASKED, PLACE, SHOTS, Record, store, stored_record
from metaxai_lab.core import pick_device, scale, seeded
from metaxai_lab.learners.attentive import Focus
from metaxai_lab.tasks import accents


def one_run(focus: Focus, seed: int) -> dict:
    """Train and judge one learner on the test letters."""
    plan = accent_study.plan()
    learner, _ = accent_study.train(focus, seed=seed, plan=plan)
    table = accents("test")
    learner.cpu()
    marks: dict[str, dict[str, float]] = {
        kind: asdict(
            accent_study.judge(
                learner, table, kind, n_tasks=plan.n_judged, generator=seeded(1000 + seed)
            )
        )
        for kind in accent_study.BOTH
    }
    moves = accent_study.share_that_moves(
        learner, table, n_tasks=plan.n_judged, generator=seeded(2000 + seed)
    )
    marks["both"] = {"moves": moves}
    rounded = {k: {n: round(v, 4) for n, v in m.items()} for k, m in marks.items()}
    run: dict = {"scale": scale(), "focus": focus, "seed": seed, "marks": rounded}
    if focus == "uniform":
        run["shots"] = {
            k_shot: {
                kind: round(
                    accent_study.judge(
                        learner,
                        table,
                        kind,
                        n_tasks=plan.n_judged,
                        k_shot=k_shot,
                        generator=seeded(ASKED),
                    ).accuracy,
                    4,
                )
                for kind in accent_study.BOTH
            }
            for k_shot in SHOTS
        }
    print(run, flush=True)
    return run


def main() -> None:
    """Run all seeds and focuses of this scale; print the table, and store it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+")
    parser.add_argument("--focuses", nargs="+", choices=get_args(Focus))
    parser.add_argument("--store", action="store_true")
    asked = parser.parse_args()
    focuses = asked.focuses or (get_args(Focus) if asked.store else ["task"])
    seeds = asked.seeds or ([0, 1, 2] if asked.store else [0])
    runs = [one_run(focus, seed) for focus in focuses for seed in seeds]
    made = {f"plan, {scale()} scale": str(accent_study.plan()), "torch": torch.__version__}
    made |= {"command": "benchmarks/accent_study.py --store", "device": pick_device().type}
    record = Record(made, runs)
    if asked.store:
        old = stored_record() if PLACE.is_file() else Record({}, [])
        new = {(run["scale"], run["focus"], run["seed"]): run for run in [*old.runs, *runs]}
        record = Record(old.made | made, list(new.values()))
        store(record)
    print(record.markdown())


if __name__ == "__main__":
    main()
