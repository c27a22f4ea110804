"""The stored record: all stations and hours, and what is read is what was written."""

import json

import pytest

from metaxai_lab.classroom import city_record as record
from metaxai_lab.classroom.left_out import LEARNED


@pytest.mark.parametrize(("name", "n_units"), [("Beijing", 12), ("bicycles", 24)])
def test_every_station_and_hour_was_left_out(name, n_units):
    assert len(record.stored(name).of(LEARNED, 10)) == n_units


def test_beijing_and_its_shuffled_rows_are_not_mixed_up(tmp_path):
    place = tmp_path / "record.json"
    numbers = {
        f"{name}, {LEARNED}, {k}": [float(i), float(k)]
        for i, name in enumerate(("Beijing", "Beijing, shuffled"))
        for k in (5, 10, 20, 50)
    }
    place.write_text(json.dumps({"made": {}, "numbers": numbers}))
    assert record.stored("Beijing", place).of(LEARNED, 20).tolist() == [0.0, 20.0]
    assert record.stored("Beijing, shuffled", place).of(LEARNED, 20).tolist() == [1.0, 20.0]
    assert list(record.stored("Beijing", place).errors) == [LEARNED]


def test_a_set_that_was_not_stored_is_refused():
    with pytest.raises(ValueError, match="nothing of 'London'; it holds Beijing"):
        record.stored("London")
