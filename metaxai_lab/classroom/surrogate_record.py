"""What else was tried on trees from few questions, over three seeds: a stored record.

Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from pathlib import Path

from metaxai_lab.classroom import surrogate_extras as extras
from metaxai_lab.classroom.record import Record, read

PLACE = Path(__file__).parents[2] / "book" / "global" / "surrogate_study.json"
COMMAND = "python benchmarks/surrogates.py --store"
PARTS = {
    "split prior": extras.split_prior,
    "fitted processes": extras.fitted_processes,
    "soft trees": extras.soft_trees,
    "other teachers": extras.other_teachers,
    "teachers met": extras.teachers_met,
}


def stored_surrogates(place: Path = PLACE) -> Record:
    """Return the stored record.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    return read(place, COMMAND)
