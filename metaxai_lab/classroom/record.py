"""Numbers that a page has no time to measure: kept in a file beside it, with how they were made.

A script of `benchmarks/` makes them with the code and the sizes of the page; nothing is typed. Each
part says when it was made, and by which code. Chapter: book/appendix/costs.md.
"""

import argparse
import json
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from statistics import fmean

import torch

Part = Callable[[], Iterable[tuple[str, list[float]]]]


@dataclass(frozen=True)
class Record:
    """Numbers by name, one for each seed, model or number of questions.

    Args:
        made: how: the command and the versions.
        numbers: such as "bc12, error": one number for each seed.
    """

    made: dict[str, str]
    numbers: dict[str, list[float]]

    def __getitem__(self, name: str) -> list[float]:
        if name not in self.numbers:
            raise KeyError(
                f"the record holds no {name!r}; it holds {', '.join(self.numbers)}. Make it anew "
                f"by `{self.made.get('command')}`."
            )
        return self.numbers[name]

    def mean(self, name: str) -> float:
        """Return the mean of the numbers of a name."""
        return fmean(self[name])


def read(place: Path, command: str) -> Record:
    """Return the record in a file.

    Raises:
        FileNotFoundError: if there is none; the message names the command that makes it.
    """
    if not place.is_file():
        raise FileNotFoundError(f"the record should lie at {place}; make it by `{command}`.")
    kept = json.loads(place.read_text("utf8"))
    return Record(kept["made"], kept["numbers"])


def store(record: Record, place: Path) -> None:
    """Write the record, one name a line, so that a diff shows what changed."""
    lines = ",\n".join(f"  {json.dumps(n)}: {json.dumps(v)}" for n, v in record.numbers.items())
    made = json.dumps(record.made, indent=1, sort_keys=True)
    place.write_text(f'{{"made": {made},\n"numbers": {{\n{lines}\n}}}}\n', "utf8")


def remake(parts: Mapping[str, Part], place: Path, command: str, files: Iterable[Path]) -> None:
    """Run the parts that the command line asks for; with --store, write each as it is done.

    Args:
        files: the code that the numbers rest on; the record keeps a digest of it.
    """
    asked = argparse.ArgumentParser(description=f"`{command}` writes {place.name}.")
    asked.add_argument("--store", action="store_true", help="write; without it, print alone")
    asked.add_argument("--only", nargs="*", default=list(parts), help="the others keep theirs")
    told = asked.parse_args()
    kept = read(place, command) if place.exists() else Record({}, {})
    made, numbers, code = dict(kept.made), dict(kept.numbers), digest(files)
    for part in told.only:
        for name, found in parts[part]():
            numbers[name] = [round(one, 5) for one in found]
            print(name, numbers[name], flush=True)
        if told.store:
            made |= {"command": command, "python": platform.python_version()}
            made |= {"torch": torch.__version__, f"part {part}": f"{date.today()}, rooms {code}"}
            store(Record(made, numbers), place)


def digest(files: Iterable[Path]) -> str:
    """Return eight letters that change with what the files hold."""
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
