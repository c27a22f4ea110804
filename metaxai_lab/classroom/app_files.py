"""What the app shows: the letters, and each world that can be sent out, in a folder of its own.

`make app` runs this first. What lies there already is kept; delete the folder to make it anew.
Chapter: book/appendix/running_it.md.
"""

import argparse
import shutil
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from metaxai_lab.classroom import served_letters

WORLDS = ("medicine", "finance", "manufacturing", "city", "driving")
Send = Callable[[Path], None]


def sends() -> dict[str, Send]:
    """Return what sends out the letters and each world, by its name."""
    rooms = {name: f"metaxai_lab.classroom.{name}_served" for name in WORLDS}
    worlds = {name: import_module(room).send for name, room in rooms.items() if find_spec(room)}
    return {"letters": _letters, **worlds}


def make(folder: Path, wanted: Mapping[str, Send]) -> list[str]:
    """Send out what is not there yet, each whole or not at all; return its names."""
    missing = [name for name in wanted if not (folder / name).is_dir()]
    for name in missing:
        beside = folder / f"{name}.partial"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        wanted[name](beside)
        beside.rename(folder / name)
    return missing


def main(arguments: Sequence[str] | None = None) -> None:
    """Make what the app needs."""
    parser = argparse.ArgumentParser(prog="python -m metaxai_lab.classroom.app_files")
    parser.add_argument("folder", type=Path, help="where the exported files go")
    folder: Path = parser.parse_args(arguments).folder
    made = make(folder, sends())
    print(f"{folder}: made {', '.join(made) or 'nothing, for all was there'}.")


def _letters(folder: Path) -> None:
    served_letters.main([str(folder)])


if __name__ == "__main__":
    main()
