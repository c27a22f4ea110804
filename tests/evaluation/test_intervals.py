"""Intervals of a mean: by exact enumeration, by scipy, and by how often they hold the truth."""

from itertools import product

import pytest
import torch
from scipy.stats import bootstrap, t

from metaxai_lab.core import Score, seeded
from metaxai_lab.evaluation import Interval, interval, lead, t_interval


def drawn(seed, *shape):
    return torch.rand(shape, generator=seeded(seed))


def test_two_units_have_the_three_means_of_all_their_samples():
    # 4 samples of 2 units: means 0, 1/2, 1/2, 1
    samples = sorted(sum(s) / 2 for s in product([0.0, 1.0], repeat=2))
    assert samples == [0, 0.5, 0.5, 1]
    values = torch.tensor([0.0, 1.0])
    wide = interval(values, level=0.6, n_draws=4000, generator=seeded(0))
    assert (wide.mean, wide.low, wide.high) == (0.5, 0, 1)  # a fifth lies in each tail, of a fourth
    narrow = interval(values, level=0.4, n_draws=4000, generator=seeded(0))
    assert (narrow.low, narrow.high) == (0.5, 0.5)


def test_it_is_the_percentile_interval_of_scipy():
    values = drawn(1, 40) ** 2
    found = interval(values, n_draws=20000, generator=seeded(2))
    theirs = bootstrap(
        (values.numpy(),), lambda x, axis: x.mean(axis), n_resamples=20000, method="percentile"
    ).confidence_interval
    assert found.low == pytest.approx(theirs.low, abs=0.005)
    assert found.high == pytest.approx(theirs.high, abs=0.005)


def test_nineteen_of_twenty_hold_the_truth():
    inside = 0
    for seed in range(300):
        found = interval(drawn(seed, 40), n_draws=400, generator=seeded(seed))
        inside += found.low <= 0.5 <= found.high
    assert 0.90 < inside / 300 < 0.98  # deviation 0.013


@pytest.mark.parametrize("n", [2, 5, 40])
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_interval_by_t_is_that_of_scipy(n, level):
    values = drawn(n, n).double()
    scale = values.std().item() / n**0.5
    low, high = t.interval(level, n - 1, loc=values.mean().item(), scale=scale)
    found = t_interval(values, level=level)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)


def test_with_five_tasks_t_holds_the_truth_as_often_as_it_says_and_drawing_anew_less_often():
    by_t = anew = 0
    for seed in range(400):
        values = torch.randn(5, generator=seeded(seed))
        found, drawn_anew = (
            t_interval(values),
            interval(values, n_draws=400, generator=seeded(seed)),
        )
        by_t += found.low <= 0 <= found.high
        anew += drawn_anew.low <= 0 <= drawn_anew.high
    assert 0.92 < by_t / 400 < 0.98  # deviation 0.011
    assert anew / 400 < 0.90


def test_rows_of_a_task_are_one_unit_for_t_too():
    rows = drawn(3, 6, 50)
    found, wanted = t_interval(rows), t_interval(rows.mean(-1))
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), rel=1e-5)


def test_t_refuses_one_unit_and_a_level_out_of_range():
    with pytest.raises(ValueError, match="two units or more"):
        t_interval(torch.ones(1, 9))
    with pytest.raises(ValueError, match="found level 1"):
        t_interval(torch.ones(3), level=1.0)


def test_rows_of_a_task_are_drawn_together():
    tasks = drawn(3, 20).unsqueeze(-1).expand(20, 50)  # rows of a task say the same
    together = interval(tasks, generator=seeded(4))
    alone = interval(tasks.flatten(), generator=seeded(4))
    assert together.mean == pytest.approx(alone.mean)
    assert together.high - together.low > 4 * (alone.high - alone.low)  # seven times, in the mean


def test_a_higher_level_is_wider():
    one, other = (interval(drawn(3, 20), level=p, generator=seeded(4)) for p in (0.5, 0.99))
    assert other.low < one.low < one.mean < one.high < other.high


def test_equal_values_are_sure():
    assert interval(torch.full((5,), 0.25), generator=seeded(0)) == Interval(0.25, 0.25, 0.25)


def test_the_draws_come_from_the_generator():
    one, same, other = (interval(drawn(3, 20), generator=seeded(s)) for s in (1, 1, 2))
    assert one == same != other


def test_it_is_written_with_its_ends():
    assert str(Interval(0.5, 0.25, 0.751)) == "0.50 [0.25, 0.75]"


@pytest.mark.parametrize(("higher", "wanted"), [(True, [0.25, -0.5]), (False, [-0.25, 0.5])])
def test_the_lead_is_over_chance_in_the_direction_that_is_better(higher, wanted):
    score = Score("x", torch.tensor([0.5, 0]), torch.tensor([0.25, 0.5]), higher_is_better=higher)
    assert lead(score).tolist() == wanted


def test_without_chance_there_is_no_lead():
    with pytest.raises(ValueError, match="'x' was made without a chance level"):
        lead(Score("x", torch.zeros(2)))


@pytest.mark.parametrize("values", [torch.ones(1), torch.ones(1, 9), torch.zeros(0)])
def test_less_than_two_units_are_refused(values):
    with pytest.raises(ValueError, match="two units or more"):
        interval(values, generator=seeded(0))


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="found 3, of which 1 have others"):
        interval(torch.tensor([0, 1, torch.nan]), generator=seeded(0))


@pytest.mark.parametrize("knobs", [{"level": 0.0}, {"level": 1.0}, {"n_draws": 0}])
def test_a_level_or_a_count_out_of_range_is_refused(knobs):
    with pytest.raises(ValueError, match=r"level .*, and n_draws"):
        interval(torch.ones(3), **knobs, generator=seeded(0))
