"""How far a few boxes reach from other seeds: a stored record, for the page repairs seed 0 alone.

It is made by `python benchmarks/repair.py --store`, by the code and the plan of the page. Nothing
is typed. Chapter: book/attention/repair_and_deploy.ipynb.
"""

from collections.abc import Iterator
from pathlib import Path

from metaxai_lab.classroom import repair_study
from metaxai_lab.classroom.record import Record, read

PLACE = Path(__file__).parents[2] / "book" / "attention" / "repair_study.json"
COMMAND = "python benchmarks/repair.py --store"
FEWER = (1, 4)  # boxes; the page repairs with 16 from each seed
OTHERS = (1, 2)  # seeds


def stored_repair(place: Path = PLACE) -> Record:
    """Return the record: by number of boxes, the accuracy where the stamp misleads, by seed.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    return read(place, COMMAND)


def name_of(n_boxes: int) -> str:
    """Return the name of the accuracies after a repair with so many boxes."""
    return f"boxes {n_boxes}, misleads"


def fewer_boxes() -> Iterator[tuple[str, list[float]]]:
    """Repair a faulty learner of each other seed with each number of boxes, as the page does."""
    plan = repair_study.plan()
    faulty = {
        seed: repair_study.train(
            repair_study.reader(seed), says="the class", seed=seed, steps=plan.faulty
        )
        for seed in OTHERS
    }
    for n_boxes in FEWER:
        found = []
        for seed in OTHERS:
            marked = repair_study.boxes(n_boxes, seed=seed)
            mended = repair_study.repaired(faulty[seed], marked, seed=seed, steps=plan.repair)
            found.append(repair_study.accuracy(mended, says="another", seed=seed))
        yield name_of(n_boxes), found
