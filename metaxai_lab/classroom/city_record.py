"""Every station and hour of the real sets left out once, and fifteen small cities: a stored record.

The page runs a part of the real sets anew where the files are, and compares; of the small cities it
runs three others.
Chapter: book/applications/city.ipynb.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch

from metaxai_lab.classroom import city_places as places
from metaxai_lab.classroom import city_roads as roads
from metaxai_lab.classroom.city_study import judged
from metaxai_lab.classroom.left_out import SIZES, LeftOut, mean_of
from metaxai_lab.classroom.record import Part, Record, read

PLACE = Path(__file__).parents[2] / "book" / "applications" / "city_study.json"
COMMAND = "python benchmarks/city.py --store"
SEEDS = (0, 1)
PARTS_OF = {"Beijing": 4, "Beijing, shuffled": 4, "bicycles": 6}
TRAINED = {
    "Beijing": places.beijing,
    "Beijing, shuffled": partial(places.beijing, shuffled=True),
    "bicycles": places.bicycles,
}


def left_out_of(name: str) -> Iterator[tuple[str, list[float]]]:
    """Leave out all stations or hours of a set: the errors of each method, for each size."""
    found = mean_of([run(name, seed) for seed in SEEDS])
    for who, errors in found.errors.items():
        for k, each in zip(found.sizes, errors, strict=True):
            yield f"{name}, {who}, {k}", each.tolist()


def run(name: str, seed: int) -> LeftOut:
    """Leave out all stations or hours of a set once."""
    n_parts = PARTS_OF[name]
    train = TRAINED[name]
    lefts = [train(part, n_parts, seed=10 * seed + part) for part in range(n_parts)]
    return judged(lefts, seed=seed)


def whole(place: Path = PLACE) -> Record:
    """Return all that is stored, such as "road, wait, error": one number for each small city."""
    return read(place, COMMAND)


def stored(name: str, place: Path = PLACE) -> LeftOut:
    """Return what is stored of a set.

    Raises:
        FileNotFoundError: if there is no record; the message names the command that makes it.
        ValueError: if the record holds nothing of this set.
    """
    kept = whole(place)
    known = [key[len(name) + 2 :] for key in kept.numbers if key.startswith(f"{name}, ")]
    who = dict.fromkeys(key.rpartition(", ")[0] for key in known if not key.startswith("shuffled"))
    if not who:
        raise ValueError(f"the record holds nothing of {name!r}; it holds {', '.join(PARTS)}.")
    errors = {one: torch.tensor([kept[f"{name}, {one}, {k}"] for k in SIZES]) for one in who}
    return LeftOut(errors)


PARTS: dict[str, Part] = {name: partial(left_out_of, name) for name in TRAINED}
PARTS |= {span: partial(roads.of_days, span) for span in roads.SPANS}
PARTS["roads"] = roads.of_roads
