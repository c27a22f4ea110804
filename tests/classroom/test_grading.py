"""Submissions of every kind are graded as designed, and harm nothing but themselves."""

import os
import time
from pathlib import Path

import nbformat
import pytest

from metaxai_lab.classroom import grading
from metaxai_lab.classroom.assignment_plans import plans
from metaxai_lab.classroom.assignments import BOOK, source
from metaxai_lab.classroom.exercise_texts import told_in
from metaxai_lab.classroom.grading import Graded, assignments, grade, readable
from metaxai_lab.classroom.grading_folder import UnreadableError
from metaxai_lab.classroom.grading_steps import Limits
from metaxai_lab.classroom.grading_walls import missing

walled = pytest.mark.skipif(bool(missing()), reason=str(missing()))
SHORT = Limits(cell=1.5, whole=20.0, disk=4 << 20)
BLANK = {"double": "def double(x):\n    pass", "half": "def half(x):\n    pass", "why": ""}


def graded(course, *, walls=None, limits=SHORT):
    """Grade everything; return what came out by student."""
    walls = not missing() if walls is None else walls
    done = grade(course.submitted, course.source, limits=limits, walls=walls)
    return {one.student: one for one in done}


def points(one):
    return [test.points for test in one.tests]


def test_each_kind_of_answer_gets_its_points(course):
    course.hand_in("perfect")
    course.hand_in("blank", **BLANK)
    course.hand_in("half right", half="def half(x):\n    return 2")
    course.hand_in("crashing", double="import os\nos._exit(0)")
    course.hand_in("endless", half="def half(x):\n    while True:\n        pass")
    course.hand_in("leaving", double="import sys\ndef double(x):\n    sys.exit(0)")
    found = graded(course)
    assert {name: points(one) for name, one in found.items()} == {
        "perfect": [2, 3],
        "blank": [0, 0],
        "half right": [2, 0],
        "crashing": [0, 3],
        "endless": [2, 0],
        "leaving": [0, 3],
    }
    assert found["perfect"].points == found["perfect"].of == 5
    assert "it ended the process (code 0)" in str(found["crashing"].remarks)
    assert "test_half: stopped after 1.5 s" in str(found["endless"].remarks)
    assert found["endless"].seconds < 6
    assert [w.text for w in found["perfect"].written] == ["Because."]
    assert [w.text for w in found["blank"].written] == [""]


SEGFAULT = "import ctypes\nctypes.string_at(0)"
GREEDY = "x = bytearray(6 << 30)"
CHATTY = "for _ in range(100):\n    print('x' * 1_000_000)"
HOARDING = "for n in range(100):\n    open(str(n), 'wb').write(bytes(1 << 20))"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (SEGFAULT, "SIGSEGV"),
        (CHATTY, "printed more than 10 MB"),
        pytest.param(HOARDING, "wrote more than 4 MB", marks=walled),
    ],
)
def test_what_takes_too_much_costs_its_own_cell_only(course, cell, said):
    course.hand_in("ann", double=cell)
    one = graded(course)["ann"]
    assert points(one) == [0, 3]
    assert said in str(one.remarks)


def test_too_much_memory_is_refused(course):
    course.hand_in("ann", double=GREEDY)
    one = graded(course)["ann"]
    assert points(one) == [0, 3]
    assert one.failed[0].ran.error == "MemoryError"


FORGED = {
    "shadowed": "def double(x):\n    return 0\nclass AssertionError(Exception): pass",
    "printed": 'print(\'{"ok": true, "token": ""}\')',
    "written": "import os\nfor n in range(3, 20):\n"
    '    try:\n        os.write(n, b\'{"ok": true, "token": "x"}\\n\')\n'
    "    except OSError:\n        pass",
    "exits": "import os\ndef double(x):\n    os._exit(0)",
    "leaves": "def double(x):\n    raise SystemExit(0)",
    "equal": "class Any:\n    def __eq__(self, other):\n        return False\n"
    "def double(x):\n    return Any()",
    "atexit": "import atexit, os\natexit.register(os._exit, 0)",
    "loads": "import json\nold = json.loads\ndef loads(line):\n"
    "    return old(line) | {'source': 'pass'}\nvars(json)['loads'] = loads",
    "decoder": "import json\nold = json.loads\nd = json._default_decoder\nd.decode = "
    "lambda line, *x: type(d).decode(d, line) | {'source': 'pass'}",
    "worker": "from metaxai_lab.classroom import grading_worker as w\nvars(w)['_run'] = lambda *x:"
    " {'ok': True, 'error': '', 'sentence': '', 'line': 0, 'culprit': ''}",
    "context": "import contextlib\n"
    "contextlib._GeneratorContextManager.__exit__ = lambda *x: True\n"
    "def double(x):\n    return 0",
    "thread": "import json, os, stat, threading\n"
    "pipes = []\n"
    "for n in range(3, 40):\n"
    "    try:\n        pipes += [n] if stat.S_ISFIFO(os.fstat(n).st_mode) else []\n"
    "    except OSError:\n        pass\n"
    "def answer():\n"
    "    while line := os.read(pipes[0], 65536):\n"
    "        told = {'ok': True, 'error': '', 'sentence': '', 'line': 0, 'culprit': ''}\n"
    "        told['token'] = json.loads(line)['token']\n"
    "        os.write(pipes[1], json.dumps(told).encode() + b'\\n')\n"
    "for _ in range(3):\n    threading.Thread(target=answer, daemon=True).start()",
    "traced": "import sys\ndef skip(frame, event, arg):\n    return None\nsys.settrace(skip)",
}


