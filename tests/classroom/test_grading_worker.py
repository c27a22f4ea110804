"""The worker runs a cell as a notebook would, and hides the source of a test."""

import tempfile
from itertools import count

import pytest

from metaxai_lab.classroom.grading_process import Process
from metaxai_lab.classroom.grading_steps import Limits, Step


@pytest.fixture
def ask():
    with (
        tempfile.TemporaryDirectory() as own,
        Process(Limits(cell=5.0, whole=20.0), {}, own, walls=False) as process,
    ):
        numbers = count()
        yield lambda source, kind="answer": process.ask(next(numbers), Step(kind, "a", source), 5.0)


def test_lines_for_the_notebook_itself_are_passed_over(ask):
    assert ask("%matplotlib inline\n!ls\nif True:\n    %time\nx = 7 \\\n % 4\nassert x == 3")["ok"]
    assert ask("%%time\nx = 1")["ok"]
    assert ask("s = '''\n%not magic\n'''\nassert 'not' in s")["ok"]


def test_what_is_no_python_is_told_with_its_line(ask):
    told = ask("x = 1\ny = (\n")
    assert (told["error"], told["line"]) == ("SyntaxError", 2)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import sys\nsys.exit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): f()\nf()", "RecursionError"),
        ("class E(Exception):\n    def __str__(self): 1 / 0\nraise E", "E"),
    ],
)
def test_whatever_is_raised_is_an_answer(ask, source, error):
    told = ask(source)
    assert not told["ok"]
    assert told["error"] == error
    assert ask("x = 1")["ok"]


def test_an_endless_sentence_is_cut(ask):
    assert len(ask("raise ValueError('x' * 10**7)")["sentence"]) == 2000


def test_a_notebook_finds_its_own_source_but_not_that_of_a_test(ask):
    assert ask("import inspect\ndef f():\n    return 1\nassert 'return' in inspect.getsource(f)")[
        "ok"
    ]
    told = ask("def g():\n    return 1\nimport inspect\ninspect.getsource(g)", "test")
    assert told["error"] == "OSError"


def test_display_and_pickles_work_as_in_a_notebook(ask):
    assert ask("display(1, 'a')")["ok"]
    assert ask("import pickle\nclass C: pass\nassert type(pickle.loads(pickle.dumps(C()))) is C")[
        "ok"
    ]


def test_a_closed_stdout_is_no_end(ask):
    assert ask("import sys\nsys.stdout.close()\nsys.stderr = None")["ok"]
    assert ask("x = 1")["ok"]


STOPS = "def half(x):\n    return x[2]\ndef quarter(x):\n    return half(half(x))"


@pytest.mark.parametrize(
    ("call", "culprit"),
    [
        ("quarter([1])", "half"),
        ("(lambda x: half(x))([1])", "half"),
        ("quarter([1, 2, len])", "half"),  # its second call
        ("[1][2]", ""),
        ("int('two')", ""),
        ("assert half([1, 2, 3]) == 0", ""),
    ],
)
def test_a_crash_in_a_test_names_the_function_of_an_answer_and_never_the_tests_own(
    ask, call, culprit
):
    assert ask(STOPS)["ok"]
    told = ask(f"def hidden():\n    {call}\nhidden()", "test")
    assert (told["ok"], told["culprit"]) == (False, culprit)


def test_a_function_of_the_course_that_an_answer_feeds_badly_is_not_the_culprit(ask):
    assert ask("def course(x):\n    return x[2]", "given")["ok"]
    assert ask("def fed(x):\n    return course(x)")["ok"]
    assert ask("fed([1])", "test")["culprit"] == "fed"


def test_a_long_name_is_cut(ask):
    name = "x" * 10_000
    assert ask(f"def {name}():\n    1 / 0")["ok"]
    assert ask(f"{name}()", "test")["culprit"] == name[:100]
