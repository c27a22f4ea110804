"""An exercise is a task, how hard it is, and the questions that a solution is put to.

Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from metaxai_lab.classroom.progress_reader import remember
from metaxai_lab.classroom.trial import Trial

HARDEST = 5


@dataclass(frozen=True)
class Exercise:
    """One exercise of a chapter.

    Args:
        name: the name of the function that the reader writes.
        task: what it has to do, in one sentence.
        difficulty: 1 (a line to fill in) to 5 (an afternoon).
        minutes: how long it takes most readers.
        ask: puts a solution to its questions.

    Raises:
        ValueError: if the difficulty is not from 1 to 5.
    """

    name: str
    task: str
    difficulty: int
    minutes: int
    ask: Callable[[Trial], None]

    def __post_init__(self) -> None:
        if not 1 <= self.difficulty <= HARDEST:
            raise ValueError(
                f"{self.name}: a difficulty is 1 to {HARDEST}; found {self.difficulty}."
            )

    def __call__(self, solution: Callable[..., Any]) -> None:
        """Put a solution to the questions, say that it is right, and remember it for a reader.

        Raises:
            NotYet: at the first question that it does not answer; the sentence says what to do.
        """
        trial = Trial(self.name, solution)
        self.ask(trial)
        held = [f"{counted(trial.truths, 'value')} worked out by hand"] if trial.truths else []
        held += [counted(trial.promises, "promise")] if trial.promises else []
        verb = "holds" if trial.truths + trial.promises == 1 else "hold"
        print(f"{self.name} is right: {' and '.join(held)} {verb}.")
        if said := remember(self.name, self.ask):
            print(said)

    def __str__(self) -> str:
        dots = "●" * self.difficulty + "○" * (HARDEST - self.difficulty)
        return f"{self.name} ({dots}, about {self.minutes} minutes): {self.task}"


def counted(number: int, noun: str) -> str:
    """Write how many there are: "1 value", "2 values"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def exercise(*, difficulty: int, minutes: int) -> Callable[[Callable[[Trial], None]], Exercise]:
    """Make an exercise of the questions that follow; their docstring is the task."""

    def make(ask: Callable[[Trial], None]) -> Exercise:
        task = (ask.__doc__ or "").partition("\n")[0]
        return Exercise(ask.__name__, task, difficulty, minutes, ask)

    return make
