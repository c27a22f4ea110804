"""What a process takes is looked up, and what cannot be looked up is no error."""

import os
import subprocess
import sys

import pytest

from metaxai_lab.classroom.grading_watch import resident, signal_name, size, written


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_counts_what_a_process_holds():
    taken = {}
    for held in (1, 64 << 20):
        holds = f"held = b'x' * {held}; print(len(held), flush=True); input()"
        command = [sys.executable, "-c", holds]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert int(process.stdout.readline()) == held
            taken[held] = resident(process.pid)
            process.communicate(b"\n")
    assert taken[1] > 1 << 20
    assert 60 << 20 < taken[64 << 20] - taken[1] < 70 << 20


def test_a_process_that_is_gone_takes_nothing():
    assert resident(2**30) == 0


def test_files_count_by_the_space_they_take_and_empty_ones_too(tmp_path):
    assert list(written(tmp_path)) == []
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/a").write_bytes(os.urandom(1 << 20))
    (tmp_path / "b").touch()
    assert 1 << 20 <= list(written(tmp_path))[-1] < 2 << 20
    assert list(written(tmp_path / "none")) == []


def test_folders_without_end_are_too_much(tmp_path):
    deep = tmp_path / "/".join(["a" * 100] * 9)
    deep.mkdir(parents=True)
    assert list(written(tmp_path))[-1] < 1 << 20
    (deep / ("b" * 100)).mkdir()
    assert list(written(tmp_path))[-1] > 1 << 50


def test_a_link_is_counted_and_not_followed(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len(list(written(tmp_path))) == 1


def test_sizes_and_signals_have_names():
    assert [size(50 << 20), size(4 << 30), size(3 << 19)] == ["50 MB", "4 GB", "1.5 MB"]
    assert [signal_name(11), signal_name(999)] == ["SIGSEGV", "signal 999"]
