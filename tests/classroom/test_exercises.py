"""All checks under one name; right solutions are told so, and each usual mistake its own sentence.

This judges every room of exercises: those that `exercises.ROOMS` lists.
"""

from pathlib import Path
from runpy import run_path
from types import FunctionType

import pytest

from metaxai_lab.classroom.attention_exercises import context
from metaxai_lab.classroom.exercises import EXERCISES, ROOMS, check
from metaxai_lab.classroom.trial import NotYet

HERE = Path(__file__).parent
WRONG = HERE / "wrong_solutions"


def functions(path):
    """Return the functions of a file that are solutions: those whose docstring is no remark."""
    own = {n: f for n, f in run_path(str(path)).items() if isinstance(f, FunctionType)}
    mine = {n: f for n, f in own.items() if f.__code__.co_filename == str(path)}
    return {n: f for n, f in mine.items() if not (f.__doc__ or "").startswith("No mistake")}


RIGHT = functions(HERE / "right_solutions.py")
MISTAKES = {name: functions(WRONG / f"{name}.py") for name in EXERCISES}
EACH = [(name, mistake) for name in EXERCISES for mistake in MISTAKES[name]]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_solution_is_told_so(name, capsys):
    EXERCISES[name](RIGHT[name])
    assert capsys.readouterr().out.startswith(f"{name} is right: ")


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_knows_at_least_three_mistakes(name):
    assert len(MISTAKES[name]) >= 3


@pytest.mark.parametrize(("name", "mistake"), EACH)
def test_a_mistake_is_answered_with_its_own_sentence(name, mistake):
    solution = MISTAKES[name][mistake]
    with pytest.raises(NotYet) as answer:
        EXERCISES[name](solution)
    others = [f.__doc__ for n, f in MISTAKES[name].items() if n != mistake]
    assert solution.__doc__ in str(answer.value)
    assert not [words for words in others if words in str(answer.value)]


def test_no_two_exercises_share_a_name():
    assert len(EXERCISES) == sum(len(room.EXERCISES) for room in ROOMS)


def test_every_room_of_exercises_is_listed():
    folder = Path(ROOMS[0].__file__).parent
    assert {Path(room.__file__) for room in ROOMS} == set(folder.glob("*_exercises.py"))


def test_every_file_of_wrong_solutions_belongs_to_an_exercise():
    assert {path.stem for path in WRONG.glob("*.py")} == set(EXERCISES)


def test_a_check_is_the_exercise_of_that_name():
    assert check.context is context


def test_an_unknown_check_is_refused_with_the_list():
    with pytest.raises(AttributeError, match=r"no exercise 'softmax'; there are masked_softmax, "):
        check.softmax  # noqa: B018


def test_check_lists_its_exercises_with_difficulty_and_minutes():
    assert "mass_in_mask (●○○○○, about 5 minutes): Give the share" in repr(check)
    assert set(EXERCISES) <= set(dir(check))


def test_a_check_that_is_called_lists_its_exercises_too():
    assert repr(check()) == repr(check)
