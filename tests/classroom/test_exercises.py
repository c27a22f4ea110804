from pathlib import Path
from runpy import run_path
from types import FunctionType

import pytest

from metaxai_lab.classroom.exercise import Exercise
from metaxai_lab.classroom.exercises import EXERCISES, check
from metaxai_lab.classroom.trial import NotYet

HERE = Path(__file__).parent
WRONG = HERE / "wrong_solutions"


def functions(path):
    own = {n: f for n, f in run_path(str(path)).items() if isinstance(f, FunctionType)}
    return {n: f for n, f in own.items() if f.__code__.co_filename == str(path)}


RIGHT = functions(HERE / "right_solutions.py")
MISTAKES = {name: functions(WRONG / f"{name}.py") for name in EXERCISES}
EACH = [(name, mistake) for name in EXERCISES for mistake in MISTAKES[name]]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_solution_is_told_so(name, capsys):
    getattr(check, name)(RIGHT[name])
    assert capsys.readouterr().out.startswith(f"{name} is right: ")


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_knows_at_least_two_mistakes(name):
    assert len(MISTAKES[name]) >= 2


@pytest.mark.parametrize(("name", "mistake"), EACH)
def test_a_mistake_is_answered_with_its_own_sentence(name, mistake):
    solution = MISTAKES[name][mistake]
    with pytest.raises(NotYet) as answer:
        getattr(check, name)(solution)
    others = [f.__doc__ for n, f in MISTAKES[name].items() if n != mistake]
    assert solution.__doc__ in str(answer.value)
    assert not [words for words in others if words in str(answer.value)]


def test_an_unknown_check_is_refused_with_the_list():
    with pytest.raises(AttributeError, match=r"no exercise 'softmax'; there are masked_softmax, "):
        check.softmax  # noqa: B018


def test_check_lists_its_exercises_with_difficulty_and_minutes():
    assert "mass_in_mask (●○○○○, about 5 minutes): Give the share" in repr(check)
    assert set(EXERCISES) <= set(dir(check))


def test_an_impossible_difficulty_is_refused():
    with pytest.raises(ValueError, match="1 to 5; found 6"):
        Exercise("x", "y", 6, 5, lambda trial: None)
