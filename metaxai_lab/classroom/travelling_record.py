"""What rungs cost that train for one model, and what a network in context brings: a stored record.

It is made by `python benchmarks/travelling.py --store`; the page has no time for it. Nothing is
typed. Chapter: book/local/travelling_explainer.ipynb.
"""

from pathlib import Path

from metaxai_lab.classroom.amortized_record import AmortizedRecord, stored_amortized

PLACE = Path(__file__).parents[2] / "book" / "local" / "travelling_study.json"
COMMAND = "python benchmarks/travelling.py --store"


def stored_travelling(place: Path = PLACE) -> AmortizedRecord:
    """Return the stored record: numbers by name, one for each network or number of questions.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    if not place.is_file():
        raise FileNotFoundError(f"the record should lie at {place}; make it by `{COMMAND}`.")
    return stored_amortized(place)
