"""Assignments for a class: student and instructor versions and a course for nbgrader, from plans.

    python -m metaxai_lab.classroom.assignments _build/assignments
    python -m metaxai_lab.classroom.assignments --seed 2027 ~/course    # other hidden values

In book/assignments/ lies a short plan for each part, and no notebook: task, hints and solution of
an exercise stand in its chapter, its questions in its check, and both are read from there. So
nothing is written twice, and what a chapter mends is mended in the assignment. The student version
is what nbgrader's own steps leave of the source. Source: nbgrader 0.9, `GenerateAssignment`.
Chapter: book/appendix/teaching.md.
"""

import argparse
import logging
import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from traitlets.config import Config

from metaxai_lab.classroom import assignment_cells as cells
from metaxai_lab.classroom.assignment_plans import Plan, plans
from metaxai_lab.classroom.exercise_texts import Told, told_in
from metaxai_lab.classroom.exercises import EXERCISES
from metaxai_lab.classroom.more_values import SEEDS
from metaxai_lab.classroom.store import KERNEL
from metaxai_lab.classroom.tables import markdown_table

BOOK = Path(__file__).parents[2] / "book"
STUBS = {"code": "raise NotImplementedError  # your code", "text": "Write your answer here."}
COURSE = f"""c = get_config()  # noqa: F821 (nbgrader gives it)
c.CourseDirectory.course_id = "learning_to_explain"
c.ClearSolutions.code_stub = {{"python": {STUBS["code"]!r}}}
c.ClearSolutions.text_stub = {STUBS["text"]!r}
c.Execute.timeout = 120    # seconds for one cell
"""


def source(plan: Plan, told: Mapping[str, Told], *, seeds: Sequence[int] = SEEDS) -> NotebookNode:
    """Return the instructor's notebook: solutions, hidden tests, a model answer.

    Args:
        told: the exercises of the chapters, by name.
        seeds: of the further values.

    Raises:
        ValueError: if no chapter tells an exercise of the plan.
    """
    told = {**told, plan.own.name: plan.own}
    if missing := [item.name for item in plan.items if item.name not in told]:
        raise ValueError(f"{plan.name}: no chapter tells {', '.join(missing)}.")
    made = [cells.head(plan), cells.opened()]
    for number, item in enumerate(plan.items, 1):
        solutions = [told[name].solution for name in (*item.uses, item.name)]
        made += [
            cells.task(number, item, told[item.name]),
            cells.answer(item.name, told[item.name].solution),
            cells.checked(item),
            cells.tried(item, solutions, seeds),
        ]
    made += [cells.question(len(plan.items) + 1, plan.written), cells.written(plan.written)]
    return new_notebook(
        cells=made, metadata={"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    )


def student(notebook: NotebookNode) -> NotebookNode:
    """Return what students get: no solution, no hidden test, no rubric; cells are locked."""
    from nbgrader import preprocessors as steps  # the grade extra; a check alone needs none

    config = Config()
    config.ClearSolutions.code_stub = {"python": STUBS["code"]}
    config.ClearSolutions.text_stub = STUBS["text"]
    left, quiet = deepcopy(notebook), logging.getLogger(__name__)
    for name in (
        "LockCells",
        "ClearSolutions",
        "ClearOutput",
        "ClearHiddenTests",
        "ComputeChecksums",
    ):
        left, _ = getattr(steps, name)(config=config, log=quiet).preprocess(left, {})
    return left


def write(folder: Path, *, seeds: Sequence[int] = SEEDS) -> list[str]:
    """Write all versions below a folder; return a sentence for each assignment.

    What is there under the same names is replaced, file by file, and nothing else is touched.
    """
    told, said = told_in(BOOK), []
    for plan in plans():
        full = source(plan, told, seeds=seeds)
        whole, cleared = (nbformat.writes(each) + "\n" for each in (full, student(full)))
        _put(folder / "student" / f"{plan.name}.ipynb", cleared)
        _put(folder / "instructor" / f"{plan.name}.ipynb", whole)
        _put(folder / "course" / "source" / plan.name / f"{plan.name}.ipynb", whole)
        said.append(
            f"{plan.name}: {len(plan.items)} functions for {plan.autograded} points and an answer "
            f"in words for {plan.written.points}, {plan.points} in all."
        )
    _put(folder / "course" / "nbgrader_config.py", COURSE)
    return said


def table() -> str:
    """Return a table of the assignments in Markdown."""
    rows = [
        [
            plan.name.capitalize(),
            str(len(plan.items)),
            f"{plan.autograded} + {plan.written.points}",
            str(plan.minutes),
            _hardness(plan),
        ]
        for plan in plans()
    ]
    return markdown_table(["Part", "Tasks", "Points", "Min.", "Level"], rows)


def contents() -> str:
    """Return which exercises each assignment has, from which chapters, as a list in Markdown."""
    told = told_in(BOOK)
    lines = []
    for plan in plans():
        named = [f"`{i.name}` ({told[i.name].chapter})" for i in plan.items if i.name in told]
        lines.append(f"- **{plan.title}**: {', '.join(named)}; open task `{plan.own.name}`.")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the assignments and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m metaxai_lab.classroom.assignments")
    parser.add_argument("folder", type=Path, help="where student/, instructor/ and course/ go")
    parser.add_argument("--seed", type=int, default=SEEDS[0], help="of the further values")
    asked = parser.parse_args(arguments)
    said = write(asked.folder, seeds=[asked.seed + i for i in range(len(SEEDS))])
    print("\n".join(said))
    print(f"Written to {asked.folder}: student/, instructor/, and course/ for nbgrader.")


def _hardness(plan: Plan) -> str:
    grades = [EXERCISES[item.name].difficulty for item in plan.items]
    return f"{min(grades)}–{max(grades)}"


def _put(path: Path, text: str) -> None:
    """Write a file, whole or not at all; one that says the same already is left alone."""
    if path.is_file() and path.read_text("utf8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, "utf8")
    os.replace(beside, path)


if __name__ == "__main__":
    main()
