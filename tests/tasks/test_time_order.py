"""Rows in order of time: the support ends before the query begins, and nothing goes backwards."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable
from metaxai_lab.tasks.time_order import Timeline


def timeline(time):
    """Two stations of eight and six rows; a row says its own number."""
    number = torch.arange(14.0)
    table = TaskTable(
        number[:, None], number, torch.tensor([0] * 8 + [1] * 6), ("x",), ("A", "B"), "dust"
    )
    return Timeline(table, torch.tensor(time))


@pytest.fixture
def days():
    return timeline([*range(8), *range(3, 9)])


def drawn(days, **more):
    how = {"tasks": [0, 1], "k_support": 2, "n_query": 3, "n_tasks": 40} | more
    return days.draw(**how, generator=seeded(0))


def test_the_query_follows_the_support(days):
    found = drawn(days)
    rows = torch.cat([found.support.x, found.query.x], 1)[..., 0]
    assert torch.equal(rows, rows[:, :1] + torch.arange(5))


def test_a_gap_lies_between_them(days):
    found = drawn(days, gap=1)
    assert bool((found.query.y[:, 0] - found.support.y[:, -1] == 2).all())


def test_all_beginnings_are_drawn_and_no_row_of_another_task(days):
    begun = drawn(days, n_tasks=400).support.y[:, 0]
    assert set(begun.tolist()) == {0.0, 1.0, 2.0, 3.0, 8.0, 9.0}


def test_episodes_begin_where_they_are_asked_to(days):
    found = days.episodes(torch.tensor([1]), torch.tensor([2]), k_support=1, n_query=2)
    assert found.support.y.tolist() == [[10.0]]
    assert found.query.y.tolist() == [[11.0, 12.0]]


def test_time_that_goes_backwards_is_refused_by_its_row():
    with pytest.raises(ValueError, match="row 2 of 'B' has the time 4 after 5, one of 1 such"):
        timeline([*range(8), 3, 5, 4, 6, 7, 8])


def test_a_day_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="row 1 of 'A' has the time 0 after 0"):
        timeline([0, 0, *range(2, 8), *range(3, 9)])


def test_a_query_before_the_end_of_the_support_is_refused(days):
    with pytest.raises(ValueError, match="the gap is 0 rows or more; found -1"):
        drawn(days, gap=-1)


def test_a_task_with_too_few_rows_is_refused(days):
    with pytest.raises(ValueError, match="need 7 rows; task 'B' has 6"):
        drawn(days, k_support=4)


def test_times_that_do_not_count_the_rows_are_refused():
    with pytest.raises(ValueError, match="found 3 times for 14 rows"):
        timeline([0, 1, 2])
