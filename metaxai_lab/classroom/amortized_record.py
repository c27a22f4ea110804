"""What other seeds and longer trainings of amortised explainers found: a stored record.

Chapter: book/local/amortized.ipynb.
"""

from pathlib import Path

from metaxai_lab.classroom.record import Record, read

PLACE = Path(__file__).parents[2] / "book" / "local" / "amortized_study.json"
COMMAND = "python benchmarks/amortized.py --store"


def stored_amortized(place: Path = PLACE) -> Record:
    """Return the stored record.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    return read(place, COMMAND)
