"""Rungs are judged by a model whose Shapley values are known, and by what they pay."""

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


@cache
def rungs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "network_again", lambda one, seed: one)
        for name in ("FULL", "FROM_FEW", "WARM"):
            patch.setattr(ladder, name, Training(width=16, steps=60, batch=64))
        patch.setattr(ladder, "MANY", 200)
        patch.setattr(ladder, "FEW", 20)
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


def test_what_is_timed_pays_for_its_own_game():
    rung = ladder.timed(lambda game: exact_shapley(game, ONE.rows).values, ONE)
    assert rung.n_queries == 5 * 16
    assert error(rung.values) < 1e-5
    assert rung.seconds >= 0
