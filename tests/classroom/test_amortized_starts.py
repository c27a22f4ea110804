"""Starts are judged by what they begin with and by what each way is asked to spend."""

from functools import cache

import pytest

from metaxai_lab.classroom import amortized_starts as starts
from metaxai_lab.classroom.local_models import local_model
from metaxai_lab.explainers import Training


@cache
def begun():
    return starts.starts_from((1, 2), n_rows=20, training=Training(batch=256, steps=20))


def test_there_are_three_ways_and_one_begins_with_nothing():
    assert set(begun().nets) == set(starts.RATES)
    assert [way for way, net in begun().nets.items() if net is None] == ["scratch"]


def test_without_questions_only_a_start_can_explain():
    found = starts.errors_after(begun(), (101,), 0)
    assert set(found) == {"warm", "reptile"}


@pytest.mark.parametrize("n_queries", [170, 1_000])
def test_no_more_is_asked_than_may_be_spent(n_queries):
    spent = starts.stored(local_model("bc12", steps=20), n_queries, 0).n_queries
    assert 0.95 * n_queries < spent <= n_queries + 1  # the reference is asked once besides


def test_each_model_that_came_later_has_an_error(monkeypatch):
    monkeypatch.setitem(starts.STEPS, 1_000, 2)
    found = starts.errors_after(begun(), (101, 102), 1_000)
    assert {way: len(errors) for way, errors in found.items()} == dict.fromkeys(starts.RATES, 2)


def test_no_model_was_trained_on_the_rows_that_judge():
    first, other = (local_model("bc12", seed=seed, steps=1, n_apart=20) for seed in (1, 101))
    assert first.rows[:20].equal(other.rows[:20])
    seen = {tuple(row) for one in (first, other) for row in one.data.tolist()}
    assert not [row for row in first.rows[:20].tolist() if tuple(row) in seen]
