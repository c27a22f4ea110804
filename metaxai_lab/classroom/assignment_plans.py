"""The plan of an assignment: which exercises, for how many points, and what is new in it.

A plan is a short file in TOML. It names exercises of chapters, which are told and solved there, and
adds what no chapter has: how further values are drawn, an open task, and a question to answer in
words. Chapter: book/appendix/teaching.md.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metaxai_lab.classroom.exercise_texts import Told, function_of
from metaxai_lab.classroom.exercises import EXERCISES

PLANS = Path(__file__).parents[2] / "book" / "assignments"


@dataclass(frozen=True)
class Item:
    """An exercise in an assignment.

    Args:
        check: points for the visible check.
        more: points for the further values.
        draw: the lines of a function of `g` that returns one question's arguments.
        uses: names of other exercises that its solution calls.
    """

    name: str
    check: int
    more: int
    draw: str
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A question that is answered in words and graded by a person.

    Args:
        rubric: what brings points, line by line.
        answer: one good answer.
    """

    title: str
    question: str
    points: int
    minutes: int
    rubric: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Plan:
    """One assignment.

    Args:
        name: of its folder and notebook.
        place: its place among the assignments.
        items: the exercises of chapters, then the open task.
        own: the open task as it is told here, since no chapter tells it.
    """

    name: str
    title: str
    place: int
    opening: str
    items: tuple[Item, ...]
    own: Told
    written: Written

    @property
    def autograded(self) -> int:
        """Return the points that a computer gives."""
        return sum(item.check + item.more for item in self.items)

    @property
    def points(self) -> int:
        """Return all points, those for the answer in words as well."""
        return self.autograded + self.written.points

    @property
    def minutes(self) -> int:
        """Return how long it takes most readers."""
        return self.written.minutes + sum(EXERCISES[item.name].minutes for item in self.items)


def read_plan(path: Path) -> Plan:
    """Read a plan; its name is that of the file.

    Raises:
        ValueError: if something is missing or misspelt, or an exercise is unknown.
    """
    told = tomllib.loads(path.read_text("utf8"))
    try:
        plan = _plan(path.stem, told)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: a plan needs {error}. Compare with another plan.") from None
    for item in plan.items:
        for name in (item.name, *item.uses):
            if name not in EXERCISES:
                raise ValueError(f"{path.name}: there is no exercise {name!r}.")
    return plan


def plans(folder: Path = PLANS) -> list[Plan]:
    """Return the plans of a folder, each in its place."""
    return sorted((read_plan(path) for path in folder.glob("*.toml")), key=lambda plan: plan.place)


def _plan(name: str, told: Mapping[str, Any]) -> Plan:
    own = told["open"]
    text = Told(
        own["name"],
        own["title"],
        own["text"].strip(),
        tuple(own["hints"]),
        function_of(own["solution"], own["name"]),
        "this assignment",
    )
    items = [Item(**each) for each in told["exercise"]]
    items.append(Item(own["name"], own["check"], own["more"], own["draw"], tuple(own["uses"])))
    asked = told["written"]
    written = Written(**{**asked, "rubric": tuple(asked["rubric"])})
    return Plan(name, told["title"], told["place"], told["opening"], tuple(items), text, written)
