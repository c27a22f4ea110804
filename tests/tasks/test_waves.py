"""Waves: the published ranges, a known function, rows of one column."""

from math import pi

import pytest
import torch

from metaxai_lab.core import Model, seeded
from metaxai_lab.tasks.waves import Waves, draw_waves, waves

SIZE = {"k_support": 5, "n_query": 7, "n_tasks": 4}


def drawn(seed=0, **size):
    return draw_waves(**(SIZE | size), generator=seeded(seed))


def test_a_wave_worked_out_by_hand():
    wave = Waves(torch.tensor([2.0, 3.0]), torch.tensor([0.0, pi / 2]))
    x = torch.tensor([[[pi / 2], [0.0]], [[pi / 2], [0.0]]])
    assert isinstance(wave, Model)
    assert wave(x)[..., 0].flatten().tolist() == pytest.approx([2, 0, 0, -3], abs=1e-6)


def test_amplitudes_phases_and_points_fill_the_published_ranges_evenly():
    some = waves(100_000, generator=seeded(0))
    points = some.draw(k_support=1, n_query=1, generator=seeded(1)).support.x
    for drawn_, low, high in (
        (some.amplitude, 0.1, 5.0),
        (some.phase, 0.0, pi),
        (points, -5.0, 5.0),
    ):
        assert low <= drawn_.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < drawn_.max() <= high
        tenths = drawn_.flatten().histc(10, low, high)
        assert (tenths - 10_000).abs().max() < 5 * 95  # 95 is one standard deviation of a count


def test_targets_are_the_heights_of_the_task_s_own_wave():
    some = waves(4, generator=seeded(0))
    episode = some.draw(k_support=5, n_query=7, generator=seeded(1))
    for part in (episode.support, episode.query):
        assert torch.equal(part.y, some(part.x)[..., 0])
        torch.testing.assert_close(part.y[2], some.task(2)(part.x[2])[..., 0])


def test_episodes_are_stacked_rows_of_one_column():
    episode = drawn()
    assert episode.support.x.shape == (4, 5, 1)
    assert episode.query.y.shape == (4, 7)
    assert episode.query.x.dtype == episode.query.y.dtype == torch.float32


def test_support_and_query_points_differ():
    episode = drawn()
    points = torch.cat([episode.support.x, episode.query.x], 1)[..., 0].sort(1).values
    assert points.diff(dim=1).gt(0).all()


def test_one_seed_draws_the_same_waves_and_another_does_not():
    assert torch.equal(drawn().query.y, drawn().query.y)
    assert not torch.equal(drawn().query.y, drawn(seed=1).query.y)


def test_waves_draw_where_they_lie():
    there = waves(2, generator=seeded(0)).to("meta")
    assert there.draw(k_support=1, n_query=1, generator=seeded(0)).query.y.device.type == "meta"


@pytest.mark.parametrize("size", ["k_support", "n_query", "n_tasks"])
def test_a_size_too_small_is_named(size):
    with pytest.raises(ValueError, match=f"{size} of at least 1; found 0"):
        drawn(**{size: 0})
