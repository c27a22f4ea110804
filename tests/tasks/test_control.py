"""Control: every world steps as Gymnasium does, and its episodes hold what a step changes."""

import gymnasium
import jaxtyping
import numpy as np
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.control import ControlFamily
from metaxai_lab.tasks.physics import SYSTEMS

every_system = pytest.mark.parametrize("name", list(SYSTEMS))


def drawn(name="cartpole", seed=0, k_support=5, n_query=7, n_tasks=4, **knobs):
    return ControlFamily(name, **knobs).draw(
        k_support=k_support, n_query=n_query, n_tasks=n_tasks, generator=seeded(seed)
    )


def gymnasium_step(env, state, action):
    """Return what Gymnasium shows one step after `state`."""
    env.reset()
    env.unwrapped.state = np.asarray(state, dtype=np.float64)
    discrete = isinstance(env.action_space, gymnasium.spaces.Discrete)
    move = int(action) if discrete else np.array([action], dtype=np.float32)
    return torch.as_tensor(env.step(move)[0])


def states(name, x):
    """Return the state behind rows of an episode: a pendulum shows no angle."""
    if name == "cartpole":
        return x[..., :4]
    return torch.stack([torch.atan2(x[..., 1], x[..., 0]), x[..., 2]], -1)


@every_system
def test_every_world_steps_as_gymnasium_does(name):
    tasks = ControlFamily(name).tasks(12, generator=seeded(0))
    rows = tasks.draw(k_support=1, n_query=8, generator=seeded(1)).query.x
    state, action = states(name, rows), rows[..., -1]
    later = tasks.system.see(tasks.step(state, action))
    for i in range(12):
        env = tasks.env(i, generator=seeded(2))
        for row in range(8):
            wanted = gymnasium_step(env, state[i, row], action[i, row].item())
            torch.testing.assert_close(later[i, row], wanted, rtol=0, atol=1e-5)


@every_system
@pytest.mark.parametrize("target", [0, 1, 2])
def test_targets_are_the_change_gymnasium_shows_in_the_target_column(name, target):
    tasks = ControlFamily(name, target=target).tasks(3, generator=seeded(0))
    query = tasks.draw(k_support=2, n_query=4, generator=seeded(1)).query
    state = states(name, query.x)
    for i in range(3):
        env = tasks.env(i, generator=seeded(2))
        for row in range(4):
            x = query.x[i, row]
            later = gymnasium_step(env, state[i, row], x[-1].item())
            torch.testing.assert_close(query.y[i, row], (later - x[:-1])[target], rtol=0, atol=1e-5)


@every_system
def test_the_turning_speed_is_asked_where_nothing_else_is_said(name):
    tasks = ControlFamily(name).tasks(1, generator=seeded(0))
    assert tasks.system.columns[tasks.target] == "turning speed"


@every_system
def test_the_truth_marks_the_columns_the_equations_read(name):
    episode = drawn(name)
    marked = {"cartpole": [False, False, True, True, True], "pendulum": [False, True, False, True]}
    assert episode.truth.flatten(0, 1).unique(dim=0).tolist() == [marked[name]]


@every_system
def test_physics_fill_their_ranges_evenly(name):
    physics = ControlFamily(name).tasks(20_000, generator=seeded(0)).physics
    assert set(physics) == set(SYSTEMS[name].ranges)
    for number, (low, high) in SYSTEMS[name].ranges.items():
        tenths = physics[number].histc(10, low, high)
        assert (tenths - 2000).abs().max() < 5 * 42.4  # one standard deviation of a count
        assert tenths.sum() == 20_000


def test_a_range_can_be_changed_and_the_others_stay():
    family = ControlFamily("pendulum", ranges={"g": (9.8, 9.8)})
    physics = family.tasks(50, generator=seeded(0)).physics
    assert physics["g"].tolist() == pytest.approx([9.8] * 50)
    assert physics["m"].std() > 0.2


