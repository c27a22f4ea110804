"""Physics: one step by hand; the columns said to act are those that do."""

from math import pi

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.physics import SYSTEMS, push_cart, see_pendulum, turn_pendulum


def numbers(name, n_tasks=1, seed=0):
    """Draw the physics of some worlds."""
    drawn = {}
    g = seeded(seed)
    for number, (low, high) in SYSTEMS[name].ranges.items():
        drawn[number] = low + (high - low) * torch.rand(n_tasks, 1, generator=g).double()
    return drawn


def test_a_pendulum_worked_out_by_hand():
    # level, at rest, no torque: 3 g / 2 l = 15 a second, in 0.05 s to 0.75
    physics = {"g": torch.tensor([10.0]), "m": torch.tensor([1.0]), "l": torch.tensor([1.0])}
    later = turn_pendulum(torch.tensor([[pi / 2, 0.0]]), torch.tensor([0.0]), **physics)
    assert later[0].tolist() == pytest.approx([pi / 2 + 0.0375, 0.75])


def test_a_pendulum_turns_no_faster_than_the_top_speed():
    physics = {"g": torch.tensor([10.0]), "m": torch.tensor([1.0]), "l": torch.tensor([1.0])}
    state = torch.tensor([[pi / 2, 7.9], [-pi / 2, -7.9]])
    later = turn_pendulum(state, torch.tensor([2.0, -2.0]), **physics)
    assert later[:, 1].tolist() == [8, -8]


def test_a_cart_worked_out_by_hand():
    # upright and at rest, pushed right by 10 N with 1 kg and 0.1 kg
    whole = {"gravity": 9.8, "masscart": 1.0, "masspole": 0.1, "length": 0.5}
    physics = {name: torch.tensor([number]) for name, number in whole.items()}
    later = push_cart(torch.zeros(1, 4), torch.tensor([1.0]), **physics)
    turned = -(10 / 1.1) / (0.5 * (4 / 3 - 0.1 / 1.1))
    moved = 10 / 1.1 - 0.05 * turned / 1.1
    assert later[0].tolist() == pytest.approx([0, 0.02 * moved, 0, 0.02 * turned])


def test_a_cart_pushed_the_other_way_from_the_mirrored_state_is_the_mirror():
    physics = numbers("cartpole", 3)
    state = torch.randn(3, 5, 4, generator=seeded(1)).double()
    action = torch.randint(2, (3, 5), generator=seeded(2)).double()
    later = push_cart(state, action, **physics)
    torch.testing.assert_close(push_cart(-state, 1 - action, **physics), -later)


def test_a_pendulum_shows_the_cosine_and_sine_of_its_angle():
    seen = see_pendulum(torch.tensor([[0.0, 1.5], [pi / 2, -1.0]]))
    assert seen.flatten().tolist() == pytest.approx([1, 0, 1.5, 0, 1, -1], abs=1e-6)


def test_the_columns_of_a_cart_said_to_act_are_those_that_do():
    system, physics = SYSTEMS["cartpole"], numbers("cartpole")
    state = torch.rand(1, 50, 4, generator=seeded(1)).double() - 0.5
    action = torch.zeros(1, 50).double()
    change = system.step(state, action, **physics) - state
    for column in range(5):
        other, pushed = state.clone(), action
        if column == 4:
            pushed = 1 - action
        else:
            other[..., column] += 0.1
        moved = (system.step(other, pushed, **physics) - other - change).abs().amax(1)[0] > 1e-9
        assert moved.tolist() == [column in acts for acts in system.acts]


def test_the_speed_of_a_pendulum_changes_by_its_sine_and_torque_alone():
    # within reach no top speed binds, so two numbers explain the change in every row
    system, physics = SYSTEMS["pendulum"], numbers("pendulum", 40)
    reach = torch.tensor(system.reach).double()
    state = reach * (2 * torch.rand(40, 30, 2, generator=seeded(1)).double() - 1)
    action = 4 * torch.rand(40, 30, generator=seeded(2)).double() - 2
    change = (system.step(state, action, **physics) - state)[..., 1]
    acting = torch.stack([state[..., 0].sin(), action], -1)
    fitted = acting @ torch.linalg.lstsq(acting, change[..., None]).solution
    torch.testing.assert_close(fitted[..., 0], change)
    assert system.acts[2] == (1, 3)


@pytest.mark.parametrize("missing", range(4))
def test_where_a_pendulum_points_next_depends_on_all_that_is_seen(missing):
    # two rows alike but for one column end apart, so none can be left out
    physics = numbers("pendulum")
    state, action = torch.tensor([[[0.6, 1.0]]]).double(), torch.tensor([[1.0]]).double()
    other, torque = state.clone(), action
    match missing:
        case 0:
            other[..., 0] = pi - 0.6  # the same sine
        case 1:
            other[..., 0] = -0.6  # the same cosine
        case 2:
            other[..., 1] = 2.0
        case 3:
            torque = action + 1
    step, see = SYSTEMS["pendulum"].step, SYSTEMS["pendulum"].see
    change = see(step(state, action, **physics)) - see(state)
    apart = (see(step(other, torque, **physics)) - see(other) - change)[0, 0, :2].abs()
    assert apart.min() > 1e-4
    assert all(missing in SYSTEMS["pendulum"].acts[target] for target in (0, 1))
