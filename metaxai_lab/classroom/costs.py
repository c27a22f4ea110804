"""What things cost: what a benchmark measured, kept with the machine that measured it.

A benchmark called with `--store` leaves one file in `benchmarks/results`; the page of costs is made
from these files, so that no number on it is typed. Chapter: book/appendix/costs.md.
"""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
Cell = str | int | float


@dataclass(frozen=True)
class Result:
    """One table of one benchmark.

    Args:
        title: what was measured, as a heading.
        command: what makes it again.
        machine: processor, threads, versions.
        columns: the head of the table; the first column names the row.
        rows: as many cells as there are columns; numbers are rounded when they are shown.
        note: what to know before comparing; may be empty.
    """

    title: str
    command: str
    machine: Mapping[str, Cell]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def __post_init__(self) -> None:
        uneven = [row for row in self.rows if len(row) != len(self.columns)]
        if uneven:
            raise ValueError(
                f"a row of {self.title!r} needs {len(self.columns)} cells; found {uneven[0]}."
            )

    def markdown(self) -> str:
        """Return title, table and the line that says where it was measured."""
        lines = [f"| {' | '.join(self.columns)} |", "|---" * len(self.columns) + "|"]
        lines += [f"| {' | '.join(map(shown, row))} |" for row in self.rows]
        where = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        parts = [f"**{self.title}**", "\n".join(lines), self.note]
        parts += [f"*Measured with* `{self.command}` *on: {where}.*"]
        return "\n\n".join(part for part in parts if part)


def this_machine(device: torch.device | str = "cpu") -> dict[str, Cell]:
    """Return what a reader must know of a machine to compare: no names, no paths, no dates."""
    kind = torch.device(device).type
    found: dict[str, Cell] = {"processor": _processor(), "cores": os.cpu_count() or 1}
    if kind == "cuda":
        found["GPU"] = torch.cuda.get_device_name(device)
    versions = {"Python": platform.python_version(), "torch": torch.__version__}
    return found | {"threads": torch.get_num_threads()} | versions


def store(name: str, results: Sequence[Result], folder: Path = RESULTS) -> None:
    """Write the tables of one benchmark to `<folder>/<name>.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(result) for result in results], indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", "utf8")


def stored(name: str, folder: Path = RESULTS) -> list[Result]:
    """Return the tables that a benchmark left.

    Raises:
        FileNotFoundError: if it left none; the message names the command that makes them.
    """
    place = folder / f"{name}.json"
    if not place.is_file():
        raise FileNotFoundError(
            f"the results of benchmarks/{name}.py should lie at {place}; make them with "
            f"`python benchmarks/{name}.py --store`."
        )
    return [Result(**table) for table in json.loads(place.read_text("utf8"))]


def shown(cell: Cell) -> str:
    """Return a cell as the page shows it: three figures that count, thousands whole."""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    lines = table.read_text().splitlines() if table.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
