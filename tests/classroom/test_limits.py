import signal
import threading
import time
from contextlib import suppress

import nbclient
import nbformat
import pytest

from metaxai_lab.classroom.limits import TimeUp, _by_thread, call_within


def endless():
    while True:
        pass


def stubborn():
    for _ in range(2):
        with suppress(BaseException):
            endless()
    return "never stopped"


@pytest.fixture(params=[call_within, _by_thread], ids=["alarm", "thread"])
def within(request):
    return request.param


def test_a_call_within_its_limit_gives_its_value(within):
    assert within(5.0, lambda x: x + 1, 2) == 3


def test_an_error_within_the_limit_is_passed_on(within):
    with pytest.raises(ZeroDivisionError):
        within(5.0, lambda: 1 / 0)


def test_an_endless_call_is_stopped_near_its_limit(within):
    start = time.monotonic()
    with pytest.raises(TimeUp):
        within(0.2, endless)
    assert time.monotonic() - start < 2


def test_a_stopped_thread_is_gone():
    before = set(threading.enumerate())
    with pytest.raises(TimeUp):
        _by_thread(0.1, endless)
    for thread in set(threading.enumerate()) - before:
        thread.join(5)  # on a busy machine it needs its turn to end
    assert set(threading.enumerate()) <= before


def test_a_call_that_catches_everything_is_stopped_all_the_same():
    assert call_within(0.1, stubborn) == "never stopped"
    with pytest.raises(TimeUp):
        call_within(0.1, lambda: (stubborn(), endless()))


def test_a_call_off_the_main_thread_is_stopped_too():
    caught = []

    def off_main():
        try:
            call_within(0.1, endless)
        except TimeUp:
            caught.append("stopped")

    thread = threading.Thread(target=off_main)
    thread.start()
    thread.join(5)
    assert caught == ["stopped"]


def test_an_older_alarm_keeps_its_handler_and_its_time():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append("older"))
    signal.setitimer(signal.ITIMER_REAL, 0.4)
    try:
        call_within(5.0, time.sleep, 0.05)
        left = signal.getitimer(signal.ITIMER_REAL)[0]
        time.sleep(0.5)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert 0.1 < left < 0.4
    assert rung == ["older"]


def test_a_notebook_goes_on_after_a_call_was_stopped():
    sources = [
        "from metaxai_lab.classroom.limits import call_within\n"
        "call_within(0.2, lambda: [None for _ in iter(int, 1)])",
        "import signal, time\ntime.sleep(0.6)\nprint(signal.getitimer(signal.ITIMER_REAL))",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    assert notebook.cells[0].outputs[0].ename == "TimeUp"
    assert notebook.cells[1].outputs[0].text == "(0.0, 0.0)\n"
