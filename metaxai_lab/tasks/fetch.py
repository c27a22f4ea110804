"""Download a real set from its public address: `python -m metaxai_lab.tasks.fetch NAME`.

Files arrive in a folder aside, are checked there, and are moved into the user's cache whole, so an
interruption leaves no half of a set. What fails the check is kept under another name, and nothing
is overwritten. pooch (Uieda et al. 2020) and torchvision do the downloading.
Chapter: book/appendix/running_it.md.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pooch
import torchvision

from metaxai_lab.tasks.archives import DamagedFileError, each_part
from metaxai_lab.tasks.catalogue import Part, SetCard, UnknownSetError, card, cards
from metaxai_lab.tasks.sources import MissingSetError, find_set, is_here, kept_folder

SECONDS = 30  # without an answer


def fetch_set(name: str, *, progress: bool = False) -> Path:
    """Download a set into the user's cache and return its folder; a whole one there is kept.

    Raises:
        DamagedFileError: if what came is not the set; it is kept under another name.
        MissingSetError: if no public address answers.
        UnknownSetError: if there is no such set.
    """
    wanted, goal = card(name), kept_folder(name)
    if goal.exists():
        if wanted.lies_in(goal) and not faults(wanted, goal):
            return goal
        _put_aside(goal, goal)
    goal.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=goal.parent, prefix=f"{name}.part-") as part:
        stage = Path(part) / name
        stage.mkdir()
        _download(wanted, stage, progress=progress)
        if found := faults(wanted, stage):
            aside = _put_aside(stage, goal)
            raise DamagedFileError(
                f"what came for {name} is not the set: {'; '.join(found)}. It is kept in {aside}; "
                f"nothing was overwritten. Try again later, or see {wanted.page}."
            )
        return _into_place(stage, goal, wanted)


def faults(wanted: SetCard, folder: Path) -> list[str]:
    """Return what speaks against the copy of a set in `folder`; nothing, where it is whole.

    A copy whose every file has a known checksum is whole; any other is judged by what it holds.
    """
    if not wanted.lies_in(folder):
        return [f"{folder} has none of the groups of files {list(wanted.layouts)}"]
    known = {folder / path: digest for path, digest in wanted.files.items()}
    if known and all(path.is_file() and _sha256(path) == known[path] for path in known):
        return []
    return [fault for part in wanted.holds for fault in _missing(part, folder)]


def _missing(part: Part, folder: Path) -> list[str]:
    count, found = 0, list[str]()
    try:
        for path, content in each_part(folder, part.pattern):
            count += 1
            if part.contains.encode() not in content:
                found.append(f"{path} does not contain {part.contains!r}")
            lines = sum(1 for line in content.split(b"\n") if line.strip()) if part.lines else None
            if lines != part.lines:
                found.append(f"{path} has {lines} lines, expected {part.lines}")
    except DamagedFileError as error:
        return [str(error)]
    if count != part.count:
        found.append(f"{part.pattern}: {part.count} files were expected, {count} are there")
    return found


def _download(wanted: SetCard, stage: Path, *, progress: bool) -> None:
    try:
        for asked in wanted.asked:
            getattr(torchvision.datasets, str(wanted.torchvision))(stage, download=True, **asked)
        http = pooch.HTTPDownloader(timeout=SECONDS, progressbar=progress)
        for file, address in wanted.downloads.items():
            http(address, stage / file, None)
    except (OSError, RuntimeError, ValueError) as error:
        raise MissingSetError(
            f"{wanted.name} could not be downloaded ({error}). Nothing was changed. Try again, or "
            f"put the files from {wanted.page} into {kept_folder(wanted.name)}. "
            f"Instead of the set, this would do: {wanted.instead}."
        ) from error


def _into_place(stage: Path, goal: Path, wanted: SetCard) -> Path:
    try:
        stage.rename(goal)
    except OSError:
        if not wanted.lies_in(goal):  # else another process was faster
            raise
    return goal


def _put_aside(folder: Path, goal: Path) -> Path:
    names = (goal.with_name(f"{goal.name}.damaged-{number}") for number in range(1, 1000))
    return folder.rename(next(name for name in names if not name.exists()))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(asked: Sequence[str] | None = None) -> int:
    """Fetch the named sets, or list all; return 0 if all went well."""
    parser = argparse.ArgumentParser(prog="python -m metaxai_lab.tasks.fetch")
    parser.add_argument("names", nargs="*", help="sets to download; none: list them all")
    names = parser.parse_args(asked).names
    if not names:
        print("\n".join(map(_line, cards().values())))
        return 0
    try:
        for name in names:
            found = find_set(name) if is_here(name) else kept_folder(name)
            if found == kept_folder(name):
                found = fetch_set(name, progress=True)  # or checks what is kept
            print(f"{name}: {found}")
    except (DamagedFileError, MissingSetError, UnknownSetError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _line(one: SetCard) -> str:
    here = "here" if is_here(one.name) else f"{one.megabytes:g} MB"
    return f"{one.name:22} {here:>8}  {one.licence:20}  {one.title}"


if __name__ == "__main__":
    sys.exit(main())
