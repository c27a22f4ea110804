"""Progress is shown in the order of the book, exercise by exercise, and it is escaped."""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from metaxai_lab.classroom.exercise import Exercise
from metaxai_lab.classroom.exercises import EXERCISES
from metaxai_lab.classroom.progress_table import (
    ORDER,
    Row,
    counted,
    html_page,
    html_tables,
    rows,
    text,
    title,
)

BOOK = Path(__file__).parents[2] / "book"
SOME = [
    Row("concepts", "why_explain", "contributions", 1, 5, "2026-05-04T03:02:01+00:00"),
    Row("concepts", "why_explain", "fall", 2, 10),
    Row("local", "amortized", "speed", 3, 20),
]


def test_every_exercise_of_the_book_has_a_row():
    found = rows({"contributions": "2026-05-04T03:02:01+00:00", "gone": "2026-05-04"})
    assert {row.exercise for row in found} == set(EXERCISES)
    assert [row.exercise for row in found if row.first] == ["contributions"]


def test_the_order_is_that_of_the_book():
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text())
    pages = [page["file"] for part in toc["parts"] for page in part["chapters"]]
    mine = [f"{part}/{chapter}" for part, chapter in ORDER]
    chapters = [page for page in pages if not page.startswith("appendix/")]
    assert mine[: len(chapters)] == chapters
    shown = list(dict.fromkeys(row.page for row in rows({})))
    assert shown == [page for page in mine if page in shown]


def test_an_exercise_from_elsewhere_comes_last():
    odd = Exercise("odd", "a task", 1, 5, lambda trial: None)
    found = rows({}, {"odd": odd, "fall": EXERCISES["fall"]})
    assert [row.part for row in found] == ["concepts", "other"]


def test_a_terminal_shows_parts_chapters_and_what_is_passed():
    assert text(SOME).splitlines() == [
        "1 of 3 exercises passed.",
        "",
        "Concepts: 1 of 2",
        "  Why explain                    1 of 2  contributions",
        "",
        "Local: 0 of 1",
        "  Amortized                      0 of 1",
    ]


def test_nothing_is_counted_as_nothing():
    assert counted([]) == "0 of 0"
    assert title("in_real_time") == "In real time"


def test_a_page_says_what_it_is_to_every_reader(tmp_path):
    page = BeautifulSoup(html_page(SOME, site=tmp_path), "html.parser")
    assert page.html["lang"] == "en"
    assert page.title.string == "Progress, Learning to Explain"
    assert [h.get_text() for h in page.find_all("h1")] == ["Progress"]
    assert page.find("progress")["value"] == "1"
    captions = [caption.get_text() for caption in page.find_all("caption")]
    assert captions == ["Concepts: Why explain, 1 of 2", "Local: Amortized, 0 of 1"]
    assert all(head.get("scope") for head in page.find_all("th"))


def test_what_is_passed_is_said_in_words_with_its_day(tmp_path):
    page = BeautifulSoup(html_tables(SOME, site=tmp_path), "html.parser")
    lines = [
        [cell.get_text() for cell in line.find_all(["th", "td"])]
        for line in page.select("tbody tr")
    ]
    assert lines[0] == ["contributions", "1 of 5, 5 minutes", "2026-05-04"]
    assert lines[1] == ["fall", "2 of 5, 10 minutes", "not yet"]


def test_a_chapter_is_linked_where_its_page_was_built(tmp_path):
    (tmp_path / "concepts").mkdir()
    (tmp_path / "concepts" / "why_explain.html").write_text("")
    page = BeautifulSoup(html_page(SOME, site=tmp_path), "html.parser")
    (link,) = page.find_all("a")
    assert link["href"] == (tmp_path / "concepts/why_explain.html").as_uri()


@pytest.mark.parametrize("field", ["part", "chapter", "exercise", "first"])
def test_no_text_can_become_markup(field, tmp_path):
    entry = {"part": "a", "chapter": "b", "exercise": "c", "first": ""} | {field: "<b>x</b>"}
    shown = html_page([Row(**entry, difficulty=1, minutes=1)], site=tmp_path)
    assert "<b>" not in shown
    assert "<B>" not in shown
    assert "&lt;b&gt;" in shown.lower()
