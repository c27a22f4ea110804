"""The stored record of the printed equations: it has three seeds, and a way to be made anew."""

import pytest

from metaxai_lab.classroom import printed_record


@pytest.mark.parametrize("form", ["glyphs, printed", "omniglot, labels", "omniglot, inputs"])
def test_the_record_beside_the_page_has_marks_of_three_seeds(form):
    found = printed_record.stored()[form]
    assert len(found) == len(printed_record.SEEDS)
    assert all(0 <= marks["mass"] <= 1 for marks in found)


def test_a_record_that_is_missing_is_refused_with_the_command(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"classroom\.printed_record FILE"):
        printed_record.stored(tmp_path / "none.json")
