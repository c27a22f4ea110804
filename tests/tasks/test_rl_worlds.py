"""Worlds side by side: points of a step, and who keeps the promise."""

import gymnasium
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.rl_gymnasium import GymWorlds
from metaxai_lab.tasks.rl_trials import WiredFamily
from metaxai_lab.tasks.rl_worlds import Step, Worlds


def test_a_step_earns_one_point_and_a_fall_costs_five():
    step = Step(torch.zeros(2, 4), torch.zeros(2, 4), torch.tensor([False, True]))
    assert step.reward.tolist() == [1, -4]


def test_our_carts_and_those_of_gymnasium_keep_the_promise():
    assert isinstance(WiredFamily().draw(2, generator=seeded(0)), Worlds)
    assert isinstance(GymWorlds([gymnasium.make("CartPole-v1")]), Worlds)
    assert not isinstance(gymnasium.make("CartPole-v1"), Worlds)
