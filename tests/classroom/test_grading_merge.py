"""The student's answers, and nothing else of theirs, come into the instructor's notebook."""

from metaxai_lab.classroom.grading_merge import binds, imports, is_answer, merge


def cell(name, source, kind="code", **mark):
    marked = {"nbgrader": {"grade_id": name, **mark}} if name else {}
    return {"cell_type": kind, "source": source, "metadata": marked}


TASK = """## 2. Twice
Do it.
<details><summary>Hint 1</summary>

Add it.

</details>
<details><summary>Hint 2</summary>

`x + x`

</details>"""
OURS = [
    cell("", "import math"),
    cell("task", TASK, "markdown", locked=True),
    cell("a", "def a(): return 1", solution=True),
    cell("test_a", "from lab import more\nassert a() == 1", grade=True, points=2, locked=True),
    cell("why", "So.", "markdown", solution=True, grade=True, points=3),
]


def sources(merged):
    return [(step.kind, step.name, step.source) for step in merged.steps]


def test_answers_are_taken_over_and_tests_are_the_instructors():
    theirs = [
        cell("", "import math"),
        cell("test_a", "pass", grade=True, points=99, locked=True),
        cell("a", "def a(): return 2", solution=True),
        cell("why", "I know.", "markdown", solution=True, grade=True),
    ]
    merged = merge(OURS, theirs)
    assert sources(merged) == [
        ("given", "", "__import__('lab')"),
        ("given", "", "import math"),
        ("answer", "a", "def a(): return 2"),
        ("test", "test_a", OURS[3]["source"]),
    ]
    assert [step.points for step in merged.steps] == [0, 0, 0, 2]
    assert [(w.name, w.points, w.text) for w in merged.written] == [("why", 3, "I know.")]
    assert merged.remarks == ()


def test_a_missing_answer_is_empty_and_never_the_instructors():
    merged = merge(OURS, [])
    assert sources(merged)[2] == ("answer", "a", "")
    assert merged.written[0].text == ""
    assert merged.remarks == ("the cell a is missing.", "the cell why is missing.")


def test_a_test_cell_that_calls_itself_an_answer_stays_the_instructors():
    theirs = [cell("test_a", "pass", solution=True), *OURS[2:3], OURS[4]]
    assert sources(merge(OURS, theirs))[3][2] == OURS[3]["source"]


def test_the_heading_and_the_hints_above_come_with_a_test():
    step = merge(OURS, OURS).steps[-1]
    assert step.title == "Twice"
    assert step.hints == ("Add it.", "`x + x`")


def test_an_answer_may_bind_what_the_instructors_binds():
    assert merge(OURS, OURS).steps[-1].free == ("a",)
    code = "import os\nx, (y, *z) = 1, (2, 3)\nfor i in []: w = 1\ndef f(q): r = 1\nclass C: s = 2"
    assert binds(cell("n", code)) == {"x", "y", "z", "i", "w", "f", "C"}
    assert binds(cell("n", "%magic")) == binds(cell("n", "a = 1", "markdown")) == set()


def test_what_is_imported_is_found_wherever_it_stands():
    code = "import a.b, c\ndef f():\n    from d.e import g"
    assert imports(cell("n", code)) == {"a.b", "c", "d.e"}
    assert imports(cell("n", "(")) == imports(cell("n", code, "markdown")) == set()


def test_an_answer_is_what_a_student_may_write():
    assert is_answer(cell("a", "", solution=True, locked=False))
    assert is_answer(cell("a", "", task=True))
    assert not is_answer(cell("a", "", solution=True, locked=True))
    assert not is_answer(cell("a", "", grade=True))
    assert not is_answer(cell("", ""))
