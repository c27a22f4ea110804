"""The process is watched from outside, and nothing that it says is taken on trust."""

import os
import tempfile
import time
from dataclasses import replace

import pytest

from metaxai_lab.classroom import grading_process
from metaxai_lab.classroom.grading import readable
from metaxai_lab.classroom.grading_process import NoWallsError, Process, Stopped
from metaxai_lab.classroom.grading_steps import Limits, Step
from metaxai_lab.classroom.grading_walls import missing

LIMITS = Limits(cell=5.0, whole=20.0)


@pytest.fixture(params=[True, False], ids=["walls", "no walls"])
def begin(request):
    """Return what begins a process, with walls and without."""
    if request.param and missing():
        pytest.skip(str(missing()))
    with tempfile.TemporaryDirectory() as own:
        yield lambda limits=LIMITS: Process(limits, readable(), own, walls=request.param)


def ask(process, source, seconds=5.0, kind="answer"):
    return process.ask(1, Step(kind, "a", source), seconds)


def test_a_cell_is_run_and_told_with_what_it_printed(begin):
    with begin() as process:
        well = {"ok": True, "error": "", "sentence": "", "line": 0, "culprit": ""}
        assert ask(process, "x = 3") == well
        told = ask(process, "print('seen', x)\n\n1 / 0")
        assert told == {
            "ok": False,
            "error": "ZeroDivisionError",
            "sentence": "division by zero",
            "line": 3,
            "culprit": "",
        }
        assert process.printed() == "seen 3\n"


def test_a_long_cell_arrives_whole(begin):
    with begin() as process:
        assert ask(process, f"x = '{'y' * 300_000}'\nassert len(x) == 300_000")["ok"]


def test_of_long_output_the_beginning_is_kept(begin):
    with begin() as process:
        assert ask(process, "print('z' * 1_000_000)")["ok"]
        assert process.printed().startswith("z" * grading_process.KEPT + "\n(and more: 1000001 ")


def test_what_takes_too_long_is_stopped_and_leaves_no_process(begin):
    with begin() as process:
        start = time.monotonic()
        with pytest.raises(Stopped, match=r"stopped after 0\.5 s"):
            ask(process, "while True: pass", 0.5)
        assert time.monotonic() - start < 2
    assert process.child.returncode == -9
    with pytest.raises(ProcessLookupError):
        os.kill(process.child.pid, 0)


def test_memory_is_watched_from_outside(begin):
    with begin(replace(LIMITS, memory=1 << 30)) as process:
        shared = "import mmap, time\nm = mmap.mmap(-1, 2 << 30)\n"
        with pytest.raises(Stopped, match="more than 1 GB of memory"):
            ask(process, shared + "for n in range(0, 2 << 30, 4096):\n    m[n] = 1\ntime.sleep(3)")


FALSE = "import os\nfor n in range(3, 30):\n    try:\n        os.write(n, {!r})\n"
FALSE += "    except OSError:\n        pass"


WRONG = b'{"ok": true, "error": "", "sentence": "", "line": 0, "culprit": "", "token": "x"}\n'


@pytest.mark.parametrize("line", [WRONG, b"[]\n", b"\n", b"\xff\n"])
def test_what_is_written_in_place_of_a_result_is_refused(begin, line):
    with begin() as process, pytest.raises(Stopped, match="other than the cell's own result"):
        ask(process, FALSE.format(line))


TOKEN = """import json, os, sys
frame = sys._getframe()
while 'asked' not in frame.f_locals:
    frame = frame.f_back
told = {'ok': True, 'error': '', 'sentence': [1], 'line': 0, 'culprit': ''}
told['token'] = frame.f_locals['asked']['token']
while 'answers' not in frame.f_locals:
    frame = frame.f_back
os.write(frame.f_locals['answers'], json.dumps(told).encode() + b'\\n')"""


def test_even_who_finds_the_token_can_only_answer_in_the_right_form(begin):
    with begin() as process, pytest.raises(Stopped, match="other than the cell's own result"):
        ask(process, TOKEN)


def test_a_flood_in_place_of_a_result_is_refused(begin):
    with begin() as process, pytest.raises(Stopped, match=r"other than|process"):
        ask(process, FALSE.format(b"x") + "\nwhile True:\n    os.write(n, b'x' * 60_000)")


def test_a_thread_may_not_outlive_its_cell(begin):
    start = "import _thread, time\n_thread.start_new_thread(time.sleep, ({},))"
    with begin() as process:
        assert ask(process, start.format(0.1))["ok"]
        with pytest.raises(Stopped, match="left a thread running"):
            ask(process, start.format(9))


def test_a_process_that_closes_everything_has_ended(begin):
    with begin() as process, pytest.raises(Stopped, match=r"closed the way|ended the process"):
        ask(process, "import os, time\nos.closerange(0, 200)\ntime.sleep(9)")


def test_walls_that_do_not_stand_are_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(grading_process, "START", "import os; os.write(2, b'no walls here')")
    with pytest.raises(NoWallsError, match=r"did not start: it ended .* no walls here"):
        Process(LIMITS, {}, str(tmp_path), walls=True)


def test_a_worker_without_walls_is_not_taken_for_one_with(monkeypatch, tmp_path):
    start = 'import os, sys; os.write(int(sys.argv[2]), b\'{"walls": "none"}\\n\')'
    monkeypatch.setattr(grading_process, "START", start)
    with pytest.raises(NoWallsError, match="none"):
        Process(LIMITS, {}, str(tmp_path), walls=True)


def test_it_lives_in_a_clean_place_of_its_own(begin):
    os.environ["A_SECRET"] = "x"
    try:
        with begin() as process:
            told = ask(
                process,
                "import os, sys\nassert 'A_SECRET' not in os.environ\n"
                "assert os.listdir() == os.listdir(os.environ['HOME']) == []\n"
                "assert os.getsid(0) == os.getpid()\nassert sys.stdin.read() == ''\n"
                "assert sys.argv == ['notebook'] and '' not in sys.path\n"
                "assert os.environ['OMP_NUM_THREADS'] == '1'",
            )
    finally:
        del os.environ["A_SECRET"]
    assert told["ok"], told
