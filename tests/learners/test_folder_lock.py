"""One writer a folder: a second is refused, and nothing outlives the first."""

import os
import signal
import subprocess
import sys

import pytest

from metaxai_lab.learners import FolderInUseError, folder_lock
from metaxai_lab.learners.folder_lock import NAME, sole_writer

HOLDS = """
import runpy, sys, time
from pathlib import Path
room = runpy.run_path(sys.argv[1])  # without the floor, which would load torch
with room["sole_writer"](Path(sys.argv[2])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """Start a process that holds the folder."""
    asked = [sys.executable, "-c", HOLDS, folder_lock.__file__, str(tmp_path)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_another_process_is_refused_until_the_first_is_killed(tmp_path, holder):
    with pytest.raises(FolderInUseError, match=rf"another run \(process {holder.pid} on "):
        hold(tmp_path)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert hold(tmp_path) == "held"


def hold(folder):
    with sole_writer(folder):
        return "held"


def test_a_second_run_in_the_same_process_is_refused_and_the_first_keeps_its_name(tmp_path):
    with sole_writer(tmp_path):
        with pytest.raises(FolderInUseError, match="give this run a folder of its own"):
            hold(tmp_path)
        assert (tmp_path / NAME).read_text().startswith(f"process {os.getpid()} on ")


def test_a_refusal_does_not_end_the_lock(tmp_path):
    with sole_writer(tmp_path):
        for _ in range(2):
            with pytest.raises(FolderInUseError):
                hold(tmp_path)


def test_the_lock_goes_with_its_block_even_if_that_fails(tmp_path):
    with pytest.raises(KeyboardInterrupt), sole_writer(tmp_path):
        raise KeyboardInterrupt
    assert hold(tmp_path) == "held"


def test_two_folders_have_two_writers(tmp_path):
    with sole_writer(tmp_path / "one"), sole_writer(tmp_path / "other"):
        for name in ("one", "other"):
            with pytest.raises(FolderInUseError):
                hold(tmp_path / name)


def test_without_a_folder_there_is_nothing_to_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with sole_writer(None), sole_writer(None):
        pass
    assert not list(tmp_path.iterdir())


def test_the_name_of_the_last_writer_replaces_a_longer_one(tmp_path):
    (tmp_path / NAME).write_text("process 123456789 on a-machine-with-a-very-long-name\n" * 3)
    hold(tmp_path)
    assert (tmp_path / NAME).read_text().count("\n") == 1
