"""The process in which one submission runs: it walls itself in, then takes a cell at a time.

It learns the source of a test cell only when that cell's turn has come, and answers with the token
that came with it, so that a line printed or written in advance counts for nothing. No name leads
to its own rooms: a cell that imports them gets others. A thread that outlives its cell could read
what the grader sends, so the process ends there. Chapter: book/appendix/grading.md.
"""

import json
import linecache
import os
import sys
from _thread import _count as threads
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import sleep
from traceback import walk_tb
from types import CodeType, ModuleType
from typing import Any

from metaxai_lab.classroom.grading_keeper import Keeper
from metaxai_lab.classroom.grading_steps import without_magic
from metaxai_lab.classroom.grading_walls import wall_in

SENTENCE = 2000  # characters of an error that are kept
NAME = 100  # characters of a name in it
THREAD_LEFT = 97  # the code with which the process ends


def main() -> None:
    """Wall in, say whether the walls hold, and run what is sent until nothing more comes."""
    control, answers = map(int, sys.argv[1:])
    sys.argv = ["notebook"]
    lines = _lines(control)
    asked = json.loads(next(lines))
    _limit(asked)
    if asked["walls"]:
        _say(answers, {"walls": _walled(asked["readable"], Path(asked["own"]))})
    else:
        _say(answers, {"walls": "none"})
    _serve(lines, answers)
    os._exit(0)


def _limit(asked: Mapping[str, Any]) -> None:
    import resource  # not on Windows

    limits = {"DATA": asked["memory"], "FSIZE": asked["disk"], "CORE": 0, "NOFILE": 256}
    limits["CPU"] = int(asked["whole"]) + 5
    for name, most in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(number, (most, most))
        except (OSError, ValueError):  # a system other than Linux may not know this limit
            if asked["walls"]:
                raise


def _walled(readable: Mapping[str, bool], own: Path) -> str:
    """Return "hold" once the walls stand and were tried, else what is wrong with them."""
    try:
        wall_in(readable, own)
    except OSError as error:
        return str(error)
    for tried in (lambda: os.listdir("/"), lambda: os.close(os.fork()), _connects):
        try:
            tried()
        except OSError:
            continue
        return "a wall was built, but what it forbids went through."
    return "hold"


def _connects() -> None:
    import socket

    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _serve(lines: Iterator[bytes], answers: int) -> None:
    space = ModuleType("__main__")
    sys.modules["__main__"] = space
    vars(space)["display"] = lambda *shown: print(*shown, sep="\n")
    keeper, before = Keeper(vars(space)), threads()
    _hide()
    for line in lines:
        asked = json.loads(line)
        told = _run(asked, keeper)
        _end_if_a_thread_is_left(before)
        keeper.put_back()
        for stream in (sys.stdout, sys.stderr):
            _flush(stream)
        _say(answers, told | {"token": asked["token"]})


def _hide() -> None:
    """Take away the names by which a cell could reach the rooms of the grader."""
    room = __name__.rpartition(".")[0]
    for name in [name for name in sys.modules if name.startswith(f"{room}.grading")]:
        del sys.modules[name]
        vars(sys.modules[room]).pop(name.rpartition(".")[2], None)


def _end_if_a_thread_is_left(before: int) -> None:
    for _ in range(50):  # one that is about to begin is counted then, one about to end may do so
        sleep(0.01)
        if threads() <= before:
            return
    os._exit(THREAD_LEFT)


def _run(asked: Mapping[str, Any], keeper: Keeper) -> dict[str, Any]:
    """Run one cell; whatever it raises is an answer and not the end of this process."""
    name = f"<{asked['kind']} {asked['number']}>"
    try:
        code = _compiled(asked["source"], name, hide=asked["kind"] == "test")
        with keeper.place(asked["kind"], asked["free"]) as names:
            exec(code, names)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the cell's own too
        return {"ok": False, "error": type(error).__name__[:NAME], **_told(error, name)}
    return {"ok": True, "error": "", "sentence": "", "line": 0, "culprit": ""}


def _compiled(source: str, name: str, *, hide: bool) -> CodeType:
    source = without_magic(source)
    code = compile(source, name, "exec", dont_inherit=True)
    if not hide:  # so that `inspect.getsource` works, as in a notebook
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return code


def _told(error: BaseException, name: str) -> dict[str, Any]:
    """Return what an error says, in which line of this cell, and in which function of an answer."""
    line, culprit = getattr(error, "lineno", 0) or 0, ""
    for frame, number in walk_tb(error.__traceback__):
        code = frame.f_code
        line = number if code.co_filename == name else line
        if code.co_filename.startswith("<answer ") and not code.co_name.startswith("<"):
            culprit = code.co_name
    try:
        sentence = str(error)
    except BaseException:  # an error of the student's own making may fail to say what it is
        sentence = ""
    return {"sentence": sentence[:SENTENCE], "line": line, "culprit": culprit[:NAME]}


def _flush(stream: Any) -> None:
    try:
        stream.flush()
    except Exception:  # closed or replaced by a cell: then there is nothing to show
        return


def _lines(control: int) -> Iterator[bytes]:
    held = b""
    while chunk := os.read(control, 65536):
        held += chunk
        while b"\n" in held:
            line, _, held = held.partition(b"\n")
            yield line


def _say(answers: int, told: Mapping[str, Any]) -> None:
    left = memoryview(json.dumps(told).encode() + b"\n")
    while left:
        left = left[os.write(answers, left) :]
