"""Refits after a change: errors of known lines by hand, and rows that are of the new world."""

import torch

from metaxai_lab.classroom import real_time_readapt as room
from metaxai_lab.core import Examples
from metaxai_lab.learners.linear_model import LinearModel


class Truth:
    """A learner that is told the weights."""

    def __init__(self, weights):
        self.weights = weights

    def adapt(self, support: Examples) -> LinearModel:
        return LinearModel(self.weights, torch.zeros(len(self.weights)))


def test_new_rows_follow_the_new_weights_and_old_rows_do_not():
    worlds = room.changed(0, 20)
    for rows, low, high in ((worlds.new, 0.0, 0.13), (worlds.old, 1.0, 9.0)):
        left = rows.y - (rows.x @ worlds.truth[..., None])[..., 0]
        assert low <= float(left.square().mean()) < high
    assert worlds.new.x.shape == (20, max(room.SIZES), 10)


def test_errors_are_parts_of_the_variance():
    worlds = room.changed(0, 20)
    exact = room.errors(Truth(worlds.truth), worlds, 8)
    nothing = room.errors(Truth(torch.zeros_like(worlds.truth)), worlds, 8)
    assert float(exact[room.META].max()) == 0
    assert torch.allclose(nothing[room.META], torch.ones(20))


def test_more_rows_help_and_old_ones_harm():
    worlds = room.changed(1, 40)
    judged = {n: room.errors(Truth(worlds.truth), worlds, n) for n in (8, 32)}
    for way in ("ridge, new rows", "lasso, new rows"):
        assert float(judged[32][way].mean()) < float(judged[8][way].mean()) / 3
    mixed = float(judged[32]["ridge, all rows"].mean())
    assert mixed > 5 * float(judged[32]["ridge, new rows"].mean())
