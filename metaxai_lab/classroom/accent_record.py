"""What longer runs of the accent study found: stored beside the page, with how it was made.

A record is made by `METAXAI_SCALE=full python benchmarks/accent_study.py --store` and read by the
chapter. It holds the marks of several seeds for each focus, and the settings; nothing is typed.
Chapter: book/attention/from_equations.ipynb.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

PLACE = Path(__file__).parents[2] / "book" / "attention" / "accent_study.json"
WANTED = {
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
    "lift": "mass in the right cells over their share, {} tasks",
    "peak": "heaviest cell is right, {} tasks",
    "moves": "attention moves with the task, same picture",
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
        runs: one entry for each trained learner, with its marks by kind.
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

    def markdown(self) -> str:
        """Return a table: for each wanted number, the mean of the seeds and their range."""
        stored = {(run["scale"], run["focus"]) for run in self.runs}
        columns = [column for column in COLUMNS if column in stored]
        lines = ["| | " + " | ".join(COLUMNS[c] for c in columns) + " | wanted |"]
        lines += ["|---" * (len(columns) + 2) + "|"]
        for (kind, what), wanted in WANTED.items():
            cells = [said(self.numbers(*column, kind, what)) for column in columns]
            lines += [f"| {NAMES[what].format(kind)} | {' | '.join(cells)} | {wanted:g} |"]
        return "\n".join(lines)


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


def said(numbers: list[float]) -> str:
    """Return the mean of the seeds and their range, such as "0.91 (0.88 to 0.93)"."""
    if not numbers:
        return "not run"
    return f"{fmean(numbers):.2f} ({min(numbers):.2f} to {max(numbers):.2f})"
