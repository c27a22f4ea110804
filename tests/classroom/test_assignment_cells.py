"""The cells of an assignment carry the marks that nbgrader reads."""

import nbformat

from metaxai_lab.classroom import assignment_cells as cells
from metaxai_lab.classroom.assignment_plans import Item, Written

ITEM = Item("gini", 2, 3, "return (torch.randn(8, generator=g),)")
ASKED = Written("Why?", "Say why.", 4, 10, ("1 point for a reason", "3 points for a test"), "So.")
SOLUTION = "def gini(values):\n    def inside():\n        return 1\n\n    return inside()"


def mark(cell):
    return {key: cell.metadata.nbgrader[key] for key in ("grade", "solution", "locked")}


def test_a_solution_is_between_marks_and_its_first_line_is_not():
    cell = cells.answer("gini", SOLUTION)
    lines = cell.source.splitlines()
    assert lines[:2] == ["def gini(values):", "    ### BEGIN SOLUTION"]
    assert lines[-1] == "    ### END SOLUTION"
    assert mark(cell) == {"grade": False, "solution": True, "locked": False}


def test_a_check_and_the_further_values_have_their_own_points():
    visible, hidden = cells.checked(ITEM), cells.tried(ITEM, [SOLUTION], (1, 2))
    assert visible.source.endswith("\ncheck.gini(gini)")
    assert [each.metadata.nbgrader.points for each in (visible, hidden)] == [2, 3]
    assert mark(hidden) == {"grade": True, "solution": False, "locked": True}
    assert "seeds=(1, 2)" in hidden.source


def test_all_but_a_remark_of_the_further_values_is_hidden():
    before, _, rest = cells.tried(ITEM, [SOLUTION], (1,)).source.partition("### BEGIN HIDDEN TESTS")
    assert before == f"{cells.MORE}\n"
    assert rest.endswith("### END HIDDEN TESTS")


def test_the_hidden_code_replaces_no_name_of_a_student():
    right = "def gini(values):\n    sizes = values.abs().sort().values\n" + (
        "    places = 2 * torch.arange(1, len(values) + 1) - len(values) - 1\n"
        "    return (places * sizes).sum() / (len(values) * sizes.sum())"
    )
    names = {"right": 1, "draw": 2, "comb": 3}
    exec(f"import torch\n\n{right}", names)
    before = dict(names)
    exec(cells.tried(ITEM, [right], (1,)).source, names)
    assert {name: names[name] for name in before} == before
    assert set(names) - set(before) == {"_tried"}


def test_an_answer_in_words_is_graded_by_hand_and_hides_its_model_and_rubric():
    cell = cells.written(ASKED)
    assert mark(cell) == {"grade": True, "solution": True, "locked": False}
    assert cell.source.startswith("### BEGIN SOLUTION\nSo.")
    assert "- 3 points for a test\n### END SOLUTION" in cell.source
    assert cell.metadata.nbgrader.points == 4


def test_a_cell_is_called_as_it_is_marked_and_notebooks_allow_that():
    made = [cells.answer("mass_in_mask", SOLUTION), cells.opened(), cells.written(ASKED)]
    assert [cell.id for cell in made] == ["mass_in_mask", "imports", "written"]
    assert [cell.metadata.nbgrader.grade_id for cell in made] == [cell.id for cell in made]
    nbformat.validate(nbformat.v4.new_notebook(cells=made))
