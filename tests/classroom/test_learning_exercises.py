"""Right solutions are told so, and each usual mistake gets its own sentence."""

from pathlib import Path
from runpy import run_path
from types import FunctionType

import pytest

from metaxai_lab.classroom.learning_exercises import EXERCISES
from metaxai_lab.classroom.trial import NotYet

HERE = Path(__file__).parent
WRONG = HERE / "wrong_solutions"


def functions(path):
    """Return the functions of a file that are solutions: those whose docstring is no remark."""
    own = {n: f for n, f in run_path(str(path)).items() if isinstance(f, FunctionType)}
    mine = {n: f for n, f in own.items() if f.__code__.co_filename == str(path)}
    return {n: f for n, f in mine.items() if not (f.__doc__ or "").startswith("No mistake")}


QUESTIONS = {exercise.name: exercise for exercise in EXERCISES}
RIGHT = functions(HERE / "right_solutions.py")
MISTAKES = {name: functions(WRONG / f"{name}.py") for name in QUESTIONS}
EACH = [(name, mistake) for name in QUESTIONS for mistake in MISTAKES[name]]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_right_solution_is_told_so(name, capsys):
    QUESTIONS[name](RIGHT[name])
    assert capsys.readouterr().out.startswith(f"{name} is right: ")


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_exercise_knows_at_least_three_mistakes(name):
    assert len(MISTAKES[name]) >= 3


@pytest.mark.parametrize(("name", "mistake"), EACH)
def test_a_mistake_is_answered_with_its_own_sentence(name, mistake):
    solution = MISTAKES[name][mistake]
    with pytest.raises(NotYet) as answer:
        QUESTIONS[name](solution)
    others = [f.__doc__ for n, f in MISTAKES[name].items() if n != mistake]
    assert solution.__doc__ in str(answer.value)
    assert not [words for words in others if words in str(answer.value)]
