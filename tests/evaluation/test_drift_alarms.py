"""Alarms: windows by hand and by unfolding, bounds by the share of quiet streams that keep them."""

from math import isnan

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation.drift_alarms import (
    Alarms,
    alarms,
    bound_of,
    mean_shift,
    profile_shift,
    shares_of,
    window_means,
)


def test_a_window_is_the_mean_of_its_items():
    values = torch.randn(3, 30, 2, generator=seeded(0))
    found = window_means(values, 7)
    assert torch.allclose(found[:, 6:], values.unfold(1, 7, 1).mean(-1), atol=1e-5)
    assert bool(found[:, :6].isnan().all())


def test_a_shift_is_counted_in_standard_errors():
    # first four items: mean 0, deviation (4/3)^0.5; the last two: mean 3, in errors of two items
    values = torch.tensor([[[1.0], [-1.0], [1.0], [-1.0], [3.0], [3.0]]])
    found = mean_shift(values, known=4, window=2)
    assert bool(found[0, :4].isnan().all())
    assert float(found[0, 5]) == pytest.approx(3 / ((4 / 3) ** 0.5 / 2**0.5))


def test_half_of_an_explanation_changes_hands():
    values = torch.tensor([[[3.0, -1.0], [-3.0, 1.0], [1.0, 1.0], [-1.0, 3.0]]])
    found = profile_shift(values, known=2, window=1)
    assert found[0, 2:].tolist() == pytest.approx([0.25, 0.5])


def test_signs_and_sizes_do_not_move_a_profile():
    values = torch.rand(1, 40, 5, generator=seeded(1))
    both = torch.cat([values, -3 * values], 1)
    assert float(profile_shift(both, known=40, window=40)[0, -1]) == pytest.approx(0, abs=1e-6)


def test_shares_sum_to_one_and_nothing_has_none():
    assert shares_of(torch.tensor([1.0, 3.0])).tolist() == [0.25, 0.75]
    assert shares_of(torch.zeros(2)).tolist() == [0, 0]


def test_quiet_streams_pass_the_bound_as_seldom_as_was_asked():
    draw = torch.rand(4000, 50, generator=seeded(2)).double()
    bound = bound_of(draw[:2000], kept=0.9)
    assert alarms(draw[2000:], bound).false() == pytest.approx(0.1, abs=0.02)


def test_too_few_quiet_streams_set_no_bound():
    with pytest.raises(ValueError, match="needs more than 50 of them; found 20"):
        bound_of(torch.rand(20, 5), kept=0.98)


def test_first_alarms_before_after_and_never():
    statistic = torch.tensor([[0.0, 2.0, 0.0, 2.0], [0.0, 0.0, 0.0, 2.0], [torch.nan, 0, 0, 0]])
    found = alarms(statistic, 1.0)
    assert found.item.tolist() == [1, 3, torch.inf]
    assert found.false(2) == pytest.approx(1 / 3)
    assert found.false() == pytest.approx(2 / 3)
    assert found.noticed(2, within=2) == pytest.approx(1 / 3)
    assert found.noticed(2, within=1) == 0
    assert found.delay(2) == 1


def test_no_alarm_has_no_delay():
    assert isnan(Alarms(torch.full((3,), torch.inf)).delay(0))


def test_a_window_longer_than_the_stream_is_refused():
    with pytest.raises(ValueError, match="1 to 5 items of this stream; found 6"):
        window_means(torch.zeros(5, 1), 6)
