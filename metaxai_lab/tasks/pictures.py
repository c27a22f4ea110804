"""Real pictures as one resident table: a set and a split by name.

The splits divide classes, so that a learner meets classes it has never seen. Omniglot has its
standard (Lake et al., 2015): 964 background characters of 30 alphabets, 659 test characters of 20
others. For the other sets the classes are put in the order of the SHA-256 of their names and cut by
the set's shares (`PICTURE_SETS`): a rule of ours, not a published split. What is read once is kept.
Chapter: book/concepts/three_families.ipynb.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from pickle import UnpicklingError

import PIL
import torch
from torch import Tensor

from metaxai_lab.tasks.archives import UNREADABLE, DamagedFileError
from metaxai_lab.tasks.cache import cached
from metaxai_lab.tasks.catalogue import UnknownSetError, card, unknown
from metaxai_lab.tasks.picture_readers import table_from
from metaxai_lab.tasks.picture_sets import PICTURE_SETS, PictureSet
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.sources import COMMAND, find_set

SPLITS = ("train", "validation", "test", "all")
N_BACKGROUND = 964
HELD_OUT = ("Balinese", "Early_Aramaic", "Greek", "Korean", "Latin")  # Omniglot's validation
FAULTS = (*UNREADABLE, OSError, ValueError, KeyError, UnpicklingError)
RECIPE = 1  # raise it when the code that reads changes what it makes


def pictures(
    name: str, split: str, *, side: int | None = None, folder: Path | str | None = None
) -> PictureTable:
    """Return the classes of a split with all their pictures.

    Splits are "train", "validation", "test", and "all"; for omniglot "background" too, which is
    train and validation together. GTSRB keeps one picture of each track, for the frames of a track
    show one sign; Quick, Draw! the first 1,000 drawings of eight categories.

    Args:
        side: height and width wanted, in pixels; the set's own where None.
        folder: where the set lies; else it is searched for as `find_set` says.

    Raises:
        DamagedFileError: if what lies there cannot be read or is not whole.
        MissingSetError: if the set is not on this machine.
        UnknownSetError: if there is no such set.
        ValueError: if there is no such split, or `side` is below 1.
    """
    if name not in PICTURE_SETS:
        raise UnknownSetError(unknown("picture set", name, PICTURE_SETS))
    found = PICTURE_SETS[name]
    side = found.side if side is None else side
    _check(name, split, side)
    table = _read_once(name, found, side, find_set(name, folder=folder))
    return table if split == "all" else table.classes(_rows_of(found, split, table.names))


def class_split(names: Sequence[str], shares: tuple[float, float, float]) -> dict[str, list[int]]:
    """Divide classes by their names alone: the same names are always divided in the same way."""
    order = sorted(range(len(names)), key=lambda row: hashlib.sha256(names[row].encode()).digest())
    first = round(shares[0] * len(names))
    second = round((shares[0] + shares[1]) * len(names))
    cuts = {"train": order[:first], "validation": order[first:second], "test": order[second:]}
    return {split: sorted(rows) for split, rows in cuts.items()}


def omniglot_split(names: Sequence[str]) -> dict[str, list[int]]:
    """Divide the characters by the standard; the validation alphabets come from the background."""
    background = range(N_BACKGROUND)
    held_out = [row for row in background if names[row].split("/")[0] in HELD_OUT]
    train = [row for row in background if row not in set(held_out)]
    test = list(range(N_BACKGROUND, len(names)))
    splits = {"train": train, "validation": held_out, "test": test}
    return splits | {"background": list(background)}


def _rows_of(found: PictureSet, split: str, names: Sequence[str]) -> list[int]:
    divided = class_split(names, found.shares) if found.shares else omniglot_split(names)
    return divided[split]


def _check(name: str, split: str, side: int) -> None:
    splits = SPLITS if PICTURE_SETS[name].shares else (*SPLITS, "background")
    if split not in splits:
        raise ValueError(f"the splits of {name} are {', '.join(splits)}; found {split!r}.")
    if side < 1:
        raise ValueError(f"pictures need a side of at least 1 pixel; found {side}.")


def _read_once(name: str, found: PictureSet, side: int, place: Path) -> PictureTable:
    definition = {"recipe": RECIPE, "set": name, "side": side, "pillow": PIL.__version__}
    definition |= {"copy": _copy_of(name, place)}
    kept = cached(f"pictures-{name}", definition, _reading(name, found, side, place))
    names = tuple(bytes(kept["names"].tolist()).decode().split("\n"))
    return PictureTable(kept["pixels"], kept["counts"], names, side, found.channels)


def _copy_of(name: str, place: Path) -> str:
    """Tell one copy of a set from another: by the names and sizes of its files."""
    tops = {
        top for layout in card(name).layouts for pattern in layout for top in place.glob(pattern)
    }
    files = {file for top in tops for file in (top, *top.rglob("*")) if file.is_file()}
    lines = sorted(f"{file.relative_to(place)} {file.stat().st_size}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _reading(
    name: str, found: PictureSet, side: int, place: Path
) -> Callable[[], dict[str, Tensor]]:
    def read() -> dict[str, Tensor]:
        try:
            table = _read(found, side, place)
        except FAULTS as error:
            raise DamagedFileError(
                f"{name} in {place} cannot be used: {str(error).rstrip('.')}. Nothing was "
                "changed. Put a whole copy in its place, or move it away and run "
                f"`{COMMAND} {name}`."
            ) from error
        names = torch.tensor(list("\n".join(table.names).encode()), dtype=torch.uint8)
        return {"pixels": table.pixels, "counts": table.counts, "names": names}

    return read


def _read(found: PictureSet, side: int, place: Path) -> PictureTable:
    opened = found.open(place)
    if opened.n_found != opened.n_whole:
        raise ValueError(f"a whole copy has {opened.n_whole:,} pictures; found {opened.n_found:,}.")
    table = table_from(
        opened.pictures, side, channels=found.channels, names=opened.names, prepare=found.prepare
    )
    if len(table.counts) not in found.n_classes:
        wanted = " or ".join(map(str, found.n_classes))
        raise ValueError(f"a whole copy has {wanted} classes; found {len(table.counts)}.")
    return table
