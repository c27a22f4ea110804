"""Environments of Gymnasium among our worlds: what they show is passed on, what is broken named."""

import gymnasium
import numpy as np
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.rl_gymnasium import BrokenWorldError, GymWorlds, how_it_ended


def cartpoles(n):
    return [gymnasium.make("CartPole-v1") for _ in range(n)]


class Nan(gymnasium.Wrapper):
    """Shows a number that is none in its third step."""

    steps = 0

    def step(self, action):
        seen, *rest = self.env.step(action)
        self.steps += 1
        if self.steps == 3:
            seen = np.array([0.0, 0.0, np.nan, 0.0], dtype=np.float32)
        return seen, *rest


def test_a_step_is_gymnasium_s_own():
    worlds, env = GymWorlds(cartpoles(2)), gymnasium.make("CartPole-v1")
    seen = worlds.begin(generator=seeded(0))
    env.reset()
    env.unwrapped.state = worlds.envs[1].unwrapped.state
    step = worlds.step(seen, torch.tensor([0.0, 1.0]), now=0, generator=seeded(1))
    assert torch.equal(step.after[1], torch.as_tensor(env.step(1)[0]))
    assert torch.equal(step.seen, step.after)


def test_one_that_fell_is_reset_and_the_others_go_on():
    worlds = GymWorlds(cartpoles(2))
    seen = worlds.begin(generator=seeded(0))
    worlds.envs[0].unwrapped.state = np.array([0.0, 0.0, 0.205, 2.0])
    step = worlds.step(seen, torch.ones(2), now=0, generator=seeded(1))
    assert step.fell.tolist() == [True, False]
    assert abs(float(step.seen[0, 2])) <= 0.05
    assert torch.equal(step.seen[1], step.after[1])


def test_a_number_that_is_none_is_refused_by_environment_column_and_step():
    worlds = GymWorlds([*cartpoles(1), Nan(gymnasium.make("CartPole-v1"))])
    seen = worlds.begin(generator=seeded(0))
    for now in range(2):
        seen = worlds.step(seen, torch.ones(2), now=now, generator=seeded(1)).seen
    with pytest.raises(BrokenWorldError, match="environment 1 gave nan in column 2 at step 2"):
        worlds.step(seen, torch.ones(2), now=2, generator=seeded(1))


def test_an_environment_of_another_kind_is_refused():
    with pytest.raises(ValueError, match=r"environment 1 should show 4 numbers.*found \(3,\)"):
        GymWorlds([*cartpoles(1), gymnasium.make("Pendulum-v1")])


def test_no_environment_at_all_is_refused():
    with pytest.raises(ValueError, match="found none"):
        GymWorlds([])


def test_the_first_fall_is_named_or_the_limit_that_stopped_it():
    assert how_it_ended(torch.tensor([False, True, True])) == "fell at step 1"
    assert "limit of 3 steps: it did not end by itself" in how_it_ended(torch.zeros(3).bool())
