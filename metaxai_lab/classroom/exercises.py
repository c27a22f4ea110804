"""The checks of all exercises, under one name: `check.masked_softmax(my_masked_softmax)`.

A chapter's exercises live in a room of their own and are listed here. Chapter:
book/attention/from_equations.ipynb.
"""

from collections.abc import Callable
from typing import Any

from metaxai_lab.classroom import (
    amortized_exercises,
    attention_exercises,
    causes_exercises,
    city_exercises,
    combining_exercises,
    combining_judged_exercises,
    disagreement_exercises,
    domains_exercises,
    driving_exercises,
    families_exercises,
    finance_exercises,
    gates_exercises,
    guiding_exercises,
    judged_exercises,
    judges_exercises,
    kinds_exercises,
    learning_exercises,
    manufacturing_exercises,
    medicine_exercises,
    meta_rl_exercises,
    pictures_exercises,
    pipeline_exercises,
    real_time_exercises,
    reasons_exercises,
    repair_exercises,
    sentences_exercises,
    shapley_exercises,
    surrogate_exercises,
    tables_exercises,
    tools_exercises,
    travelling_exercises,
    trees_exercises,
)
from metaxai_lab.classroom.exercise import Exercise

ROOMS = (
    attention_exercises,
    reasons_exercises,
    kinds_exercises,
    learning_exercises,
    pipeline_exercises,
    families_exercises,
    sentences_exercises,
    pictures_exercises,
    repair_exercises,
    judged_exercises,
    gates_exercises,
    guiding_exercises,
    tables_exercises,
    shapley_exercises,
    amortized_exercises,
    travelling_exercises,
    disagreement_exercises,
    judges_exercises,
    trees_exercises,
    surrogate_exercises,
    finance_exercises,
    city_exercises,
    medicine_exercises,
    manufacturing_exercises,
    driving_exercises,
    real_time_exercises,
    domains_exercises,
    causes_exercises,
    meta_rl_exercises,
    tools_exercises,
    combining_exercises,
    combining_judged_exercises,
)
EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise for room in ROOMS for exercise in room.EXERCISES
}


class Checks:
    """One check for each exercise; `check` alone lists them, and so does `check()`."""

    def __call__(self) -> "Checks":
        """Return the list itself, for whoever calls it."""
        return self

    def __getattr__(self, name: str) -> Callable[[Callable[..., Any]], None]:
        if name not in EXERCISES:
            raise AttributeError(
                f"there is no exercise {name!r}; there are {', '.join(EXERCISES)}."
            )
        return EXERCISES[name]

    def __dir__(self) -> list[str]:
        return list(EXERCISES)

    def __repr__(self) -> str:
        return "\n".join(str(exercise) for exercise in EXERCISES.values())


check = Checks()
