"""Importance beside the planted truth: three judges by hand, and accounts in the right unit."""

import pytest
import torch

from metaxai_lab.classroom import city_importance as importance
from metaxai_lab.classroom import city_study
from metaxai_lab.classroom.left_out import LEARNED
from metaxai_lab.core import seeded
from metaxai_lab.tasks.small_city import SmallCity

TRUTH = torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 0.0]])


def test_distance_is_a_mean_over_draws_and_columns():
    found = torch.stack([TRUTH + 1, TRUTH - 3], 1)
    assert importance.distance(found, TRUTH).tolist() == [2.0, 2.0]


def test_order_is_that_of_the_columns_at_each_station():
    found = torch.tensor([[[10.0, 20.0, 30.0]], [[1.0, 2.0, 3.0]]])
    assert importance.order(found, TRUTH).tolist() == pytest.approx([1.0, -1.0])


def test_over_stations_each_column_has_its_own_order():
    found = torch.tensor([[[1.0, 5.0, 1.0]], [[9.0, 7.0, 2.0]]])
    assert importance.over_stations(found, TRUTH).tolist() == pytest.approx([1.0, 0.0, -1.0])


def test_dealt_keeps_the_sizes_of_a_station():
    dealt = importance.dealt(TRUTH, 50, generator=seeded(0))
    assert torch.equal(dealt.sort(-1).values, TRUTH.sort(1).values[:, None].expand(-1, 50, -1))
    assert float(importance.order(dealt, TRUTH).abs().max()) < 0.3


@pytest.fixture(scope="module")
def city():
    return SmallCity(n_stations=4, n_days=200, noise=0.0).draw(generator=seeded(0))


@pytest.fixture(scope="module")
def lefts(city):
    parts = [city_study.without(city.timeline(), part, 2) for part in (0, 1)]
    return [city_study.learn(part, seed=0, steps=2) for part in parts]


def test_without_noise_many_own_days_say_the_truth_in_its_unit(city, lefts):
    said = importance.said(lefts, 100, seed=0, generator=seeded(0))
    assert set(said) == {LEARNED, "own ridge", "own lasso", "pooled", "one price", "untrained"}
    apart = importance.distance(said["own ridge"], city.importance())
    assert float(apart.max()) < 0.15


def test_stations_stand_in_order_of_their_numbers(city, lefts):
    said = importance.said(lefts, 100, seed=0, generator=seeded(0))["own ridge"].mean(1)
    assert torch.equal((said - city.importance()[2]).abs().sum(1).argmin(), torch.tensor(2))
    assert torch.equal((said - city.importance()[1]).abs().sum(1).argmin(), torch.tensor(1))


def test_an_untrained_learner_starts_where_the_trained_one_does(lefts):
    found = importance.untrained(lefts[0], seeded(0))
    assert torch.equal(found.start, lefts[0].learner.start)
    assert not found.log_freedom.any()
