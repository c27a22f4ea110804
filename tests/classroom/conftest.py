"""What several of the classroom's tests begin with."""

import copy
import json

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable


@pytest.fixture
def hospitals_of():
    """Return what makes two hospitals of `n` patients each.

    Column "a" rules in both, and the first hospital seldom measures "b".
    """

    def made(n=60):
        x = torch.randn(2 * n, 2, generator=seeded(0))
        y = (x[:, 0] > 0).long()
        task = torch.arange(2).repeat_interleave(n)
        seldom = (task == 0) & (torch.arange(2 * n) % n >= 3)
        x[:, 1] = x[:, 1].where(~seldom, torch.nan)
        return TaskTable(
            torch.cat([x, seldom.float()[:, None]], 1),
            y,
            task,
            ("a", "b", "b missing"),
            ("one", "two"),
            "ill",
            ("no", "yes"),
        )

    return made


class Course:
    """A folder with one assignment, "first", and what students hand in; no cell needs torch."""

    def __init__(self, folder):
        self.source, self.submitted = folder / "source", folder / "submitted"
        self.out = folder / "graded"
        self.cells = [
            notebook_cell("", "import math"),
            notebook_cell("double", "def double(x):\n    return 2 * x", solution=True),
            notebook_cell(
                "test_double", "assert double(3) == 6, 'not twice'", grade=True, points=2
            ),
            notebook_cell("half", "def half(x):\n    return x / 2", solution=True),
            notebook_cell("test_half", HIDDEN_HALF, grade=True, points=3),
            notebook_cell("why", "Because.", grade=True, solution=True, points=4, kind="markdown"),
        ]
        self.write(self.source / "first/first.ipynb", self.cells)
        self.submitted.mkdir()

    def write(self, path, cells):
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(notebook), "utf8")
        return path

    def hand_in(self, student, **answers):
        """Write a notebook with these answers; the others are right."""
        cells = copy.deepcopy(self.cells)
        for cell in cells:
            mark = cell["metadata"].get("nbgrader", {})
            cell["source"] = answers.get(mark.get("grade_id"), cell["source"])
        return self.write(self.submitted / student / "first/first.ipynb", cells)


HIDDEN_HALF = """assert half(4) == 2
### BEGIN HIDDEN TESTS
assert half(-6) == -3
assert math.isclose(half(1), 0.5)
### END HIDDEN TESTS"""


def notebook_cell(name, source, *, grade=False, solution=False, points=0, kind="code"):
    mark = {"grade_id": name, "grade": grade, "solution": solution, "locked": not solution}
    mark |= {"points": points, "schema_version": 3, "task": False}
    metadata = {"nbgrader": mark} if name else {}
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": name or "x", "metadata": metadata, "source": source, **code}


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)
