"""The record of domains: intervals over tasks, the distance home, what the stored file holds."""

import math

import pytest

from metaxai_lab.classroom import domains_record as record
from metaxai_lab.classroom.record import Record

KEPT = Record(
    {},
    {
        "x, untrained, right": [0.1, 0.2, 0.1, 0.2, 0.1, 0.2],
        "x, transferred, right": [0.3, 0.4, 0.3, 0.4, 0.3, 0.4],
        "x, at home, right": [0.5, 0.6, 0.5, 0.6, 0.5, 0.6],
    },
)


def test_seeds_stand_one_after_the_other():
    assert record.by_seed(KEPT, "x", "untrained", "right") == pytest.approx([0.15] * 3)


def test_transferred_is_halfway_home():
    assert record.way_home(KEPT, "x", "right") == pytest.approx(0.5)


def test_there_is_no_way_where_home_does_not_lead():
    flat = Record({}, KEPT.numbers | {"x, at home, right": [0.1, 0.2] * 3})
    assert math.isnan(record.way_home(flat, "x", "right"))


def test_above_asks_for_the_upper_end_of_the_interval():
    assert record.above(KEPT, "x", "right")
    near = Record({}, KEPT.numbers | {"x, transferred, right": [0.16] * 6})
    assert not record.above(near, "x", "right")  # the interval ends above 0.2


def test_a_row_has_transferred_untrained_and_the_distance_task_by_task():
    ((name, moved, blank, left),) = record.rows(KEPT, ["x"], "right")
    assert (name, left) == ("x", "0.20 [0.20, 0.20]")
    assert moved.startswith("0.35 [")
    assert blank.startswith("0.15 [")


def test_the_stored_file_has_all_parts_and_three_seeds():
    kept = record.whole()
    for name in record.PICTURES:
        for who in ("transferred", "at home", "untrained"):
            assert len(kept[f"{name}, {who}, right"]) == record.LONG.n_tasks * len(record.SEEDS)
            assert len(kept[f"{name}, {who}, faithful"]) == len(kept[f"{name}, {who}, right"])
        assert len(kept[f"{name}, pixels, right"]) == len(kept[f"{name}, untrained, right"])
    for name in record.FAMILIES:
        assert len(kept[f"{name}, at home, found"]) == record.N_TABLES * len(record.SEEDS)
