"""What else was tried on trees from few questions, over three seeds: a stored record.

It is made by `python benchmarks/surrogates.py --store`, with the code and the sizes of the page,
which has no time for it. Nothing is typed. Chapter: book/global/meta_learned_surrogates.ipynb.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from metaxai_lab.classroom import surrogate_extras as extras

PLACE = Path(__file__).parents[2] / "book" / "global" / "surrogate_study.json"
COMMAND = "python benchmarks/surrogates.py --store"
PARTS = {
    "split prior": extras.split_prior,
    "fitted processes": extras.fitted_processes,
    "soft trees": extras.soft_trees,
    "other teachers": extras.other_teachers,
    "teachers met": extras.teachers_met,
}


@dataclass(frozen=True)
class SurrogateRecord:
    """Numbers by name, one for each seed.

    Args:
        made: how: the command and the versions.
        numbers: such as "CART 30": one number for each seed.
    """

    made: dict[str, str]
    numbers: dict[str, list[float]]

    def __getitem__(self, name: str) -> list[float]:
        if name not in self.numbers:
            raise KeyError(
                f"the record holds no {name!r}; it holds {', '.join(self.numbers)}. Make it anew "
                f"by `{COMMAND}`."
            )
        return self.numbers[name]

    def mean(self, name: str) -> float:
        """Return the mean over the seeds."""
        return fmean(self[name])


def stored_surrogates(place: Path = PLACE) -> SurrogateRecord:
    """Return the stored record.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    if not place.is_file():
        raise FileNotFoundError(f"the record should lie at {place}; make it by `{COMMAND}`.")
    kept = json.loads(place.read_text("utf8"))
    return SurrogateRecord(kept["made"], kept["numbers"])


def store(record: SurrogateRecord, place: Path = PLACE) -> None:
    """Write the record, one name a line, so that a diff shows what changed."""
    lines = ",\n".join(f"  {json.dumps(n)}: {json.dumps(v)}" for n, v in record.numbers.items())
    made = json.dumps(record.made, indent=1, sort_keys=True)
    place.write_text(f'{{"made": {made},\n"numbers": {{\n{lines}\n}}}}\n', "utf8")
