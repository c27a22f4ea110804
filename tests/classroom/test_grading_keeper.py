"""Names that tests lean on are put back, and honest answers keep theirs."""

import math
import sys

import pytest
import torch

from metaxai_lab.classroom import exercise, exercises
from metaxai_lab.classroom.exercise import Exercise
from metaxai_lab.classroom.grading_keeper import Keeper


@pytest.fixture
def keeper():
    """A keeper of an empty notebook; what the test leaves changed is put back after it."""
    kept = Keeper({})
    run(kept, "answer", "")
    yield kept
    run(kept, "test", "")


def run(keeper, kind, source, free=()):
    with keeper.place(kind, free) as names:
        exec(source, names)
        return dict(names)


def test_cells_share_their_names_as_in_a_notebook(keeper):
    run(keeper, "given", "import math\nbase = 2")
    run(keeper, "answer", "def twice(x):\n    return base * x + later()")
    run(keeper, "given", "def later():\n    return 0")
    assert run(keeper, "test", "seen = twice(3)")["seen"] == 6
    assert run(keeper, "answer", "again = seen")["again"] == 6


def test_what_the_course_bound_is_put_back_unless_it_is_an_answer(keeper):
    run(keeper, "given", "a, b = 1, 1")
    run(keeper, "answer", "a = b = 2")
    seen = run(keeper, "test", "", free=("b",))
    assert (seen["a"], seen["b"]) == (1, 2)


def test_a_built_in_is_not_shadowed_in_a_test_but_stays_in_the_answer(keeper):
    run(keeper, "answer", "def len(x):\n    return 99\ndef size(x):\n    return len(x)")
    seen = run(keeper, "test", "mine, theirs = len([]), size([])")
    assert (seen["mine"], seen["theirs"]) == (0, 99)


def test_a_name_that_the_task_asks_for_may_shadow_a_built_in(keeper):
    run(keeper, "answer", "def sum(x):\n    return 99")
    assert run(keeper, "test", "got = sum([])", free=("sum",))["got"] in (0, 99)


def test_functions_classes_and_exercises_are_put_back(keeper):
    name, one = next(iter(exercises.EXERCISES.items()))
    true = (math.isclose, Exercise.__call__, exercise.counted, one.ask)
    run(
        keeper,
        "answer",
        "import math\nfrom metaxai_lab.classroom import exercise, exercises\n"
        "yes = lambda *x, **y: True\n"
        "math.isclose = exercise.Exercise.__call__ = exercise.counted = yes\n"
        "exercise.Exercise.__getattribute__ = yes\n"
        "del exercise.Exercise.__getattribute__\n"
        "exercise.Exercise.more = yes\n"
        f"object.__setattr__(exercises.EXERCISES[{name!r}], 'ask', yes)\n"
        "exercises.EXERCISES.clear()\n"
        f"exercises.check.{name} = yes\n"
        "assert math.isclose is yes is exercise.Exercise.more",
    )
    assert (math.isclose, Exercise.__call__, exercise.counted, one.ask) == true
    assert exercises.EXERCISES[name] is one
    assert getattr(exercises.check, name) is one
    assert not hasattr(Exercise, "more")


def test_a_module_in_disguise_is_put_back(keeper):
    loaded = sys.modules
    run(keeper, "answer", "import sys\nsys.modules['math'] = None\nsys.modules = {}")
    assert sys.modules is loaded
    assert sys.modules["math"] is math


def test_modes_of_torch_end_with_their_cell(keeper):
    run(keeper, "answer", MODES)
    assert not torch.allclose(torch.zeros(1), torch.ones(1))
    assert torch.zeros(1).item() == 0


MODES = """
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

class Yes(TorchFunctionMode):
    def __torch_function__(self, *about):
        return True

class One(TorchDispatchMode):
    def __torch_dispatch__(self, *about):
        return one

one = torch.ones(1)
two = torch.ones(1) + 1
One().__enter__()
assert torch.zeros(1) is one
Yes().__enter__()
assert torch.allclose(one, two) is True
"""


def test_a_trace_ends_before_a_test(keeper):
    older = sys.gettrace()
    run(keeper, "answer", "import sys\nsys.settrace(lambda *x: None)")
    with keeper.place("test", ()):
        seen = sys.gettrace()
    sys.settrace(older)
    assert seen is None
