"""Where a real set is found: a folder that you name, METAXAI_DATA, your cache; else how to get it.

Nothing here asks the network. To download is an act of its own, `python -m metaxai_lab.tasks.fetch
NAME`, so no chapter does it by surprise. Chapter: book/appendix/running_it.md.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from metaxai_lab.tasks.cache import cache_folder
from metaxai_lab.tasks.catalogue import SetCard, card

COMMAND = "python -m metaxai_lab.tasks.fetch"


class MissingSetError(FileNotFoundError):
    """The set is not on this machine."""


def find_set(name: str, *, folder: Path | str | None = None) -> Path:
    """Return the folder that holds the files of a set.

    It is searched for in `METAXAI_DATA/<name>`, then in the user's cache. What the files hold is
    checked by whoever reads them.

    Args:
        folder: look here and nowhere else; it holds the files, or a folder `<name>` with them.

    Raises:
        MissingSetError: if it is not there; the message says how to get it, and what else would do.
        UnknownSetError: if there is no such set.
    """
    wanted = card(name)
    places = list(_places(name, folder))
    found = next((place for place in places if wanted.lies_in(place)), None)
    if found is None:
        raise MissingSetError(_how_to_get(wanted, places))
    return found


def is_here(name: str, *, folder: Path | str | None = None) -> bool:
    """Tell whether `find_set` would find the set; nothing is downloaded.

    Raises:
        UnknownSetError: if there is no such set.
    """
    wanted = card(name)
    return any(wanted.lies_in(place) for place in _places(name, folder))


def kept_folder(name: str) -> Path:
    """Return the folder of the user's cache for a set, whether it exists or not."""
    return cache_folder() / "data" / name


def _places(name: str, folder: Path | str | None) -> Iterator[Path]:
    if folder is not None:
        yield from (Path(folder), Path(folder) / name)
        return
    if data := os.environ.get("METAXAI_DATA"):
        yield Path(data) / name
    yield kept_folder(name)


def _how_to_get(wanted: SetCard, places: list[Path]) -> str:
    return (
        f"{wanted.title}: this set is not in {' or '.join(map(str, places))}. "
        f"`{COMMAND} {wanted.name}` downloads it ({wanted.megabytes:g} MB, licence: "
        f"{wanted.licence}), or put it into the folder {wanted.name} below METAXAI_DATA; "
        f"{wanted.page} describes it. Instead of it, this would do: {wanted.instead}."
    )
