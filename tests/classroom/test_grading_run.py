"""What stops one cell costs no other, and the whole has an end."""

import os
import time

from metaxai_lab.classroom.grading_run import own_folder, run_steps
from metaxai_lab.classroom.grading_steps import Limits, Step

LIMITS = Limits(cell=1.0, whole=15.0)


def run(*cells, limits=LIMITS):
    steps = [Step("answer", str(n), source) for n, source in enumerate(cells)]
    return run_steps(steps, limits, {}, walls=False)


def test_the_cells_around_a_deadly_one_keep_their_state():
    ran = run("x = 1", "import os\nos._exit(3)", "x += 1", "import os\nos.abort()", "assert x == 2")
    assert [how.ok for how in ran] == [True, False, True, False, True]
    assert [how.error for how in ran] == ["", "stopped", "", "stopped", ""]
    assert [how.sentence for how in ran[1::2]] == [
        "it ended the process (code 3)",
        "it ended the process (SIGABRT)",
    ]


def test_a_cell_that_fails_leaves_what_it_bound_as_in_a_notebook():
    assert [how.ok for how in run("x = 1\n1 / 0", "assert x == 1")] == [False, True]


def test_a_cell_that_is_run_again_keeps_its_first_result():
    ran = run("print('first')", "import os\nos._exit(0)", "pass")
    assert ran[0].printed == "first\n"


def test_what_dies_only_when_run_again_ends_too():
    deadly = "import os, time\nt = str(time.time())\nos._exit(0)"
    delayed = "import threading, os\nthreading.Timer(0.2, os._exit, [0]).start()"
    ran = run(delayed, "import time\ntime.sleep(0.5)", deadly, "y = 1")
    assert [how.ok for how in ran[2:]] == [False, True]


def test_when_the_time_of_all_has_passed_the_rest_is_not_run():
    start = time.monotonic()
    ran = run(*["while True: pass"] * 6, limits=Limits(cell=0.5, whole=1.2))
    assert time.monotonic() - start < 4
    assert ran[0].error == "stopped"
    assert ran[-1].error == "not run"
    assert ran[-1].sentence == "not run: the notebook's 1.2 seconds had passed"


def test_the_folder_is_taken_away_whatever_is_in_it():
    with own_folder() as own:
        here = os.open(own, os.O_RDONLY)
        for _ in range(1500):
            os.mkdir("a", dir_fd=here)
            deeper = os.open("a", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = deeper
        os.mkdir("closed", 0, dir_fd=here)
        os.close(here)
    assert not os.path.exists(own)


def test_no_cell_is_no_work():
    assert run() == []
