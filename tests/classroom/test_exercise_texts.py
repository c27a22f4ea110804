"""What an assignment takes from a chapter is what that says, whole and without its markup."""

import re
from pathlib import Path

import nbformat
import pytest

from metaxai_lab.classroom.exercise_texts import function_of, told_by, told_in
from metaxai_lab.classroom.exercises import EXERCISES

BOOK = Path(__file__).parents[2] / "book"
TOLD = told_in(BOOK)
OPEN = {"combining_exercises", "combining_judged_exercises"}  # told by plans of assignments
PAGE = """```{exercise-start} A heading
:label: double

(●○○○○, about 5 minutes) Write `double(x)`. Write in JupyterLab (`make lab`), in the cell \
below the task, and take the `#` from its last line.
```

```{dropdown} Hint 1
Once more.
```

```{dropdown} Hint 2
`2 * x`
```"""


@pytest.fixture
def chapter(tmp_path):
    cells = [
        nbformat.v4.new_markdown_cell("# A chapter\n\nWords."),
        nbformat.v4.new_markdown_cell(PAGE),
        nbformat.v4.new_code_cell("def my_double(x):\n    ...\n\n\n# check.double(my_double)"),
        nbformat.v4.new_code_cell("def double(x):\n    return 2 * x\n\n\ncheck.double(double)"),
    ]
    path = tmp_path / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_an_exercise_is_read_from_its_chapter(chapter):
    told = told_by(chapter)["double"]
    assert (told.title, told.chapter) == ("A heading", "A chapter")
    assert told.text == "Write `double(x)`."
    assert told.hints == ("Once more.", "`2 * x`")
    assert told.solution == "def double(x):\n    return 2 * x"


def test_an_exercise_without_a_solution_is_named(chapter):
    notebook = nbformat.read(chapter, as_version=4)
    nbformat.write(nbformat.v4.new_notebook(cells=notebook.cells[:-1]), chapter)
    with pytest.raises(ValueError, match=r"double needs a folded solution; it has none"):
        told_by(chapter)


def test_a_cell_without_the_function_is_named():
    with pytest.raises(ValueError, match=r"the solution of f needs a function of that name"):
        function_of("g = 1", "f")


def test_every_exercise_of_a_chapter_is_told_with_two_hints():
    assert set(TOLD) >= {
        name for name, each in EXERCISES.items() if each.ask.__module__.split(".")[-1] not in OPEN
    }
    assert all(len(told.hints) == 2 for told in TOLD.values())


@pytest.mark.parametrize("name", TOLD)
def test_a_task_that_leaves_its_chapter_keeps_no_markup_of_the_book(name):
    told = TOLD[name]
    words = " ".join([told.title, told.text, *told.hints])
    assert not re.search(r"\{\w+\}`|:label:|```|JupyterLab", words)
    assert told.text
    assert f"def {name}(" in told.solution
