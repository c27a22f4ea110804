"""A chapter that nbval ran, and found as it is stored, need not run again for the pages.

nbval compares what a kernel says and forgets it. Here nbclient hears the same messages and writes
them into a copy of the notebook, as it does when a build runs a chapter; the copy goes where the
build looks first. Chapter: book/appendix/architecture.md.
"""

import contextlib
import fcntl
import os
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from time import monotonic

from jupyter_cache import get_cache
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbval.plugin import IPyNbFile

from metaxai_book.side_by_side import THREADS, cores_each, keep


class TestedRun:
    """What the kernel of one notebook says while nbval runs it."""

    def __init__(self, file: IPyNbFile) -> None:
        self.path, self.notebook = Path(file.path), deepcopy(file.nb)
        self.code = [i for i, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]
        for index in self.code:
            self.notebook.cells[index].update(outputs=[], execution_count=None)
        self.client = NotebookClient(self.notebook, record_timing=False)
        self.began, self.index, self.passed = monotonic(), 0, set()
        self._ask = file.get_kernel_message
        file.get_kernel_message = self.hear

    def begin(self, number: int) -> None:
        """Write what follows into this code cell, counted from 0."""
        self.index = self.code[number]
        self.client.clear_before_next_output = False

    def hear(self, *args: object, **options: object) -> Mapping:
        """Return the kernel's next message, as nbval asks for it, and take it down."""
        message = self._ask(*args, **options)
        if message["parent_header"].get("msg_type") == "execute_request":
            with contextlib.suppress(CellExecutionComplete):
                self.client.process_message(message, self.notebook.cells[self.index], self.index)
        return message

    def judge(self, *, passed: bool) -> bool:
        """Note how nbval judged the cell; return whether all have run now and all passed."""
        if passed:
            self.passed.add(self.index)
        return self.index == self.code[-1] and self.passed == set(self.code)

    def keep(self, folder: Path) -> bool:
        """Put the run into the cache of the pages, if it had the cores that a build gives it."""
        if os.environ.get(THREADS) != str(cores_each()):
            return False
        self._number()
        self.client.set_widgets_metadata()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "kept.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keep(get_cache(folder), self.path, self.notebook, seconds=monotonic() - self.began)
        return True

    def _number(self) -> None:
        """Count the cells, which nbval runs without a history."""
        for number, index in enumerate(self.code, start=1):
            cell = self.notebook.cells[index]
            cell.execution_count = number
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number
