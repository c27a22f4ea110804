"""Two clocks: the simulated one takes what was planned, the true one what it takes."""

import torch

from metaxai_lab.classroom.real_time_clocks import Level, OnTheWall, Simulated


def test_a_simulated_clock_moves_by_work_and_never_back():
    clock = Simulated()
    clock.work(Level("one", 0.5), torch.zeros(1))
    clock.wait(0.25)
    assert clock.now() == 0.5
    clock.wait(2.0)
    assert clock.now() == 2.0


def test_the_true_clock_sleeps_and_works():
    seen = []
    clock = OnTheWall()
    clock.wait(0.02)
    assert clock.now() >= 0.02
    clock.wait(0.0)  # is past
    clock.work(Level("one", 9.0, seen.append), torch.arange(3.0))
    assert seen[0].tolist() == [[0, 1, 2]]
    assert clock.now() < 9
