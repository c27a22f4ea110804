"""The stored record: every explainer, watcher and refit, one number for each seed."""

import pytest

from metaxai_lab.classroom import real_time_record as record
from metaxai_lab.classroom.real_time_readapt import META, SIZES
from metaxai_lab.classroom.record import Record
from metaxai_lab.tasks.streams import KINDS


def test_every_point_has_times_and_errors_of_three_models():
    kept = record.whole()
    assert ("exact", 1024) in record.points(kept)
    assert ("travelling, adapted", 38) in record.points(kept)
    for name, n in record.points(kept):
        for what in ("p50", "p99", "error"):
            assert len(kept[f"{name}, {n}, {what}"]) == len(record.SEEDS)
        assert kept.mean(f"{name}, {n}, p50") <= kept.mean(f"{name}, {n}, p99")


@pytest.mark.parametrize("kind", list(KINDS)[1:])
def test_every_kind_was_watched_with_every_seed(kind):
    assert len(record.whole()[f"explanations, {kind}, noticed"]) == len(record.SEEDS)


def test_every_number_of_rows_was_refitted():
    for n in SIZES:
        assert len(record.whole()[f"{META}, {n} rows"]) == len(record.SEEDS)


def test_points_are_read_from_names_that_hold_a_comma():
    kept = Record({}, {"KernelSHAP, kept, 38, p99": [1.0], "exact, 1024, p99": [2.0]})
    assert record.points(kept) == [("KernelSHAP, kept", 38), ("exact", 1024)]
