"""The environment passes Gymnasium's own checker, and drives the road of the stack."""

import pytest
import torch
from gymnasium.utils.env_checker import check_env

from metaxai_lab.core import seeded
from metaxai_lab.tasks.road import End, draw_roads
from metaxai_lab.tasks.road_env import RoadEnv


def test_it_passes_gymnasiums_checker():
    check_env(RoadEnv(), skip_render_check=True)


def test_it_goes_the_way_of_the_stack():
    roads = draw_roads(1, generator=seeded(3))
    env, trip = RoadEnv(roads), roads.begin()
    env.reset()
    for action in (1, 0, 1):
        seen, *_ = env.step(action)
        trip = trip.after(torch.tensor([action == 1]))
    torch.testing.assert_close(torch.from_numpy(seen[:5]), trip.seen[0])


def test_a_trip_without_braking_ends_and_says_how():
    env = RoadEnv()
    env.reset(seed=0)
    over, n_steps = False, 0
    while not over:
        *_, harmed, cut, told = env.step(0)
        over, n_steps = harmed or cut, n_steps + 1
    assert n_steps <= 80
    assert told["end"] in {end.name for end in End if end}


def test_a_step_after_the_end_is_refused():
    with pytest.raises(RuntimeError, match="this trip is over"):
        RoadEnv().step(0)
