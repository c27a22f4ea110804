"""Latencies: percentiles by hand and by numpy, times of calls whose length is known."""

from time import process_time, sleep

import numpy as np
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation.latency import Latency, percentile, time_calls


def test_percentiles_of_five_by_hand():
    values = torch.tensor([5.0, 1.0, 4.0, 2.0, 3.0])
    wanted = {1: 1, 20: 1, 21: 2, 50: 3, 80: 4, 99: 5, 100: 5}
    assert {p: percentile(values, float(p)) for p in wanted} == wanted


@pytest.mark.parametrize("percent", [1.0, 12.5, 50.0, 99.0, 100.0])
def test_a_percentile_is_that_of_numpy_without_a_line_between(percent):
    values = torch.rand(313, generator=seeded(0))
    theirs = np.percentile(values.numpy(), percent, method="inverted_cdf")
    assert percentile(values, percent) == pytest.approx(float(theirs))


def test_milliseconds_and_calls_a_second():
    found = Latency(torch.tensor([0.004, 0.002]).double(), torch.tensor([0.001, 0.003]).double())
    assert (found.p50, found.p99, found.p99_wall) == pytest.approx((1, 3, 4))
    assert found.throughput == pytest.approx(500)


def test_sleep_is_on_the_wall_and_not_of_the_processor():
    found = time_calls(lambda _: sleep(0.02), range(5), warm_up=1)
    assert float(found.wall.min()) >= 0.02
    assert found.p50 < 10  # the middle one: a call may meet other threads or garbage to collect


def test_work_is_counted_once_for_each_item_and_warming_up_is_not():
    called = []

    def work(item):
        called.append(item)
        begun = process_time()
        while process_time() - begun < 0.01:
            pass

    found = time_calls(work, [7, 8, 9], warm_up=2)
    assert called == [7, 7, 7, 8, 9]
    assert len(found.cpu) == 3
    assert float(found.cpu.min()) >= 0.01


def test_nothing_to_time_and_a_percent_out_of_range_are_refused():
    with pytest.raises(ValueError, match="one item or more; found none"):
        time_calls(len, [])
    with pytest.raises(ValueError, match="found 2 values and 0"):
        percentile(torch.ones(2), 0.0)
