"""All checks under one name."""

import pytest

from metaxai_lab.classroom.attention_exercises import context
from metaxai_lab.classroom.exercises import EXERCISES, check


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
