"""What nbval leaves unseen in a chapter: stored outputs, alt texts, claims, exercises."""

import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest

from metaxai_lab.classroom import claim, ledger
from metaxai_lab.classroom.exercises import EXERCISES
from metaxai_lab.classroom.store import faults

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("*/*.ipynb"))
DRAWN = re.compile(r"<(Figure|PIL)\b")
RUNS = r"\d+ [a-z][a-z -]* from (≈ )?\S+ to (≈ )?\S+"
BARE = re.compile(rf", wanted [^(]*( \({RUNS}\))?\.$")
FENCE = re.compile(r"^(`{3,}|:{3,})\{([\w-]+)\} *(.*)\n((?s:.*?))^\1 *$", re.M)

every_chapter = pytest.mark.parametrize(
    "chapter", CHAPTERS, ids=lambda path: str(path.relative_to(BOOK))
)


def cells_of(chapter, kind):
    notebook = nbformat.read(chapter, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def words_of(chapter):
    return "\n\n".join(cell.source for cell in cells_of(chapter, "markdown"))


def test_the_book_has_a_chapter():
    assert CHAPTERS


@every_chapter
def test_nothing_hollows_out_the_comparison(chapter):
    assert faults(nbformat.read(chapter, as_version=4)) == []


@every_chapter
def test_the_cells_of_a_chapter_were_run_once_and_in_order(chapter):
    counts = [c.execution_count for c in cells_of(chapter, "code") if c.source.strip()]
    assert counts == list(range(1, len(counts) + 1)), "run `make store`"


@every_chapter
def test_a_chapter_is_small_enough_to_read_its_diff(chapter):
    assert chapter.stat().st_size < 150_000, "run `make store`"


@every_chapter
def test_a_figure_says_in_words_what_it_shows(chapter):
    for cell in cells_of(chapter, "code"):
        if draws(cell):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= 5, f"an alt text in words is missing:\n{cell.source}"


@every_chapter
def test_a_cell_whose_figure_has_a_name_shows_nothing_else(chapter):
    """Else everything that it shows gets that name, and the strict build stops."""
    for cell in cells_of(chapter, "code"):
        if name_of_figure(cell):
            shown = [output for output in cell.outputs if is_shown(output)]
            assert len(shown) == 1, f"{name_of_figure(cell)}: give the other outputs a cell"


def test_no_two_figures_of_the_book_have_one_name():
    cells = [cell for chapter in CHAPTERS for cell in cells_of(chapter, "code")]
    names = [name for cell in cells if (name := name_of_figure(cell))]
    assert sorted(names) == sorted(set(names))


def name_of_figure(cell):
    return cell.metadata.get("mystnb", {}).get("figure", {}).get("name")


def is_shown(output):  # glue that shows nothing has no text and no picture
    return any(kind.startswith(("text/", "image/")) for kind in output.get("data", {}))


def test_a_drawing_is_recognised_by_what_it_leaves():
    picture = {"text/plain": "<Figure size 640x480 with 1 Axes>"}
    output = nbformat.v4.new_output("display_data", data=picture)
    assert draws(nbformat.v4.new_code_cell(outputs=[output]))
    assert not draws(nbformat.v4.new_code_cell(outputs=[]))


@every_chapter
def test_the_code_of_a_question_is_folded_since_it_holds_the_answer(chapter):
    for cell in cells_of(chapter, "code"):
        if "PredictThenReveal(" in cell.source and "import" not in cell.source:
            assert "hide-input" in cell.metadata.get("tags", []), cell.source
            assert cell.metadata.get("jupyter", {}).get("source_hidden"), cell.source


@every_chapter
def test_no_claim_is_folded_away(chapter):
    for cell in cells_of(chapter, "code"):
        if "hide-input" in cell.metadata.get("tags", []):
            assert not re.search(r"^claim\(", cell.source, re.M), cell.source


def draws(cell):
    shown = [output.get("data", {}) for output in cell.outputs]
    return any("image/png" in data or DRAWN.search(data.get("text/plain", "")) for data in shown)


@every_chapter
def test_a_chapter_claims_something(chapter):
    assert re.search(r"^claim\(", "\n".join(c.source for c in cells_of(chapter, "code")), re.M)


@every_chapter
def test_each_claim_has_a_control_that_had_to_miss_its_bound(chapter):
    found = [record for record in ledger.read([chapter]) if record.kind == "claim"]
    bare = [str(record) for record in found if BARE.search(record.sentence)]
    assert not bare, "what would come out if this meant nothing? `claim(..., control={...})`"


@pytest.mark.parametrize("runs", [(), (0.8, 0.9)])
@pytest.mark.parametrize(("control", "bare"), [({}, True), ({"by chance": 0.1}, False)])
def test_a_claim_with_nothing_but_its_runs_beside_it_is_bare(capsys, runs, control, bare):
    claim("A8.some", 0.9, at_least=0.5, what="some (of all)", spread=runs, control=control)
    assert bool(BARE.search(capsys.readouterr().out.strip())) == bare


# Exercises: {exercise} with the label of its check, two {dropdown} hints, a folded {solution}


@every_chapter
def test_each_exercise_is_followed_by_two_hints_and_a_folded_solution(chapter):
    steps = exercise_steps(chapter)
    assert steps or chapter.parent.name == "appendix", "a chapter has exercises"
    for step in steps:
        kinds = [kind for kind, *_ in step]
        assert kinds == ["exercise", "dropdown", "dropdown", "solution"], step
        assert step[-1].name == step[0].label, f"the solution of {step[0].label} follows it"
        assert "dropdown" in step[-1].text, f"the solution of {step[0].label} is folded"


@every_chapter
def test_an_exercise_says_how_hard_it_is_and_how_long_it_takes(chapter):
    for exercise, *_ in exercise_steps(chapter):
        told = str(EXERCISES[exercise.label]).partition(":")[0].partition(" ")[2]
        assert told in exercise.text, f"{exercise.label} is {told}"


@every_chapter
def test_the_solution_of_an_exercise_is_put_to_its_check(chapter):
    code = "\n".join(c.source for c in cells_of(chapter, "code"))
    checked = re.findall(r"^check\.(\w+)\(", code, re.M)  # a comment checks nothing
    assert set(checked) == {exercise.label for exercise, *_ in exercise_steps(chapter)}


@every_chapter
def test_an_exercise_has_a_cell_to_write_in_before_its_folded_solution(chapter):
    code = cells_of(chapter, "code")
    for exercise, *_ in exercise_steps(chapter):
        asks = [f"# check.{exercise.label}(" in c.source for c in code]
        solves = [f"\ncheck.{exercise.label}(" in c.source for c in code]
        assert asks.index(True) < solves.index(True), exercise.label
        assert "raise NotImplementedError  # your code" in code[asks.index(True)].source
        assert code[solves.index(True)].metadata["jupyter"]["source_hidden"], exercise.label


class Block(NamedTuple):
    """A directive in the words of a chapter: what it is, what it is called, what it says."""

    kind: str
    name: str
    text: str

    @property
    def label(self):
        return re.search(r"^:label: *(\S+)", self.text, re.M)[1]


def exercise_steps(chapter):
    """Return for each exercise its blocks: the task, the hints, the solution."""
    blocks = [
        Block(m[2].removesuffix("-start"), m[3], m[4]) for m in FENCE.finditer(words_of(chapter))
    ]
    told = {"exercise": "", "dropdown": "Hint", "solution": ""}
    kept = [b for b in blocks if b.kind in told and b.name.startswith(told[b.kind])]
    starts = [i for i, block in enumerate(kept) if block.kind == "exercise"]
    return [kept[a:b] for a, b in pairwise([*starts, len(kept)])]
