"""What nbval leaves unseen in a chapter: stored outputs, alt texts, claims, exercises."""

import re
from pathlib import Path

import nbformat
import pytest

from metaxai_lab.classroom.store import faults

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("*/*.ipynb"))
DRAWN = re.compile(r"<(Figure|PIL)\b")
DIRECTIVE = re.compile(r"^`{3,}\{(exercise|solution)(?:-start)?\}(.*)$(?s:(.*?))^`{3,}$", re.M)

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


def test_a_drawing_is_recognised_by_what_it_leaves():
    picture = {"text/plain": "<Figure size 640x480 with 1 Axes>"}
    output = nbformat.v4.new_output("display_data", data=picture)
    assert draws(nbformat.v4.new_code_cell(outputs=[output]))
    assert not draws(nbformat.v4.new_code_cell(outputs=[]))


def draws(cell):
    shown = [output.get("data", {}) for output in cell.outputs]
    return any("image/png" in data or DRAWN.search(data.get("text/plain", "")) for data in shown)
