from pathlib import Path

import pytest

from metaxai_lab.classroom.claims import Record
from metaxai_lab.classroom.in_short import SHORT, Short
from metaxai_lab.classroom.ledger import read
from metaxai_lab.classroom.statements import STATEMENTS
from metaxai_lab.classroom.summary import counted, markdown, outdated

BOOK = Path(__file__).parents[2] / "book"
STEPS = "steps saved ≈ 271, wanted at least 10 (3 runs from ≈ 175 to ≈ 271; untrained ≈ 0.5)."
CLAIM = Record("claim", "A3.steps", "holds", STEPS, "concepts/learning")
RECORDS = [
    CLAIM,
    Record("verdict", "A3", "supported", "so it is.", "concepts/learning"),
    Record("verdict", "A12", "refuted", "it is not.", "attention/eq"),
    Record("verdict", "A5", "conditional", "if they share.", "concepts/learning"),
]


@pytest.fixture(scope="module")
def book():
    pages = [p for p in sorted(BOOK.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
    return read(pages)


def test_states_are_counted():
    states = {"A1": "supported", "A2": "conditional", "A3": "conditional"}
    assert counted(states) == (
        "Of 3 statements, the book found **1** supported, **2** conditional and **0** refuted."
    )
    assert counted(states | {"A4": "not yet measured"}).endswith(
        " 1 have no verdict in this build."
    )


def test_a_statement_stands_below_its_state_and_its_theme():
    said = markdown(RECORDS)
    places = [
        said.index(words)
        for words in (
            "**1** supported, **1** conditional and **1** refuted. 29 have no verdict",
            "What holds as it stands",
            '<a href="../concepts/learning.html#verdict-A3">A3</a>: ',
            "What does not hold",
            '<a href="../attention/eq.html#verdict-A12">A12</a>: ',
            "What holds under a condition",
            "**Learning from many tasks**",
            '<a href="../concepts/learning.html#verdict-A5">A5</a>: ',
        )
    ]
    assert places == sorted(places)
    assert "**Attention**" not in said  # none of it is conditional here


def test_a_number_is_shown_with_its_controls_and_leads_to_its_cell():
    said = markdown(RECORDS).replace("\\", "")
    number = (
        '<a href="../concepts/learning.html#claim-A3.steps">steps saved ≈ 271 (untrained ≈ 0.5)'
    )
    assert number in said


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ({"A5": Short("supported", "It does.")}, "in_short says that A5 is supported, its verdict"),
        ({"A3": Short("supported", "So.", "A3.gone")}, "number of A3.gone, which no chapter"),
    ],
)
def test_a_line_that_was_written_for_another_verdict_is_named(lines, words):
    (said,) = outdated(RECORDS, lines)
    assert words in said


def test_a_line_is_not_outdated_where_there_is_no_verdict_yet():
    assert outdated([CLAIM], {"A5": SHORT["A5"], "A12": SHORT["A12"]}) == []


def test_the_stored_chapters_of_this_book_say_what_the_lines_say(book):
    assert outdated(book) == []


def test_every_statement_of_the_stored_chapters_is_on_the_page(book):
    said = markdown(book)
    assert [id for id in STATEMENTS if f'#verdict-{id}">' not in said] == []
    assert "have no verdict" not in said
