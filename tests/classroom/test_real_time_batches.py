"""Batches: the same values however many are explained together."""

import torch

from metaxai_lab.classroom.real_time_batches import items_a_second, on_device
from metaxai_lab.classroom.travelling_study import Traveller
from metaxai_lab.explainers import CoalitionProcess, exact_shapley, hand_prior


def test_a_network_is_explained_on_a_device_and_counted():
    kept = on_device(Traveller(hand_prior(10), CoalitionProcess(), 0.0, 0.0), torch.device("cpu"))
    rows = torch.randn(3, 10)
    wanted = exact_shapley(kept.game, rows).values
    assert float((kept(rows) - wanted).norm() / wanted.norm()) < 0.5
    rates = items_a_second(kept, (1, 4), repeats=1)
    assert list(rates) == [1, 4]
    assert min(rates.values()) > 0
