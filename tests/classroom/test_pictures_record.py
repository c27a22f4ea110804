"""The record beside the page is whole, and says what it does not hold."""

import pytest

from metaxai_lab.classroom.pictures_record import PicturesRecord, stored_pictures


def test_the_stored_record_has_three_seeds_for_each_set():
    record = stored_pictures()
    assert record.sets == ["glyphs", "omniglot", "gtsrb", "caltech101", "bccd", "bccd, never seen"]
    for name in record.sets:
        assert len(record.numbers(name, "accuracy")) == 3
        assert len(record.numbers(name, "accuracy", of="untrained")) == 3
    assert "command" in record.made


def test_what_is_not_stored_is_refused_with_the_command():
    record = PicturesRecord({}, [{"set": "a", "seed": 0, "marks": {"accuracy": 1.0}}])
    with pytest.raises(ValueError, match=r"no 'lift' for 'a'; its sets are a\. Make it anew by"):
        record.numbers("a", "lift")
    with pytest.raises(ValueError, match="no 'accuracy' for 'b'"):
        record.numbers("b", "accuracy")
