import re

from metaxai_lab.classroom.claims import VERDICTS
from metaxai_lab.classroom.in_short import SHORT, THEMES
from metaxai_lab.classroom.statements import STATEMENTS


def test_every_statement_has_a_line_and_one_theme():
    assert list(SHORT) == list(STATEMENTS)
    assert sorted(id for ids in THEMES.values() for id in ids) == sorted(STATEMENTS)


def test_a_line_is_short_and_has_no_number():
    for id, short in SHORT.items():
        assert not re.search(r"\d", short.line), id
        assert len(short.line) <= 85, id
        assert short.line.endswith("."), id
        assert short.state in VERDICTS, id


def test_a_statement_without_a_condition_shows_a_number_of_its_own():
    for id, short in SHORT.items():
        assert bool(short.number) == (short.state != "conditional"), id
        assert not short.number or short.number.startswith(f"{id}."), id
