"""The cells of an assignment, as nbgrader marks them: told, written, tested, and graded by hand.

Source: the metadata of nbgrader 0.9, schema version 3. Chapter: book/appendix/teaching.md.
"""

from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from metaxai_lab.classroom.assignment_plans import Item, Plan, Written
from metaxai_lab.classroom.exercise import HARDEST
from metaxai_lab.classroom.exercise_texts import Told
from metaxai_lab.classroom.exercises import EXERCISES

IMPORTS = """from itertools import combinations, pairwise, permutations
from math import comb, factorial

import torch"""
OPENED = f"{IMPORTS}\n\nfrom metaxai_lab.classroom import check"
MORE = "# Further values are tried here when the notebook is graded."


def head(plan: Plan) -> NotebookNode:
    """Return what stands above the first task."""
    return _told(
        "head",
        f"# {plan.title}\n\n{plan.opening.strip()}\n\n"
        f"**{plan.points} points, about {plan.minutes} minutes.** {plan.autograded} points are for "
        f"functions that a computer grades, {plan.written.points} for an answer in words.\n\n"
        "Write each function in the cell below its task, in the place of `raise "
        "NotImplementedError`, and run the cell after it: `check` puts it to a few questions, and "
        "answers with a sentence. When the notebook is graded, further values are tried. Hints "
        "come in two steps. The last function calls some of the others, so get these right first. "
        "Where a task or a hint says *above*, it means its chapter.",
    )


def task(number: int, item: Item, told: Told) -> NotebookNode:
    """Return the cell that tells one task and folds its hints."""
    exercise, points = EXERCISES[item.name], item.check + item.more
    dots = "●" * exercise.difficulty + "○" * (HARDEST - exercise.difficulty)
    hints = [
        f"<details><summary>Hint {step}</summary>\n\n{hint}\n\n</details>"
        for step, hint in enumerate(told.hints, 1)
    ]
    words = f"{dots}, about {exercise.minutes} minutes, {points} points. From *{told.chapter}*."
    return _told(
        f"{item.name}-task", "\n\n".join([f"## {number}. {told.title}", words, told.text, *hints])
    )


def opened() -> NotebookNode:
    """Return the cell that imports what all tasks need."""
    return _marked(new_code_cell(OPENED), "imports", locked=True)


def answer(name: str, solution: str) -> NotebookNode:
    """Return the cell that holds the solution, between the marks that take it out."""
    lines = solution.splitlines()
    body = next(i for i, line in enumerate(lines) if line.rstrip().endswith(":")) + 1
    inside = ["    ### BEGIN SOLUTION", *lines[body:], "    ### END SOLUTION"]
    return _marked(new_code_cell("\n".join([*lines[:body], *inside])), name, solution=True)


def checked(item: Item) -> NotebookNode:
    """Return the cell with the visible check."""
    code = f"from metaxai_lab.classroom import check\n\ncheck.{item.name}({item.name})"
    return _tested(code, f"{item.name}-check", item.check)


def tried(item: Item, solutions: Sequence[str], seeds: Sequence[int]) -> NotebookNode:
    """Return the cell with the further values, hidden from students.

    Args:
        solutions: the functions that it uses, then its own, in Python.
    """
    seeded = f"seeds={tuple(seeds)}"
    inside = [
        IMPORTS,
        "\nfrom metaxai_lab.classroom.more_values import more_values\n",
        "def right():",
        _indented("\n\n".join(solutions)),
        f"\n    return {item.name}\n",
        "def draw(g):",
        _indented(item.draw.strip()),
        f'\nmore_values("{item.name}", {item.name}, right(), draw, {seeded})',
    ]
    code = [
        MORE,
        "### BEGIN HIDDEN TESTS",
        "def _tried():  # a function, so that no name of the student's is replaced",
        _indented("\n".join(inside)),
        "\n\n_tried()",
        "### END HIDDEN TESTS",
    ]
    return _tested("\n".join(code), f"{item.name}-more", item.more)


def question(number: int, asked: Written) -> NotebookNode:
    """Return the cell that asks for an answer in words."""
    words = f"About {asked.minutes} minutes, {asked.points} points. Graded by a person."
    return _told(
        "written-task", f"## {number}. {asked.title}\n\n{words}\n\n{asked.question.strip()}"
    )


def written(asked: Written) -> NotebookNode:
    """Return the cell for the answer in words, with a model answer and the rubric."""
    rubric = "\n".join(f"- {line}" for line in asked.rubric)
    text = f"### BEGIN SOLUTION\n{asked.answer.strip()}\n\n**Rubric**\n\n{rubric}\n### END SOLUTION"
    cell = _marked(new_markdown_cell(text), "written", solution=True, grade=True)
    cell.metadata["nbgrader"]["points"] = asked.points
    return cell


def _told(name: str, text: str) -> NotebookNode:
    return _marked(new_markdown_cell(text), name, locked=True)


def _tested(code: str, name: str, points: int) -> NotebookNode:
    cell = _marked(new_code_cell(code), name, grade=True, locked=True)
    cell.metadata["nbgrader"]["points"] = points
    return cell


def _marked(
    cell: NotebookNode,
    name: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
) -> NotebookNode:
    cell.id = name
    cell.metadata["nbgrader"] = {
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
        "schema_version": 3,
        "cell_type": cell.cell_type,
    }
    return cell


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in code.splitlines())
