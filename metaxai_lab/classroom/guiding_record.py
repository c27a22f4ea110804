"""What more seeds, other ways to guide and other numbers of training tasks found: a stored record.

A record is made by `python benchmarks/guiding.py --store`, with the code and the sizes of the page,
and read by the chapter, which has the time to train one seed. Nothing is typed.
Chapter: book/importance/guiding_a_learner.ipynb.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from metaxai_lab.classroom.tables import about

PLACE = Path(__file__).parents[2] / "book" / "importance" / "guiding_study.json"
COMMAND = "python benchmarks/guiding.py --store"


@dataclass(frozen=True)
class GuidingRecord:
    """Trained learners by kind and seed.

    Args:
        made: how: the command, the plan, the versions.
        runs: one entry for each trained learner: kind, seed and marks.
    """

    made: dict[str, str]
    runs: list[dict]

    def numbers(self, kind: str, what: str) -> list[float]:
        """Return one number for each seed, in the order of the seeds.

        Raises:
            ValueError: if no such number is stored.
        """
        mine = sorted((run for run in self.runs if run["kind"] == kind), key=_seed)
        if not mine or any(what not in run["marks"] for run in mine):
            kinds = ", ".join(dict.fromkeys(run["kind"] for run in self.runs))
            raise ValueError(
                f"the record holds no {what!r} for {kind!r}; its kinds are {kinds}. Make it anew "
                f"by `{COMMAND}`."
            )
        return [run["marks"][what] for run in mine]

    def without(self, kinds: Sequence[str], made: dict[str, str]) -> "GuidingRecord":
        """Return the record without the runs of some kinds, which are to be made anew.

        Args:
            made: how.

        Raises:
            ValueError: if runs of other kinds would stay that were made in another way.
        """
        kept = [run for run in self.runs if run["kind"] not in kinds]
        if kept and made != self.made:
            stay = ", ".join(dict.fromkeys(run["kind"] for run in kept))
            raise ValueError(
                f"runs of {stay} would stay, and they were made by {self.made}, not by {made}. "
                f"Make all kinds anew by `{COMMAND}`."
            )
        return GuidingRecord(made, kept)

    def said(self, kind: str, what: str) -> str:
        """Return the mean over the seeds as the page writes it."""
        return about(fmean(self.numbers(kind, what)))

    def curve(self, what: str) -> dict[int, float]:
        """Return a number against the number of training tasks, mean over the seeds."""
        counts = sorted({run["marks"]["n_met"] for run in self.runs if run["kind"][:6] == "tasks "})
        return {n: fmean(self.numbers(f"tasks {n}", what)) for n in counts}


def stored_guiding(place: Path = PLACE) -> GuidingRecord:
    """Return the stored record.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    if not place.is_file():
        raise FileNotFoundError(f"the record should lie at {place}; make it by `{COMMAND}`.")
    kept = json.loads(place.read_text("utf8"))
    return GuidingRecord(kept["made"], kept["runs"])


def store(record: GuidingRecord, place: Path = PLACE) -> None:
    """Write the record, one run a line, so that a diff shows which run changed."""
    runs = ",\n".join("  " + json.dumps(run, sort_keys=True) for run in record.runs)
    made = json.dumps(record.made, indent=1, sort_keys=True)
    place.write_text(f'{{"made": {made},\n"runs": [\n{runs}\n]}}\n', "utf8")


def _seed(run: dict) -> int:
    return run["seed"]
