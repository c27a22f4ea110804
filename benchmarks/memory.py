"""How much memory each chapter needs at its peak, at the scale `quick`.

Each chapter runs from its first cell to its last in a process of its own, one thread, on a copy of
the folder `book`. The peak is the largest resident memory of the kernel, as the system counts it
when the process has ended. METAXAI_DATA is where real sets are looked for, as ever. Rows of
chapters that are not named stay as they were stored.

    python benchmarks/memory.py [outlook/in_real_time ...] [--store]
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from metaxai_lab.classroom.costs import Cell, Result, store, stored, this_machine

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "book"
QUICK = {"METAXAI_SCALE": "quick", "OMP_NUM_THREADS": "1", "METAXAI_PROGRESS": "off"}


def main() -> None:
    """Run the chapters one after another, and print or store the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", action="store_true", help="keep the table for the page of costs")
    parser.add_argument("chapters", nargs="*", help="such as outlook/in_real_time; all if none")
    asked = parser.parse_args()
    found = measured(asked.chapters or chapters())
    if asked.store:
        found = merged(found)
        store("memory", [table_of(found)])
    print(table_of(found).markdown())


def chapters() -> list[str]:
    """Return the names of all notebooks of the book."""
    paths = [path.relative_to(BOOK).with_suffix("") for path in BOOK.glob("*/*.ipynb")]
    return sorted(path.as_posix() for path in paths)


def measured(names: Sequence[str]) -> dict[str, float]:
    """Return the gigabytes of each chapter."""
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(BOOK, Path(folder) / "book"))
        return {name: one(copy / f"{name}.ipynb") for name in names}


def one(notebook: Path) -> float:
    """Run one chapter, and return the gigabytes of its largest process.

    Raises:
        RuntimeError: if a cell fails.
    """
    command = [sys.executable, "-m", "metaxai_lab.classroom.store", str(notebook)]
    with subprocess.Popen(command, env={**os.environ, **QUICK}) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{notebook.stem} did not run to its end; its error stands above.")
    unit = 1e9 if sys.platform == "darwin" else 1e9 / 1024  # Linux counts in kibibytes
    return used.ru_maxrss / unit


def merged(found: dict[str, float]) -> dict[str, float]:
    """Return new rows and those that were stored of other chapters that are still there."""
    try:
        (old,) = stored("memory")
    except FileNotFoundError:
        return found
    kept = {str(name): float(peak) for name, peak in old.rows}
    return {name: peak for name, peak in (kept | found).items() if name in chapters()}


def table_of(found: dict[str, float]) -> Result:
    """Return the table, the hungriest chapter first."""
    rows: list[list[Cell]] = [[name, f"{peak:.2f}"] for name, peak in found.items()]
    return Result(
        "Memory at its peak, with the real data sets at hand",
        "python benchmarks/memory.py --store",
        {**this_machine(), "threads": 1},
        ("chapter", "GB"),
        sorted(rows, key=lambda row: -float(row[1])),
    )


if __name__ == "__main__":
    main()
