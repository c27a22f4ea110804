"""Rivals of exact shares in a lesson."""

import torch

from metaxai_lab.classroom.lesson_rivals import additive_shares, lesson_rivals
from metaxai_lab.core import seeded

TABLE = torch.randn(2, 200, 3, generator=seeded(0))
X = TABLE[:, :5]


def adds(x):
    return (2 * x[..., :1] - 3 * x[..., 1:2].relu()) / 1.0


def pairs(x):
    return x[..., :1] * x[..., 1:2]


def test_the_surrogate_finds_what_each_column_adds():
    found = additive_shares(adds, X, TABLE)
    wanted = torch.stack([2 * X[..., 0], -3 * X[..., 1].relu(), 0 * X[..., 2]], -1)
    change = (found - found[:, :1]) - (wanted - wanted[:, :1])
    assert change.abs().max() < 0.3


def test_the_surrogate_knows_nothing_of_pairs():
    found = additive_shares(pairs, X, TABLE).sum(-1)
    assert (found - pairs(X)[..., 0]).abs().mean() > 0.3


def test_the_slope_of_steps_is_zero():
    def steps(x):
        return (x[..., :1].detach() > 0).float()

    found = lesson_rivals(steps, X, TABLE)
    assert not found["slope"].any()
    assert found["LIME"][..., 0].any()


def test_the_slope_of_a_sum_is_its_weight():
    found = lesson_rivals(lambda x: 2 * x[..., :1], X, TABLE)["slope"]
    torch.testing.assert_close(found[..., 0], torch.full((2, 5), 2.0))