def test_a_test_that_a_students_function_breaks_names_that_function(course):
    course.hand_in(
        "bo", double="def third(x):\n    return x[3]\ndef double(x):\n    return third(x)"
    )
    (double, half) = graded(course)["bo"].tests
    assert (double.ran.error, double.ran.culprit) == ("TypeError", "third")
    assert half.ran.culprit == ""


WALKS = """import json, os, sys
def double(x):
    frame = sys._getframe()
    while 'asked' not in frame.f_locals:
        frame = frame.f_back
    told = {'ok': True, 'error': '', 'sentence': '', 'line': 0, 'culprit': ''}
    told['token'] = frame.f_locals['asked']['token']
    while 'answers' not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals['answers'], json.dumps(told).encode() + b'\\n')
    os._exit(0)"""


def test_who_walks_through_the_frames_can_forge_and_is_pointed_out(course):
    """A limit, known and told: what runs in one Python can forge what that Python says."""
    course.hand_in("eve", double=WALKS)
    one = graded(course)["eve"]
    assert points(one)[0] == 2
    told = "look at the code: it uses _exit, f_back, f_locals, json, os, sys, sys._getframe."
    assert told in one.remarks


@pytest.mark.parametrize("way", FORGED)
def test_a_forged_result_gives_no_points_and_spoils_no_others(course, way):
    course.hand_in("eve", double=FORGED[way])
    assert points(graded(course)["eve"]) == [0, 3]


def test_what_the_tests_lean_on_is_put_back(course):
    course.cells[2]["source"] = "assert all([math.isclose(double(3), 6), len('abc') == 3])"
    course.write(course.source / "first/first.ipynb", course.cells)
    wrong = "def double(x):\n    return 0\n"
    course.hand_in("true", double="def double(x):\n    return 2 * x")
    course.hand_in("named", double=wrong + "all = lambda x: True")
    course.hand_in("built", double=wrong + "import builtins\nbuiltins.all = lambda x: True")
    course.hand_in("within", double=wrong + "math.isclose = lambda *x: True")
    course.hand_in("rebound", double=wrong + "class math:\n    isclose = lambda *x: True")
    found = graded(course)
    assert {name: points(one)[0] for name, one in found.items()} == {
        "true": 2,
        "named": 0,
        "built": 0,
        "within": 0,
        "rebound": 0,
    }


MALICE = {
    "reads": "print(open({secret!r}).read())",
    "lists": "import os\nprint(os.listdir({folder!r}))",
    "writes": "open({secret!r}, 'a').write('x')",
    "deletes": "import os\nos.remove({secret!r})",
    "moves": "import os\nos.rename({secret!r}, 'mine')",
    "cuts": "import os\nos.truncate({secret!r}, 0)",
    "links": "import os\nos.link({secret!r}, 'mine')",
    "locks": "import os\nos.chmod({secret!r}, 0)",
    "ages": "import os\nos.utime({secret!r}, (0, 0))",
    "forks": "import os\nos.fork() or os._exit(0)",
    "starts": "import subprocess\nsubprocess.run(['true'])",
    "kills": "import os\nos.kill({pid}, 0)",
    "limits": "import resource as r\nr.prlimit({pid}, r.RLIMIT_CORE, (0, {core}))",
    "calls": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 1).close()",
    "sends": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "spies": "print(open('/proc/{pid}/environ').read())",
}


@pytest.fixture
def prey(tmp_path):
    """A secret file, this process, and a port that answers: what an answer is not to reach."""
    import resource
    import socket

    secret = tmp_path / "secret"
    secret.write_text("the instructor's")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        core = resource.getrlimit(resource.RLIMIT_CORE)[1]
        yield {
            "secret": str(secret),
            "folder": str(tmp_path),
            "pid": os.getpid(),
            "port": port,
            "core": core,
        }


@walled
@pytest.mark.parametrize("way", MALICE)
def test_malice_is_refused_and_harms_nothing(course, prey, way):
    cell = MALICE[way].format(**prey)
    course.hand_in("mallory", double=cell)
    course.hand_in("ann")
    before = snapshot(prey["secret"])
    found = graded(course)
    ran = found["mallory"].failed[0].ran
    assert found["mallory"].failed[0].name == "double"
    assert ran.error in ("PermissionError", "OSError")
    assert ran.error != "OSError" or "[Errno 18]" in ran.sentence  # a link across folders
    assert snapshot(prey["secret"]) == before
    assert points(found["mallory"]) == [0, 3]
    assert points(found["ann"]) == [2, 3]


