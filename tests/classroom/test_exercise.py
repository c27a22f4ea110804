"""An exercise puts a solution to its questions, and says what it asks for."""

import pytest

from metaxai_lab.classroom.exercise import Exercise, exercise
from metaxai_lab.classroom.trial import NotYet


@exercise(difficulty=2, minutes=3)
def double(trial):
    """Double a number.

    The rest is no part of the task.
    """
    trial.truth(6, 3, usual={"You square.": 9})
    trial.truth(0, 0, usual={})
    trial.promise(trial(-1) < 0, "the sign is lost.")


def test_a_right_solution_is_told_what_it_was_asked(capsys):
    double(lambda x: 2 * x)
    said = "double is right: 2 values worked out by hand and 1 promise hold.\n"
    assert capsys.readouterr().out == said


def test_what_was_not_asked_is_not_counted(capsys):
    @exercise(difficulty=1, minutes=1)
    def same(trial):
        """Return it."""
        trial.truth(1, 1, usual={})

    same(lambda x: x)
    assert capsys.readouterr().out == "same is right: 1 value worked out by hand holds.\n"


def test_a_wrong_solution_is_told_so_under_the_name_of_the_exercise():
    with pytest.raises(NotYet, match=r"^double, not yet: .* You square\.$"):
        double(lambda x: x * x)


def test_a_second_solution_does_not_inherit_the_marks_of_the_first(capsys):
    for _ in range(2):
        double(lambda x: 2 * x)
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_the_task_is_the_first_line_of_the_questions():
    assert double.task == "Double a number."


def test_an_exercise_is_said_with_its_difficulty_and_minutes():
    assert str(double) == "double (●●○○○, about 3 minutes): Double a number."


@pytest.mark.parametrize("difficulty", [0, 6])
def test_an_impossible_difficulty_is_refused(difficulty):
    with pytest.raises(ValueError, match=f"x: a difficulty is 1 to 5; found {difficulty}"):
        Exercise("x", "y", difficulty, 5, lambda trial: None)
