"""Streams: what changes and what does not, by enumeration over kinds; schedules by their waits."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.streams import COLUMNS, KINDS, RAMP, WORLDS, arrivals, draw_streams

START = 400


def drawn(kind, seed=0, **how):
    return draw_streams(kind, n_runs=40, generator=seeded(seed), **how)


@pytest.mark.parametrize("kind", KINDS)
def test_before_the_change_every_kind_is_the_quiet_one(kind):
    quiet, other = drawn("quiet"), drawn(kind)
    assert torch.equal(quiet.x[:, :START], other.x[:, :START])
    assert torch.equal(quiet.weights[:, :START], other.weights[:, :START])
    assert torch.allclose(quiet.y[:, :START], other.y[:, :START], atol=1e-6)


def test_other_columns_take_the_same_weights_and_none_acts_twice():
    found = drawn("other columns")
    before, after = found.weights[:, START - 1], found.weights[:, START]
    assert not ((before != 0) & (after != 0)).any()
    assert torch.equal(before.sort(-1).values, after.sort(-1).values)
    assert ((after != 0).sum(-1) == WORLDS.n_relevant).all()


def test_a_slow_change_is_half_done_after_half_its_items():
    found = drawn("slowly")
    before, after = found.weights[:, 0], found.weights[:, -1]
    half = found.weights[:, START + RAMP // 2 - 1]
    assert torch.allclose(half, (before + after) / 2, atol=1e-6)


def test_signs_turn_and_the_level_rises_by_one():
    turned, risen, quiet = drawn("signs turn"), drawn("level"), drawn("quiet")
    assert torch.equal(turned.weights[:, START], -turned.weights[:, START - 1])
    assert torch.allclose(risen.y[:, START:], quiet.y[:, START:] + 1, atol=1e-5)
    assert torch.equal(risen.x, quiet.x)


@pytest.mark.parametrize(("kind", "acts"), [("unused column", False), ("used column", True)])
def test_one_column_rises_by_a_deviation_and_acts_or_not(kind, acts):
    moved = drawn(kind).x - drawn("quiet").x
    at = moved[:, -1].argmax(-1)
    assert torch.allclose(moved[:, START:].sum(-1), torch.ones(()), atol=1e-5)
    weights = drawn(kind).weights[:, 0].gather(1, at[:, None])
    assert bool((weights != 0).all()) == acts


def test_a_burst_comes_ten_times_as_fast_and_silence_is_added():
    times = arrivals(9000, every=0.5, burst=(3000, 6000), silence=(8000, 60.0), generator=seeded(0))
    waits = times.diff(prepend=torch.zeros(1).double())
    assert float(waits[:3000].mean()) == pytest.approx(0.5, rel=0.08)
    assert float(waits[3000:6000].mean()) == pytest.approx(0.05, rel=0.08)
    assert 60 < float(waits[8000]) < 70
    assert bool((waits > 0).all())


def test_a_kind_that_is_unknown_and_a_start_outside_are_refused():
    with pytest.raises(ValueError, match=r"kinds are quiet, .* found 'storm'"):
        drawn("storm")
    with pytest.raises(ValueError, match="start=600"):
        drawn("level", start=600)
    assert len(COLUMNS) == 10
