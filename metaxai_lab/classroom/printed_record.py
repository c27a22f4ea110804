"""A stored record: attention over support pictures, where a page cannot wait, or has no data.

The printed equations, to the letter, learn for minutes; Omniglot is not on every machine. So the
marks of three seeds each are kept beside the page, with the settings that they come from. `python
-m metaxai_lab.classroom.printed_record FILE` makes them anew, Omniglot's where it is found.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from metaxai_lab.classroom import judged_study as study
from metaxai_lab.classroom.judged_eye import Front, new_tasks, seen_through, through
from metaxai_lab.classroom.judged_marks import support_marks
from metaxai_lab.classroom.seen_letters import Seen, train_eye
from metaxai_lab.core import Episode, seeded
from metaxai_lab.tasks import PictureTable, glyphs, is_here, pictures

STEPS, SEEDS, N_TASKS = 4000, (0, 1, 2), 60  # steps of the printed form
LONGER = {"eye_steps": 1500, "support_steps": 1500}  # on Omniglot, which has more to learn
FILE = Path(__file__).parents[2] / "book" / "attention" / "printed_record.json"
VALUES: tuple[study.Values, ...] = ("labels", "inputs")
Marks = list[dict[str, float]]  # of each seed


def stored(file: Path = FILE) -> dict[str, Any]:
    """Return the record: settings, and the marks of each seed by form.

    Raises:
        FileNotFoundError: if there is none; the message says how to make it.
    """
    if not file.is_file():
        raise FileNotFoundError(
            f"there is no record at {file}; `python -m metaxai_lab.classroom.printed_record FILE` "
            "makes it in some minutes."
        )
    return json.loads(file.read_text("utf8"))


def seen_tasks(
    letters: PictureTable, new_letters: PictureTable, *, eye_steps: int, n_tasks: int
) -> tuple[Seen, Episode]:
    """Train an eye; return the letters that it learned from, and tasks of new ones, through it."""
    eye = train_eye(letters, steps=eye_steps, generator=seeded(0))
    front = Front(eye, 3, letters, centred=True)
    (seen,) = seen_through(front, letters)
    return seen, through(front, new_tasks(new_letters, n_tasks=n_tasks, seed=1000))


def printed_marks(seen: Seen, new: Episode, *, steps: int = STEPS) -> Marks:
    """Train the printed equations from each seed and judge them on new letters."""
    learners = (study.train_printed(seen, seed=seed, steps=steps) for seed in SEEDS)
    return [_marks(learner, new) for learner in learners]


def matching_marks(values: study.Values, seen: Seen, new: Episode, plan: study.Plan) -> Marks:
    """Train attention that adds up labels, or inputs, from each seed and judge it."""
    learners = (study.train_support(values, seen, seed=seed, plan=plan) for seed in SEEDS)
    return [_marks(learner, new) for learner in learners]


def _marks(learner: Any, new: Episode) -> dict[str, float]:
    marks = asdict(support_marks(learner, new))
    return {name: round(number, 4) for name, number in marks.items()}


def make() -> dict[str, Any]:
    """Make the record anew; it takes some minutes."""
    plan = replace(study.plan(), n_tasks=N_TASKS)
    record: dict[str, Any] = {"steps": STEPS, "eye_steps": plan.eye_steps, "n_tasks": N_TASKS}
    sizes = {"eye_steps": plan.eye_steps, "n_tasks": N_TASKS}
    record["glyphs, printed"] = printed_marks(*seen_tasks(glyphs("train"), glyphs("test"), **sizes))
    if is_here("omniglot"):
        record |= {"on omniglot": LONGER} | _omniglot(replace(plan, **LONGER))
    return record


def _omniglot(plan: study.Plan) -> dict[str, Marks]:
    sizes = {"eye_steps": plan.eye_steps, "n_tasks": plan.n_tasks}
    tables = (pictures("omniglot", split, side=28) for split in ("background", "test"))
    seen, new = seen_tasks(*tables, **sizes)
    return {f"omniglot, {values}": matching_marks(values, seen, new, plan) for values in VALUES}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(make(), indent=1) + "\n", "utf8")
