"""What runs on real pictures found: stored beside the page, with how it was made.

A record is made by `python benchmarks/attentive_pictures.py --store`, where the sets are, and read
by the chapter, which therefore shows its numbers on machines without them. Nothing is typed.
Chapter: book/attention/pictures.ipynb.
"""

import json
from dataclasses import dataclass
from pathlib import Path

PLACE = Path(__file__).parents[2] / "book" / "attention" / "pictures_study.json"


@dataclass(frozen=True)
class PicturesRecord:
    """Runs by set and seed.

    Args:
        made: how: the command, the plan, the version of torch.
        runs: one entry for each trained learner: its marks, and those of an untrained one.
    """

    made: dict[str, str]
    runs: list[dict]

    @property
    def sets(self) -> list[str]:
        """The sets that were there, in the order of the runs."""
        return list(dict.fromkeys(run["set"] for run in self.runs))

    def numbers(self, name: str, what: str, *, of: str = "marks") -> list[float]:
        """Return one number for each seed; `of` is "marks" or "untrained".

        Raises:
            ValueError: if no such number is stored.
        """
        mine = [run[of] for run in self.runs if run["set"] == name]
        if not mine or any(what not in marks for marks in mine):
            raise ValueError(
                f"the record holds no {what!r} for {name!r}; its sets are {', '.join(self.sets)}. "
                "Make it anew by `python benchmarks/attentive_pictures.py --store`."
            )
        return [marks[what] for marks in mine]


def stored_pictures() -> PicturesRecord:
    """Return the stored record."""
    kept = json.loads(PLACE.read_text("utf8"))
    return PicturesRecord(kept["made"], kept["runs"])