def env_of(name, seed):
    """Draw a world and return its environment, from one generator."""
    generator = seeded(seed)
    return ControlFamily(name).tasks(1, generator=generator).env(0, generator=generator)


@every_system
def test_an_environment_has_the_physics_of_its_world(name):
    env = env_of(name, 3)
    tasks = ControlFamily(name).tasks(1, generator=seeded(3))
    assert isinstance(env, gymnasium.Env)
    for number, values in tasks.physics.items():
        assert getattr(env.unwrapped, number) == values.item()


@every_system
def test_one_seed_starts_an_environment_the_same_way_and_another_does_not(name):
    def start(seed):
        return env_of(name, seed).reset()[0].tolist()

    assert start(0) == start(0)
    assert start(0) != start(1)


@every_system
def test_an_environment_can_be_driven(name):
    env = env_of(name, 0)
    env.action_space.seed(0)
    seen = env.step(env.action_space.sample())[0]
    assert env.observation_space.contains(seen)
    env.close()


@every_system
def test_episodes_are_stacked_rows_of_what_is_seen_and_the_action(name):
    episode, n_columns = drawn(name), len(SYSTEMS[name].columns)
    assert episode.support.x.shape == (4, 5, n_columns)
    assert episode.query.x.shape == episode.truth.shape == (4, 7, n_columns)
    assert episode.query.y.shape == (4, 7)
    assert episode.query.x.dtype == episode.query.y.dtype == torch.float32


def test_a_cart_is_pushed_left_as_often_as_right():
    pushes = drawn(n_query=10_000, n_tasks=1).query.x[..., -1]
    assert set(pushes.flatten().tolist()) == {0.0, 1.0}
    assert pushes.mean() == pytest.approx(0.5, abs=0.025)


def test_support_and_query_rows_differ():
    episode = drawn()
    rows = torch.cat([episode.support.x, episode.query.x], 1)
    assert (torch.cdist(rows, rows) + 9 * torch.eye(12)).min() > 1e-3


@every_system
def test_worlds_that_differ_give_the_same_row_different_changes(name):
    tasks = ControlFamily(name).tasks(5, generator=seeded(0))
    n_states = len(tasks.system.reach)
    state = torch.full((5, 1, n_states), 0.1)
    later = tasks.step(state, torch.ones(5, 1))[:, 0, -1]
    assert later.sort().values.diff().min() > 1e-5


def test_one_seed_draws_the_same_rows_and_another_does_not():
    assert torch.equal(drawn().query.y, drawn().query.y)
    assert not torch.equal(drawn().query.y, drawn(seed=1).query.y)


def test_worlds_draw_where_they_lie():
    there = ControlFamily().tasks(2, generator=seeded(0)).to("meta")
    assert there.draw(k_support=1, n_query=1, generator=seeded(0)).query.y.device.type == "meta"


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"ranges": {"masspole": (0.5, 0.1)}}, "lower first; found .0.5, 0.1"),
        ({"ranges": {"length": (0.0, 0.1)}}, "two numbers above 0"),
        ({"ranges": {"wind": (1.0, 2.0)}}, "a cartpole has gravity, .* found a range of 'wind'"),
        ({"target": 4}, "a column from 0 to 3 .place, speed, angle, turning speed.; found 4"),
        ({"target": -1}, "a column from 0 to 3 .*; found -1"),
    ],
)
def test_unfit_knobs_are_refused(knobs, said):
    with pytest.raises(ValueError, match=said):
        ControlFamily(**knobs)


def test_an_unknown_system_is_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="one of cartpole, pendulum; found 'rocket'"):
        ControlFamily("rocket")


@pytest.mark.parametrize("size", ["k_support", "n_query", "n_tasks"])
def test_a_size_too_small_is_named(size):
    with pytest.raises(ValueError, match=f"{size} of at least 1; found 0"):
        drawn(**{size: 0})
