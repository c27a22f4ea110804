"""The process of one submission, as seen from outside: what it is told, says, prints and takes.

Nothing that it does is trusted: its answers must carry the token of the cell in hand, its output is
read and thrown away beyond what is kept, and whatever takes too much is killed with all that shares
its session. Chapter: book/appendix/grading.md.
"""

import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import metaxai_lab
from metaxai_lab.classroom import grading_worker
from metaxai_lab.classroom.grading_steps import Limits, Step
from metaxai_lab.classroom.grading_watch import resident, signal_name, size, written

KEPT = 4000  # characters of what a cell prints
LONGEST = 100_000  # bytes of one answer
GLANCE = 0.05  # seconds between two looks at memory and disk
STARTING = 60.0  # seconds until the walls stand
START = "import sys; sys.path.insert(0, sys.argv.pop()); "
START += f"from {grading_worker.__name__} import main; del sys.path[0]; main()"
ALONE = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "METAXAI_SCALE": "quick", "MPLBACKEND": "agg"}
ALONE |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS", "NUMBA")}


class NoWallsError(RuntimeError):
    """The walls that were asked for do not stand, so nothing was run."""


class Stopped(Exception):
    """The process was stopped or ended by itself; the message is a sentence's end."""


class Process:
    """A Python that runs the cells of one submission; leave its `with` block to end it.

    Args:
        readable: what it may read (`grading_walls.wall_in`).
        own: its own empty folder, the only one that it may write to.

    Raises:
        NoWallsError: if walls are asked for and do not stand.
    """

    def __init__(
        self, limits: Limits, readable: Mapping[str, bool], own: str, *, walls: bool
    ) -> None:
        self.limits, self.own = limits, Path(own)
        self.shown, self.count, self.heard = b"", 0, b""
        theirs_in, self.control = os.pipe()
        self.answers, theirs_out = os.pipe()
        home = str(Path(metaxai_lab.__file__).parents[1])
        self.child = subprocess.Popen(
            [sys.executable, "-IBX", "utf8", "-c", START, str(theirs_in), str(theirs_out), home],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=own,
            env=ALONE | {"HOME": own, "TMPDIR": own},
            pass_fds=(theirs_in, theirs_out),
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        assert self.child.stdout is not None
        self.output = self.child.stdout.fileno()
        for end in (self.control, self.answers, self.output):
            os.set_blocking(end, False)
        told = {"own": own, "walls": walls, "readable": dict(readable)}
        told |= {"memory": limits.memory, "disk": limits.disk, "whole": limits.whole}
        self._begin(told)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        assert self.child.stdout is not None
        self.child.stdout.close()
        os.close(self.control)
        os.close(self.answers)

    def ask(self, number: int, step: Step, seconds: float) -> dict[str, Any]:
        """Have a cell run; return what it told of itself (`Ran` without `printed`).

        Raises:
            Stopped: if the process ended or a limit was passed; this process is of no more use.
        """
        token = secrets.token_hex(16)
        cell = {"number": number, "kind": step.kind, "source": step.source, "free": step.free}
        self.shown, self.count = b"", 0
        line = json.dumps(cell | {"token": token}).encode() + b"\n"
        told = _understood(self._hear(line, seconds))
        if told is None or told.pop("token", None) != token or not _sound(told):
            raise Stopped("something other than the cell's own result was written in its place")
        return told

    def printed(self) -> str:
        """Return the beginning of what the last cell printed."""
        text = self.shown.decode("utf8", "replace")[:KEPT]
        return text + (f"\n(and more: {self.count} bytes in all)" if self.count > KEPT else "")

    def _begin(self, asked: Mapping[str, Any]) -> None:
        line = json.dumps(asked).encode() + b"\n"
        try:
            told = _understood(self._hear(line, STARTING)) or {}
        except Stopped as stopped:
            told = {"walls": f"the process did not start: {stopped}. {self.printed()}"}
        if told.get("walls") != ("hold" if asked["walls"] else "none"):
            self.__exit__()
            raise NoWallsError(str(told.get("walls")))

    def _hear(self, line: bytes, seconds: float) -> bytes:
        """Send a line and return the line that comes back."""
        end, unsent = monotonic() + seconds, line
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.output, selectors.EVENT_READ)
            waiting.register(self.answers, selectors.EVENT_READ)
            while b"\n" not in self.heard:
                unsent = self._send(unsent)
                ready = {key.fd for key, _ in waiting.select(GLANCE)}
                ended = self._read_answers() if self.answers in ready else False
                self._read_output()
                if ended:
                    raise Stopped(self._why_it_ended())
                self._look(seconds, end)
        self._read_output()
        answer, _, self.heard = self.heard.partition(b"\n")
        return answer

    def _send(self, line: bytes) -> bytes:
        try:
            return line[os.write(self.control, line) :] if line else line
        except BlockingIOError:
            return line
        except BrokenPipeError:
            return b""

    def _read_answers(self) -> bool:
        """Take in what was answered; return whether the process closed its end."""
        with suppress(BlockingIOError):
            chunk = os.read(self.answers, 65536)
            self.heard += chunk
            if len(self.heard) > LONGEST:
                raise Stopped("something other than the cell's own result was written in its place")
            return not chunk
        return False

    def _read_output(self) -> None:
        """Take in what was printed, at most 4 MB at a time, and keep its beginning."""
        for _ in range(64):
            with suppress(BlockingIOError):
                if chunk := os.read(self.output, 65536):
                    self.count += len(chunk)
                    self.shown += chunk[: max(0, 4 * KEPT - len(self.shown))]
                    continue
            return

    def _look(self, seconds: float, end: float) -> None:
        if monotonic() > end:
            raise Stopped(f"stopped after {seconds:.3g} s")
        if self.count > self.limits.printed:
            raise Stopped(f"stopped: it printed more than {size(self.limits.printed)}")
        if resident(self.child.pid) > self.limits.memory:
            raise Stopped(f"stopped: it took more than {size(self.limits.memory)} of memory")
        if any(total > self.limits.disk for total in written(self.own)):
            raise Stopped(f"stopped: it wrote more than {size(self.limits.disk)}")

    def _why_it_ended(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            code = self.child.wait(1)
            if code == grading_worker.THREAD_LEFT:
                return "stopped: it left a thread running"
            return f"it ended the process ({signal_name(-code) if code < 0 else f'code {code}'})"
        return "it closed the way back to the grader"


def _sound(told: Mapping[str, Any]) -> bool:
    kinds = {"ok": bool, "error": str, "sentence": str, "line": int, "culprit": str}
    return {key: type(value) for key, value in told.items()} == kinds


def _understood(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
