"""The desk: Lindley's waits by hand, no item lost, debts paid, refusals and silences said."""

import pytest
import torch

from metaxai_lab.classroom.real_time_clocks import Level, Simulated
from metaxai_lab.classroom.real_time_service import best_in_time, refusal, row_of, serve
from metaxai_lab.core import seeded
from metaxai_lab.tasks.streams import COLUMNS, arrivals

BEST, CHEAP = Level("best", 3.0), Level("cheap", 1.0)


def served(came, levels=(BEST,), limit=100.0, rows=None, **how):
    rows = torch.zeros(len(came), 10) if rows is None else rows
    return serve(rows, torch.tensor(came).double(), levels, limit=limit, clock=Simulated(), **how)


def test_four_items_by_hand():
    log = served([0.0, 1.0, 2.0, 10.0])
    assert log.delays.tolist() == [3, 5, 7, 3]
    assert (log.lost, log.paid) == (0, {})


def test_it_takes_the_cheaper_level_where_the_best_would_be_late_and_pays_later():
    # at 0 both wait: best for the first would end the second at 4 > 3.5; cheap, then best at 1..4
    log = served([0.0, 0.0], (BEST, CHEAP), limit=3.5, timeout=9.0)
    assert [a.level for a in log.answers] == ["cheap", "cheap"]
    assert log.delays.tolist() == [1, 2]
    assert log.paid == {0: 5.0, 1: 8.0}
    assert log.owed == [1, 2]


def test_the_best_level_in_time_looks_at_all_that_wait():
    levels = (BEST, CHEAP)
    assert best_in_time(levels, 0.0, [0.0], 3.0) is BEST
    assert best_in_time(levels, 0.0, [0.0, 0.0], 3.0) is CHEAP
    assert best_in_time(levels, 0.0, [0.0, 0.0], 4.0) is BEST
    assert best_in_time(levels, 9.0, [0.0], 4.0) is CHEAP  # too late anyway


@pytest.mark.parametrize("seed", range(5))
def test_no_burst_loses_an_item_and_the_limit_holds_where_the_cheapest_is_fast_enough(seed):
    came = arrivals(400, every=6.0, burst=(100, 200), generator=seeded(seed))
    levels = (Level("best", 3.0), Level("middle", 0.6), Level("cheap", 0.01))
    log = served(came.tolist(), levels, limit=7.0, timeout=20.0)
    assert log.lost == 0
    assert sorted(a.item for a in log.answers) == list(range(400))
    assert float(log.delays.max()) <= 7.0 + 1e-9
    assert len(log.paid) == 400 - log.levels()["best"]
    assert log.levels()["middle"] > 0


def test_a_desk_with_little_room_drops_and_it_is_counted():
    log = served([0.0, 0.1, 0.2, 0.3], room=1)
    assert log.lost == 2


def test_an_item_without_a_field_is_refused_by_name_and_answered_at_once():
    rows = torch.zeros(3, 10)
    rows[1, COLUMNS.index("heat")] = rows[1, COLUMNS.index("age")] = torch.nan
    log = served([0.0, 5.0, 10.0], rows=rows)
    assert [a.level for a in log.answers] == ["best", "refused", "best"]
    assert log.answers[1].note == "no answer: the item has no heat and no age. Send it again."
    assert float(log.delays[1]) == 0
    assert log.lost == 0


def test_a_stream_that_pauses_and_one_that_stops_are_reported():
    log = served([0.0, 50.0], timeout=10.0)
    assert log.notes == [
        "no item since 0.00 s; reported at 10.00 s",
        "no item since 50.00 s; reported at 60.00 s",
    ]


def test_rows_come_from_fields_and_unknown_ones_are_refused():
    row = row_of(dict.fromkeys(COLUMNS, 1.0))
    assert refusal(row) == ""
    assert "no speed" in refusal(row_of({"load": 1.0}))
    with pytest.raises(ValueError, match="found colour"):
        row_of({"colour": 1.0})
