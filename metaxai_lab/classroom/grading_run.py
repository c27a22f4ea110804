"""One submission, cell by cell, in a process of its own, watched from outside.

A cell that ends the process or outlasts a limit costs its own points only: a new process runs the
other cells again up to the next. (A fork before each cell would be quicker, but then answers could
fork too, and no limit on their number holds for root.) Chapter: book/appendix/grading.md.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic

from metaxai_lab.classroom.grading_process import Process, Stopped
from metaxai_lab.classroom.grading_steps import Limits, Ran, Step


def run_steps(
    steps: Sequence[Step], limits: Limits, readable: Mapping[str, bool], *, walls: bool
) -> list[Ran]:
    """Run the cells in order and return how each went.

    Raises:
        NoWallsError: if `walls` are asked for and do not stand.
    """
    ran: dict[int, Ran] = {}
    deadly: set[int] = set()
    end = monotonic() + limits.whole
    while len(ran) < len(steps):
        with own_folder() as own:
            _run_until_stopped(steps, ran, deadly, end, Process(limits, readable, own, walls=walls))
    return [ran[number] for number in range(len(steps))]


@contextmanager
def own_folder() -> Iterator[str]:
    """Lend an empty folder, and take it away whatever was made in it."""
    own = tempfile.mkdtemp(prefix="graded-")
    try:
        yield own
    finally:
        try:
            shutil.rmtree(own)
        except (OSError, RecursionError):  # closed folders, or thousands within each other
            for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
                subprocess.run([*command, "--", own], capture_output=True, check=False)


def _run_until_stopped(
    steps: Sequence[Step], ran: dict[int, Ran], deadly: set[int], end: float, process: Process
) -> None:
    """Run all cells but those that stopped a process before, until one does or none is left."""
    with process:
        for number, step in enumerate(steps):
            if number in deadly:
                continue
            left = end - monotonic()
            if left <= 0:
                _give_up(steps, ran, process.limits)
                return
            start = monotonic()
            try:
                told = process.ask(number, step, min(left, process.limits.cell))
            except Stopped as stopped:
                deadly.add(number)
                taken = monotonic() - start
                ran[number] = Ran(
                    False, "stopped", str(stopped), printed=process.printed(), seconds=taken
                )
                return
            how = Ran(**told, printed=process.printed(), seconds=monotonic() - start)
            ran.setdefault(number, how)


def _give_up(steps: Sequence[Step], ran: dict[int, Ran], limits: Limits) -> None:
    sentence = f"not run: the notebook's {limits.whole:g} seconds had passed"
    for number in range(len(steps)):
        ran.setdefault(number, Ran(False, "not run", sentence))
