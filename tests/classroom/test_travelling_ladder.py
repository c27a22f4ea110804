"""Rungs are judged by a model whose Shapley values are known, and by what they pay."""

from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest
import torch

from metaxai_lab.classroom import travelling_ladder as ladder
from metaxai_lab.classroom.real_models import RealModel
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Training, exact_shapley

X = torch.randn(60, 4, generator=seeded(0))
SLOPES = torch.tensor([1.0, -2.0, 0.5, 0.0])


def linear(x):
    return (x @ SLOPES)[..., None]


ONE = RealModel("a, network", "a", "network", linear, X[:5], X[10:20], "units", X[10:], X[10:, 0])


@contextmanager
def small(again):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "network_again", again)
        for name in ("FULL", "FROM_FEW", "WARM"):
            patch.setattr(ladder, name, Training(width=16, steps=60, batch=64))
        patch.setattr(ladder, "MANY", 200)
        patch.setattr(ladder, "FEW", 20)
        yield


@cache
def rungs():
    with small(lambda one, seed: one):
        return ladder.trained_rungs(ONE)


def error(values):
    exact = SLOPES * (ONE.rows - ONE.background.mean(0))
    return float((values - exact).norm() / exact.norm())


def test_questions_are_those_of_the_training_and_one_for_each_row():
    paid = {name: rung.n_queries for name, rung in rungs().items()}
    many, few = 200 * 17 + 1 + 5, 20 * 17 + 1 + 5
    assert paid == {"amortised": many, "amortised, few": few, "warm start, few": few}


def test_a_start_that_was_trained_on_the_same_model_errs_less_with_few_questions():
    assert error(rungs()["warm start, few"].values) < error(rungs()["amortised, few"].values)


def by_labels(one, seed):
    """Learn the slopes that the labels have, as a network would: of column 0, or of none."""
    slopes = torch.linalg.lstsq(one.data, one.labels[:, None]).solution
    return replace(one, model=lambda x: x @ slopes * (SLOPES.norm() / slopes.norm()))


@cache
def controls():
    with small(by_labels):
        return ladder.control_rungs(ONE, seed=0)


def test_a_start_from_labels_in_another_order_errs_more_than_one_from_the_model_itself():
    assert error(controls()["strange start, few"].values) > error(rungs()["warm start, few"].values)


def test_without_a_start_the_control_is_a_training_from_nothing():
    assert torch.equal(controls()["no start, few"].values, rungs()["amortised, few"].values)


def test_controls_pay_for_as_few_questions_as_the_warm_start():
    assert {rung.n_queries for rung in controls().values()} == {20 * 17 + 1 + 5}


def test_a_strange_start_has_the_rows_and_the_labels_in_another_order():
    seen = []
    with small(lambda one, seed: seen.append(one) or one):
        ladder.control_rungs(ONE, seed=0)
    (one,) = seen
    assert torch.equal(one.data, ONE.data)
    assert not torch.equal(one.labels, ONE.labels)
    assert torch.equal(one.labels.sort().values, ONE.labels.sort().values)


def test_what_is_timed_pays_for_its_own_game():
    rung = ladder.timed(lambda game: exact_shapley(game, ONE.rows).values, ONE)
    assert rung.n_queries == 5 * 16
    assert error(rung.values) < 1e-5
    assert rung.seconds >= 0
