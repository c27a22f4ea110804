"""A card for each real set: its title, licence, size and source, and how a copy is checked.

The cards lie in `catalogue.toml` beside this file. A checksum is known for the copies that the
lab's own checks use; a download is judged by what it holds, file by file and line by line, or by
torchvision, which compares published checksums. Chapter: book/appendix/running_it.md.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

CARDS = Path(__file__).with_name("catalogue.toml")


class UnknownSetError(ValueError):
    """No set has that name."""


@dataclass(frozen=True)
class Part:
    """What a whole copy contains.

    Args:
        pattern: names of files, with * for any characters.
        count: how many such files.
        lines: how many lines in each that are not empty; any number where it is None.
        contains: a word that stands in each.
    """

    pattern: str
    count: int = 1
    lines: int | None = None
    contains: str = ""


@dataclass(frozen=True)
class SetCard:
    """All that is known of a set before it is opened.

    Args:
        name: also the name of its folder.
        title: what it is.
        licence: under which terms it may be used.
        megabytes: size of the download.
        citation: whom to thank.
        page: where it is described.
        instead: what else would do, without this set.
        layouts: groups of file patterns; any whole group makes the set complete.
        files: sha256 of the copies we know, by path in the folder.
        holds: what a download is checked for.
        downloads: public address of each file.
        torchvision: the class of `torchvision.datasets` that downloads it, or None.
        asked: the keyword arguments of each call of that class.
    """

    name: str
    title: str
    licence: str
    megabytes: float
    citation: str
    page: str
    instead: str
    layouts: tuple[tuple[str, ...], ...]
    files: Mapping[str, str] = field(default_factory=dict)
    holds: tuple[Part, ...] = ()
    downloads: Mapping[str, str] = field(default_factory=dict)
    torchvision: str | None = None
    asked: tuple[Mapping[str, Any], ...] = ()

    def lies_in(self, folder: Path) -> bool:
        """Tell whether `folder` has files of the names that this set goes by."""
        return any(all(any(folder.glob(pattern)) for pattern in layout) for layout in self.layouts)


@cache
def cards() -> Mapping[str, SetCard]:
    """Return the cards of all sets by name."""
    written = tomllib.loads(CARDS.read_text(encoding="utf-8"))
    return MappingProxyType({name: _card(name, lines) for name, lines in written.items()})


def card(name: str) -> SetCard:
    """Return the card of a set.

    Raises:
        UnknownSetError: if there is no such set.
    """
    if name not in cards():
        raise UnknownSetError(unknown("set", name, cards()))
    return cards()[name]


def unknown(kind: str, name: str, names: Mapping[str, object]) -> str:
    """Return the sentence that a name is unknown, with the nearest ones."""
    near = get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    meant = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"the {kind}s are {', '.join(sorted(names))}; found {name!r}. {meant}".rstrip()


def _card(name: str, lines: Mapping[str, Any]) -> SetCard:
    holds = tuple(Part(**part) for part in lines.get("holds", ()))
    layouts = tuple(tuple(layout) for layout in lines["layouts"])
    typed = {"holds": holds, "layouts": layouts, "asked": tuple(lines.get("asked", ()))}
    return SetCard(name=name, **{**lines, **typed, "megabytes": float(lines["megabytes"])})
