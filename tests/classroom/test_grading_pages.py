"""A page of feedback says what was right and what to do, and runs nothing that was handed in."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from metaxai_lab.classroom.grading import Graded, Outcome
from metaxai_lab.classroom.grading_merge import Written
from metaxai_lab.classroom.grading_pages import HIDDEN, page, page_name, write_pages
from metaxai_lab.classroom.grading_steps import Ran, Step


def tested(ran, **more):
    return Outcome(Step("test", "a-check", "assert secret", 2.0, title="Twice", **more), ran)


def one(*tests, **more):
    return Graded("ann", "first", tests, **more)


def words(graded):
    return " ".join(BeautifulSoup(page("ann", [graded]), "html.parser").main.get_text(" ").split())


def test_what_is_right_is_said_with_its_points():
    said = words(one(tested(Ran(True, printed="a is right: 2 values hold.\n"))))
    assert "first : 2 of 2 points for code first 2 of 2 points for code." in said
    assert "Twice: 2 of 2 ✓ right a-check , 2 of 2 a is right: 2 values hold." in said


@pytest.mark.parametrize(
    ("ran", "sentence"),
    [
        (Ran(False, "NotYet", "a, not yet: You square."), "a, not yet: You square."),
        (Ran(False, "AssertionError", ""), HIDDEN),
        (Ran(False, "AssertionError", "not twice"), "not twice"),
        (Ran(False, "NotImplementedError", ""), "Nothing is written here yet."),
        (Ran(False, "stopped", "stopped after 20 s"), "Stopped after 20 s."),
        (Ran(False, "NameError", "no x", line=2), "NameError : no x"),
        (Ran(False, "KeyError", "x", culprit="twice"), "KeyError in twice : x"),
        (Ran(False, "AssertionError", "", culprit="twice"), "AssertionError in twice"),
        (Ran(False, "NotImplementedError", culprit="b"), "Nothing is written in b yet."),
    ],
)
def test_what_is_not_right_is_answered_with_its_sentence_and_hints(ran, sentence):
    said = words(one(tested(ran, hints=("Add.", "Twice."))))
    assert f"Twice: 0 of 2 ✗ not yet a-check , 0 of 2 {sentence} Hint 1 Add. Hint 2 Twice." in said
    assert "secret" not in said


def test_a_hint_shows_its_code_emphasis_and_formulas_and_nothing_else():
    hint = "Not *one*: `2 * x * y` of $0.5$, 2 * 3 * 4. `<b>` <i>[a](b)</i>"
    shown = page("ann", [one(tested(Ran(False), hints=(hint,)))])
    assert (
        "<p>Not <em>one</em>: <code>2 * x * y</code> of <em>0.5</em>, 2 * 3 * 4. "
        "<code>&lt;b&gt;</code> &lt;i&gt;[a](b)&lt;/i&gt;</p>"
    ) in shown


def test_a_failed_answer_a_written_one_and_a_cell_that_is_missing_are_told():
    step = Step("answer", "a", "", title="Twice")
    failed = (Outcome(step, Ran(False, "SyntaxError", "bad", line=3)),)
    written = (Written("why", 4.0, "Because."), Written("how", 1.0, ""))
    remarks = ("the cell a is missing.", "look at the code: it uses gc.")
    said = words(one(failed=failed, written=written, remarks=remarks))
    assert "Twice: 0 of 0 Your answer did not run. SyntaxError : bad (line 3 of the cell)" in said
    assert "The cell a is missing." in said
    assert "gc" not in said
    assert "why To be read by your teacher, 4 points. Because." in said
    assert "(nothing written)" in said


def test_what_could_not_be_graded_says_why():
    assert "Not graded: first.ipynb is missing." in words(
        one(graded=False, remarks=("first.ipynb is missing.",))
    )


EVIL = "<script>alert(1)</script><img src=x onerror=y>\x1b[2J\u202e"


def test_nothing_that_was_handed_in_becomes_a_part_of_the_page():
    told = one(
        tested(Ran(True, printed=EVIL)),
        tested(Ran(False, EVIL, EVIL, culprit=EVIL)),
        failed=(Outcome(Step("answer", EVIL, "", title=EVIL), Ran(False, "NotYet", EVIL)),),
        written=(Written(EVIL, 1.0, EVIL),),
        remarks=(f"{EVIL} is missing.",),
    )
    html = page(EVIL, [replace(told, assignment=EVIL), one(graded=False, remarks=(EVIL,))])
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.find_all(["script", "img", "link"])
    assert [link["href"] for link in soup.find_all("a")] == ["#a0", "#a1"]
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "default-src 'none'" in html


def test_every_student_has_a_page_below_the_folder(tmp_path):
    names = ["ann", "Ann", "../../up", "a/b", "..", "", "x" * 300, "<b>", "\udcff", "李", "-rf"]
    written = write_pages(tmp_path, [replace(one(), student=name) for name in names])
    assert set(written) == set(names)
    places = {path.resolve() for path in written.values()}
    assert len({place.name.casefold() for place in places}) == len(names)
    assert {place.parent for place in places} == {tmp_path.resolve()}
    assert all(place.is_file() for place in places)


def test_a_plain_name_is_kept():
    assert page_name("ann_2", set()) == "ann_2"
    assert page_name("ann_2", {"ann_2"}) != "ann_2"


def test_the_page_has_a_language_a_title_and_a_way_to_be_dark():
    html = page("ann", [one()])
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html["lang"] == "en"
    assert soup.title.get_text() == soup.h1.get_text() == "Feedback for ann"
    assert "prefers-color-scheme: dark" in html
