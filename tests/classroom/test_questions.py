import pytest

from metaxai_lab.classroom.claims import Record
from metaxai_lab.classroom.findings import Findings
from metaxai_lab.classroom.questions import (
    FAILS,
    HOLDS,
    OPEN,
    PARTLY,
    Part,
    answered,
    counted,
    share_by_lot,
    share_that_stands,
)
from metaxai_lab.core import seeded


def record(id, said):
    return Record("claim", id, "holds", said, "attention/eq")


BOOK = Findings(
    [
        record("A8.x", "hits ≈ 0.87, wanted at least 0.8 (chance ≈ 0.05)."),
        record("A8.y", "slips <b> ≈ 0.10, wanted at most 0.2 (untrained ≈ 0.90)."),
        record("A8.budget", "seconds ≈ 3, wanted at most 20."),
        record("A8.loose", "hits ≈ 0.87, wanted at least 0.8 (chance ≈ 0.05; lot ≈ 0.85)."),
    ]
)


@pytest.mark.parametrize(
    ("by", "against", "state"),
    [("A8.x", "", HOLDS), ("A8.x", "A8.y", PARTLY), ("", "A8.y", FAILS), ("", "", OPEN)],
)
def test_the_state_of_a_part_follows_from_what_was_measured(by, against, state):
    assert Part("It looks.", "So it does.", by, against).state == state


@pytest.mark.parametrize("blind", ["A8.budget", "A8.loose"])
def test_a_claim_without_a_control_that_misses_does_not_count(blind):
    for named in ((blind, ""), ("A8.x", blind)):
        with pytest.raises(ValueError, match=rf"rests on {blind}: a claim counts if"):
            answered([Part("It looks.", "So it does.", *named)], BOOK)


def test_a_claim_that_nobody_made_does_not_count():
    with pytest.raises(KeyError, match=r"no stored chapter makes the claim 'A8\.z'"):
        answered([Part("It looks.", "So it does.", "A8.z")], BOOK)


def test_an_answer_says_its_conclusion_and_its_numbers_with_links():
    said = answered([Part("It looks.", "If asked *well*.", "A8.x", "A8.y")], BOOK, here="a/b")
    first, *rest = said.splitlines()
    assert first == "**It looks.** This *holds on a condition*. If asked \\*well\\*."
    assert '#claim-A8.x">A8\\.x</a>: hits ≈ 0.87 (chance ≈ 0.05)' in rest[1]
    assert '- for it: <a href="../attention/eq.html#' in rest[1]
    assert "- against it: " in rest[2]
    assert "slips \\<b\\> ≈ 0.10 (untrained ≈ 0.90)" in rest[2]


def test_parts_are_counted_by_state():
    parts = [Part("a", "b", "A8.x"), Part("a", "b", "A8.x"), Part("a", "b")]
    assert counted(parts) == {HOLDS: 2, PARTLY: 0, FAILS: 0, OPEN: 1}


def test_what_stands_is_counted():
    assert share_that_stands([BOOK["A8.x"], BOOK["A8.y"]]) == 1.0
    assert share_that_stands([BOOK["A8.x"], BOOK["A8.loose"]]) == 0.5


def test_by_lot_each_bound_is_asked_about_the_number_of_another():
    pairs = [(BOOK["A8.x"], BOOK["A8.y"]), (BOOK["A8.x"], BOOK["A8.loose"])]
    for seed in range(5):  # 0.87 is not at most 0.2, nor 0.10 at least 0.8; never one's own number
        by_lot = [share_by_lot(pair, generator=seeded(seed)) for pair in pairs]
        assert by_lot == [0.0, 1.0]


def test_the_lot_follows_its_generator():
    found = list(BOOK.values())
    lots = [share_by_lot(found, generator=seeded(seed)) for seed in range(8)]
    assert lots == [share_by_lot(found, generator=seeded(seed)) for seed in range(8)]
    assert len(set(lots)) > 1
