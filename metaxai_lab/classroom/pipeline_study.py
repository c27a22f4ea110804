"""Steps 1 to 4 of a pipeline, each of which reads what earlier ones left on disk.

Sample tasks, meta-train, analyse, fine-tune from the analysis; one code at both scales. The fault
that the analysis is to find is planted, see `pipeline_fault`; the fine-tuning is in
`pipeline_repair`. Chapter: book/concepts/five_steps.ipynb.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metaxai_lab.classroom.pipeline_artefacts import Card, put, put_tensors, take, take_tensors
from metaxai_lab.classroom.pipeline_fault import (
    COLUMNS,
    accuracy,
    importance,
    new_tasks,
    shuffled,
    some,
    suspect,
    untrained,
    without_note,
)
from metaxai_lab.classroom.pipeline_repair import fine_tune
from metaxai_lab.core import Episode, Examples, at_scale, seeded
from metaxai_lab.learners import History, ProtoNet, classification_loss, meta_train

TASKS, WEIGHTS, REPORT, REPAIRED = (
    "tasks.safetensors",
    "weights.safetensors",
    "report.json",
    "repaired.safetensors",
)
Report = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """The size of a run; only these numbers change with the scale."""

    n_tasks: int  # in the file
    n_kept: int  # the last of them, kept from training for the analysis
    steps: int  # of meta-training, 16 tasks each
    repair_steps: int
    n_judged: int  # new tasks


def plan() -> Plan:
    """Return the plan of the scale of this run."""
    return at_scale(quick=Plan(512, 32, 400, 150, 200), full=Plan(8192, 512, 4000, 1500, 2000))


def sample_tasks(folder: Path, *, seed: int, plan: Plan, noted: bool = True) -> Card:
    """Step 1: draw tasks; write them, and a card.

    Args:
        noted: the notes tell the class; where this is False they say nothing.
    """
    generator = seeded(seed)
    tasks = new_tasks(plan.n_tasks, at_work=False, generator=generator)
    tasks = tasks if noted else without_note(tasks, generator=generator)
    parts = {f"{name}_x": rows.x for name, rows in _rows(tasks).items()}
    parts |= {f"{name}_y": rows.y for name, rows in _rows(tasks).items()}
    return put_tensors(
        folder,
        TASKS,
        parts,
        made_from=(),
        step=1,
        what="planted tasks of two classes",
        tasks=plan.n_tasks,
        kept=plan.n_kept,
        seed=seed,
        columns=list(COLUMNS),
        known_when_asked=[name for name in COLUMNS if name != "note"],
    )


def train(folder: Path, *, seed: int, plan: Plan) -> History:
    """Step 2: meta-train on the tasks of the file; write weights, and a card."""
    learner, tasks = untrained(seed), read_tasks(folder)[0]
    history = meta_train(
        learner,
        lambda g: some(tasks, 16, generator=g),
        classification_loss,
        steps=plan.steps,
        outer_lr=1e-2,
        generator=seeded(seed),
        progress=False,
    )
    _write(folder, WEIGHTS, learner, [TASKS], step=2, what="a prototypical network", seed=seed)
    return history


def analyse(folder: Path) -> Report:
    """Step 3: say from the two files alone where the importance lies; write it as a report."""
    report = judged(read_learner(folder), folder)
    content = json.dumps(report, indent=1).encode()
    put(folder, REPORT, content, made_from=[TASKS, WEIGHTS], step=3, what="an analysis")
    return report


def judged(learner: ProtoNet, folder: Path) -> Report:
    """Return what the analysis says of a learner, by the tasks that were kept from training."""
    tasks, card = read_tasks(folder, kept=True)
    shares = dict[str, float](zip(COLUMNS, importance(learner, tasks).tolist(), strict=True))
    known = {name: name in card["known_when_asked"] for name in COLUMNS}
    mixed = {name: shuffled(tasks, name, generator=seeded(0)) for name in COLUMNS}
    return {
        "importance": shares,
        "accuracy": accuracy(learner, tasks),
        "accuracy_shuffled": {name: accuracy(learner, rows) for name, rows in mixed.items()},
        "fault": suspect(shares, known),
    }


def repair(
    folder: Path,
    *,
    seed: int,
    plan: Plan,
    watch: Callable[[int, ProtoNet], None] | None = None,
) -> ProtoNet:
    """Step 4: fine-tune against the fault that the report names; write weights, and a card."""
    fault = json.loads(take(folder, REPORT)[0])["fault"]
    learner = read_learner(folder)
    tasks, against = read_tasks(folder)[0], [] if fault is None else [fault]
    fine_tune(learner, tasks, against, seed=seed, steps=plan.repair_steps, watch=watch)
    about = {"step": 4, "what": "the same network, fine-tuned", "against": fault, "seed": seed}
    _write(folder, REPAIRED, learner, [TASKS, WEIGHTS, REPORT], **about)
    return learner


def read_tasks(folder: Path, *, kept: bool = False) -> tuple[Episode, Card]:
    """Return the tasks of step 1 that are for training, or those kept from it, and the card."""
    parts, card = take_tensors(folder, TASKS)
    mine = slice(card["tasks"] - card["kept"], None) if kept else slice(-card["kept"])
    support, query = (
        Examples(parts[f"{name}_x"][mine], parts[f"{name}_y"][mine])
        for name in ("support", "query")
    )
    return Episode(support, query), card


def read_learner(folder: Path, file: str = WEIGHTS) -> ProtoNet:
    """Return the learner of step 2, or of step 4."""
    learner = untrained(0)
    learner.load_state_dict(take_tensors(folder, file)[0])
    return learner


def _rows(tasks: Episode) -> dict[str, Examples]:
    return {"support": tasks.support, "query": tasks.query}


def _write(folder: Path, file: str, learner: ProtoNet, made_from: list[str], **about: Any) -> None:
    put_tensors(
        folder,
        file,
        learner.state_dict(),
        made_from=made_from,
        columns=list(COLUMNS),
        **about,
    )
