"""What longer runs of the accent study found: stored beside the page, with how it was made.

A record is made by `METAXAI_SCALE=full python benchmarks/accent_study.py --store` and read by the
chapter. It holds the marks of several seeds for each focus, and the settings; nothing is typed.
Chapter: book/attention/from_equations.ipynb.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from metaxai_lab.classroom.tables import markdown_table

PLACE = Path(__file__).parents[2] / "book" / "attention" / "accent_study.json"
SHOTS = (1, 2, 3, 5)
ASKED = 1  # the seed of the tasks that page and record ask with each number of shots
GOALS = {
    ("mark", "accuracy"): 0.85,
    ("base", "accuracy"): 0.90,
    ("mark", "lift"): 5.0,
    ("base", "lift"): 3.0,
    ("mark", "peak"): 0.80,
    ("base", "peak"): 0.60,
    ("both", "moves"): 0.90,
}
NAMES = {
    "accuracy": "accuracy, {} tasks",
    "lift": "lift, {} tasks",
    "peak": "peak, {} tasks",
    "moves": "attention moves with the task",
}
COLUMNS = {
    ("quick", "task"): "quick",
    ("full", "task"): "full",
    ("full", "blind"): "full, state always zero",
    ("full", "uniform"): "full, even weights",
    ("full", "none"): "full, without attention",
}


@dataclass(frozen=True)
class Record:
    """Runs of the study by scale, focus and seed.

    Args:
        made: how: the command, versions and plans.
        runs: one entry for each trained learner, with its marks by kind; where cells weigh alike,
            with its accuracy by the number of shots too.
    """

    made: dict[str, str]
    runs: list[dict]

    def numbers(self, scale: str, focus: str, kind: str, what: str) -> list[float]:
        """Return one number for each seed; empty where no such run is stored."""
        return [
            run["marks"][kind][what]
            for run in self.runs
            if (run["scale"], run["focus"]) == (scale, focus)
        ]

    def by_shots(self, scale: str, focus: str, kind: str, k_shot: int) -> list[float]:
        """Return the accuracy with `k_shot` examples of a class, for each seed that tells it."""
        return [
            run["shots"][str(k_shot)][kind]
            for run in self.runs
            if (run["scale"], run["focus"]) == (scale, focus) and "shots" in run
        ]

    def markdown(self) -> str:
        """Return a table: for each goal, the mean of the seeds and their range."""
        stored = {(run["scale"], run["focus"]) for run in self.runs}
        columns = [column for column in COLUMNS if column in stored]
        return markdown_table(
            ["", "goal", *(COLUMNS[column] for column in columns)],
            (
                [name_of(*goal), f"{least:g}", *(said(self.numbers(*c, *goal)) for c in columns)]
                for goal, least in GOALS.items()
            ),
        )

    def outcome(self, scale: str) -> str:
        """Say how many goals the means of the seeds reach, and which of them a lowest seed misses.

        Raises:
            StatisticsError: if no learner that reads its task was stored at this scale.
        """
        runs = {goal: self.numbers(scale, "task", *goal) for goal in GOALS}
        reached = sum(fmean(runs[goal]) >= least for goal, least in GOALS.items())
        missed = [
            f"{name_of(*goal)} ({min(runs[goal]):.2f})"
            for goal, least in GOALS.items()
            if min(runs[goal]) < least
        ]
        return (
            f"The means of *{scale}* reach {reached} of the {len(GOALS)} goals. Its lowest seeds "
            f"miss {len(missed)} of them{': ' if missed else ''}{'; '.join(missed)}."
        )


def stored_record(place: Path = PLACE) -> Record:
    """Return the record that lies beside the page.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    if not place.is_file():
        raise FileNotFoundError(
            f"the record of longer runs should lie at {place}; make it with "
            "`METAXAI_SCALE=full python benchmarks/accent_study.py --store`, in about an hour."
        )
    return Record(**json.loads(place.read_text()))


def store(record: Record, place: Path = PLACE) -> None:
    """Write the record, one run a line, so that a diff shows which run changed."""
    runs = ",\n".join("  " + json.dumps(run, sort_keys=True) for run in record.runs)
    made = json.dumps(record.made, indent=2, sort_keys=True)
    place.write_text(f'{{"made": {made},\n"runs": [\n{runs}\n]}}\n')


def name_of(kind: str, what: str) -> str:
    """Return how the page calls a number, such as "lift, mark tasks"."""
    return NAMES[what].format(kind)


def said(numbers: list[float]) -> str:
    """Return the mean of the seeds and their range, such as "0.91 (0.88 to 0.93)"."""
    if not numbers:
        return "not run"
    return f"{fmean(numbers):.2f} ({min(numbers):.2f} to {max(numbers):.2f})"