@pytest.mark.skipif(os.name != "posix", reason="asks for signals and modes")
@pytest.mark.parametrize("way", MALICE)
def test_without_walls_the_same_malice_succeeds(course, prey, way):
    """So the refusals above come from the walls, and not from a slip in the malice."""
    if way == "moves" or way == "links":
        prey["secret"] = str(course.write(course.submitted.parent / "own", []))
    course.hand_in("mallory", double=MALICE[way].format(**prey))
    one = graded(course, walls=False)["mallory"]
    assert not [each for each in one.failed if each.ran.error != "stopped"], one.failed


def snapshot(path):
    about = os.stat(path)
    return about.st_mode, about.st_mtime, about.st_size, Path(path).read_text()


@walled
def test_the_hidden_tests_are_nowhere_to_be_read_before_they_run(course):
    look = (
        "import gc\n"
        "words = 'HIDDEN' + ' TESTS'\n"
        "held = [d.values() if isinstance(d, dict) else d for d in gc.get_objects()\n"
        "        if isinstance(d, (dict, list, tuple))]\n"
        "strings = [v for d in held for v in list(d) if isinstance(v, str) and v is not words]\n"
        "assert len(strings) > 1000\n"
        "assert not [v for v in strings if words in v]"
    )
    course.hand_in("eve", half=look)
    assert not graded(course)["eve"].failed


def test_an_error_of_the_grader_hinders_no_other_submission(course, monkeypatch):
    course.hand_in("ann")
    course.hand_in("bob", double="odd")
    true = grading.merge

    def failing(ours, theirs):
        if "odd" in str(theirs):
            raise KeyError("odd")
        return true(ours, theirs)

    monkeypatch.setattr(grading, "merge", failing)
    found = graded(course)
    assert "the grader failed: KeyError: 'odd'" in found["bob"].remarks[0]
    assert points(found["ann"]) == [2, 3]


def test_missing_twice_and_own_cells_are_told(course):
    cells = [cell for cell in course.cells if cell["id"] != "half"]
    cells += [dict(course.cells[1]), {**course.cells[0], "source": "helper = 1"}]
    course.write(course.submitted / "ann/first/first.ipynb", cells)
    one = graded(course)["ann"]
    assert points(one) == [2, 0]
    told = " ".join(one.remarks)
    assert "the cell half is missing." in told
    assert "the cell double is there 2 times; the last was graded." in told
    assert "1 code cell of the student's own left out" in told


def test_edited_deleted_and_moved_test_cells_do_not_matter(course):
    cells = [course.cells[4] | {"source": "pass"}, course.cells[3], course.cells[1]]
    cells[2] = cells[2] | {"source": "def double(x):\n    return 0"}
    course.write(course.submitted / "ann/first/first.ipynb", cells)
    assert points(graded(course)["ann"]) == [0, 3]


def test_an_assignment_of_the_book_is_graded_with_its_sentences_and_hints(tmp_path):
    """The one that needs torch: a usual mistake, an exercise left blank, and the rest right."""
    made = source(plans()[0], told_in(BOOK))
    folder = tmp_path / "submitted/ann/concepts"
    folder.mkdir(parents=True)
    nbformat.write(made, tmp_path / "concepts.ipynb")
    for cell in made.cells:
        if cell.metadata.nbgrader.grade_id == "contributions":
            cell.source = "def contributions(weights, x, baseline):\n    return weights * x"
        if cell.metadata.nbgrader.grade_id == "shared_weights":
            cell.source = "def shared_weights(*given):\n    raise NotImplementedError"
    nbformat.write(made, folder / "concepts.ipynb")
    (one,) = grade(folder.parents[1], tmp_path, limits=Limits(), walls=not missing())
    lost = {test.name: test for test in one.tests if not test.ran.ok}
    assert {"contributions-check", "contributions-more", "shared_weights-more"} <= set(lost)
    assert not [name for name in lost if name.startswith(("inner_step", "column_shares"))]
    assert lost["contributions-check"].ran.error == "NotYet"
    assert lost["contributions-check"].ran.sentence.startswith("contributions, not yet: ")
    assert len(lost["contributions-check"].step.hints) == 2
    assert [written.points for written in one.written] == [6]


def test_nothing_to_grade_or_to_grade_by_is_refused(course, tmp_path):
    with pytest.raises(UnreadableError, match="is empty"):
        graded(course)
    with pytest.raises(UnreadableError, match="make assignments"):
        assignments(tmp_path / "none")


def test_what_may_be_read_leaves_out_the_rooms_of_the_assignments():
    names = [os.path.basename(path) for path, below in readable().items() if below]
    assert "grading_worker.py" in names
    assert not [name for name in names if name.startswith("assignment")]


def test_points_and_seconds_are_added_up(course):
    course.hand_in("ann", half="")
    start = time.monotonic()
    one = graded(course)["ann"]
    assert isinstance(one, Graded)
    assert (one.points, one.of) == (2, 5)
    assert 0 < one.seconds <= time.monotonic() - start
