import re

import pytest

from metaxai_lab.classroom.answer_parts import A_PARTS, B_PARTS
from metaxai_lab.classroom.findings import stored
from metaxai_lab.classroom.questions import HOLDS, OPEN, counted


@pytest.fixture(scope="module")
def book():
    return stored(without="appendix/questions")


@pytest.mark.parametrize("part", [*A_PARTS, *B_PARTS], ids=lambda part: part.says)
def test_what_a_part_rests_on_was_claimed_and_stands(part, book):
    found = part.rests_on(book)
    assert {f.id for f in found} == {*f"{part.by} {part.against}".split()}
    assert not set(part.by.split()) & set(part.against.split())


@pytest.mark.parametrize("part", [*A_PARTS, *B_PARTS], ids=lambda part: part.says)
def test_a_part_says_no_number_of_its_own(part):
    assert not re.search(r"\d", f"{part.says} {part.so}")
    assert part.says.endswith(".")
    assert part.so.endswith(".")


def test_not_all_parts_are_in_one_state():
    assert counted(A_PARTS)[HOLDS] < len(A_PARTS) / 2
    assert counted(A_PARTS)[OPEN] == 1
    assert counted(B_PARTS)[OPEN] == 0
