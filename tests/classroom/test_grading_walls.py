"""Walls stand or say why not. What they stop is tried in test_grading.py, with and without them."""

import os
import platform
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from metaxai_lab.classroom import grading_walls
from metaxai_lab.classroom.grading_walls import SYSTEM, fits, landlock_version, missing, wall_in

walled = pytest.mark.skipif(bool(missing()), reason=str(missing()))


def test_a_machine_without_walls_is_told_why(monkeypatch):
    monkeypatch.setattr(grading_walls, "landlock_version", lambda: 0)
    if sys.platform == "linux" and platform.machine() == "x86_64":
        assert "walls need Landlock" in missing()
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert "need Linux on x86_64; found" in missing()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "found darwin" in missing()


def test_other_systems_have_no_landlock(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock_version() == 0


def test_secrets_may_not_lie_below_what_is_read(tmp_path):
    inner = tmp_path / "venv/course"
    inner.mkdir(parents=True)
    assert "Move it elsewhere" in fits({str(tmp_path / "venv"): True}, [inner])
    assert fits({str(tmp_path / "venv"): False}, [inner]) is None  # its names only
    assert fits({str(inner / "deeper"): True}, [inner]) is None


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its threads")
def test_a_process_with_threads_is_not_walled_in(tmp_path):
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(OSError, match="more than one thread"):
            wall_in({}, tmp_path)
    finally:
        done.set()
        thread.join()


ALONE = """
import os, sys
from pathlib import Path
from metaxai_lab.classroom.grading_walls import SYSTEM, wall_in
own, open_, closed, names = map(Path, sys.argv[1:])
wall_in({**dict.fromkeys(SYSTEM, True), str(open_): True, str(names): False}, own)
(own / "a").write_text("mine")
os.makedirs(own / "deep/er")
os.replace(own / "a", own / "deep/er/b")
def tries(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"
print(*[tries((folder / "f").read_text) for folder in (open_, closed, names)])
print(tries(lambda: os.listdir(names)), tries(lambda: os.listdir(closed)))
print(tries(lambda: (open_ / "g").write_text("")), tries(lambda: (own / "l").symlink_to("x")))
print(tries(lambda: os.mkfifo(own / "p")), tries(lambda: os.setuid(1)), tries(os.fork))
"""


@walled
def test_a_walled_process_reads_what_is_open_and_writes_what_is_its_own(tmp_path):
    folders = [tmp_path / name for name in ("own", "open", "closed", "names")]
    for folder in folders:
        folder.mkdir()
        (folder / "f").write_text("x")
    environment = {"PYTHONPATH": str(Path(grading_walls.__file__).parents[2])}
    asked = [sys.executable, "-c", ALONE, *map(str, folders)]
    ran = subprocess.run(asked, capture_output=True, text=True, env=environment, check=False)
    refused = "PermissionError"
    assert ran.stdout.split() == [
        *("done", refused, refused),
        *("done", refused),
        *(refused, refused),
        *(refused, refused, refused),
    ], ran.stderr
    assert (folders[0] / "deep/er/b").read_text() == "mine"


def test_the_systems_paths_are_no_homes_of_people():
    assert not [path for path in SYSTEM if path.startswith(("/home", "/root", "/tmp", "/var"))]
    assert all(os.path.isabs(path) for path in SYSTEM)
