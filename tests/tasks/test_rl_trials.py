"""Carts with hidden wiring: they step as Gymnasium's do, and both rounds begin alike."""

import math

import numpy as np
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.rl_trials import NARROW, WiredFamily
from metaxai_lab.tasks.rl_worlds import FALL_COST, HALF


def carts(n=6, seed=0, **knobs):
    return WiredFamily(**knobs).draw(n, generator=seeded(seed))


def test_every_world_steps_as_gymnasium_does_with_its_wiring():
    worlds = carts(n=8, gust=0.0)
    state = worlds.begin(generator=seeded(1))
    envs = [worlds.env(i, generator=seeded(2)) for i in range(8)]
    for env, one in zip(envs, state, strict=True):
        env.unwrapped.state = one.double().numpy()
    for now in range(4):
        push = (torch.arange(8) + now).remainder(2).float()
        state = worlds.push(state, push, torch.zeros(8))
        shown = [env.step(int(p))[0] for env, p in zip(envs, push, strict=True)]
        torch.testing.assert_close(state, torch.tensor(np.stack(shown)), rtol=0, atol=1e-5)


def test_a_gust_of_gymnasium_s_cart_is_the_one_of_the_batch():
    worlds = carts(n=1, gust=1.5)
    env = worlds.env(0, generator=seeded(3))
    state = torch.tensor(env.unwrapped.state, dtype=torch.float32)[None]
    wind = np.random.Generator(np.random.PCG64())
    wind.bit_generator.state = env.unwrapped.np_random.bit_generator.state
    drawn = torch.tensor([wind.standard_normal()], dtype=torch.float32)
    later = worlds.push(state, torch.ones(1), drawn)
    torch.testing.assert_close(later[0], torch.tensor(env.step(1)[0]), rtol=0, atol=1e-5)


def test_a_reversed_push_is_the_other_push():
    plain = carts(gust=0.0, reversed_share=0.0)
    turned = carts(gust=0.0, reversed_share=1.0)
    state = plain.begin(generator=seeded(1))
    right, left = torch.ones(6), torch.zeros(6)
    still = torch.zeros(6)
    assert torch.equal(plain.push(state, right, still), turned.push(state, left, still))
    assert not torch.equal(plain.push(state, right, still), turned.push(state, right, still))


def test_about_half_of_the_worlds_are_reversed():
    assert abs(float(carts(n=2000).sign.mean())) < 0.08


def test_the_force_that_was_felt_is_push_and_gust_together():
    worlds = carts(gust=1.0)
    state = worlds.begin(generator=seeded(1)) + torch.tensor([0.0, 0.0, 0.1, 2.0])
    wind = torch.linspace(-2, 2, 6)
    after = worlds.push(state, torch.ones(6), wind)
    felt = worlds.felt(state[:, None], after[:, None])[:, 0]
    torch.testing.assert_close(felt, worlds.sign * worlds.force + wind, rtol=0, atol=1e-3)


def test_evidence_is_the_ratio_of_two_normal_densities():
    worlds = carts(n=3, forces=(0.8, 0.8), gust=1.3)
    felt, action = torch.tensor([[-0.5], [0.4], [2.0]]), torch.tensor([[1.0], [0.0], [1.0]])
    call = 0.8 * (2 * action - 1)
    wind = torch.distributions.Normal(0.0, 1.3)
    wanted = wind.log_prob(felt - call) - wind.log_prob(felt + call)
    torch.testing.assert_close(worlds.evidence(action, felt), wanted)


def test_evidence_by_hand():
    worlds = carts(n=1, forces=(0.8, 0.8), gust=1.0)
    found = worlds.evidence(torch.ones(1, 1), torch.tensor([[-0.5]]))
    assert float(found) == pytest.approx(-0.8)


def test_without_gusts_there_is_no_evidence_to_weigh():
    with pytest.raises(ValueError, match="one step settles"):
        carts(gust=0.0).evidence(torch.ones(6, 1), torch.ones(6, 1))


def test_a_fall_costs_and_sets_the_cart_up_anew():
    worlds = carts(gust=0.0)
    tipped = torch.tensor([[0.0, 0.0, 0.3, 0.0]]).repeat(6, 1)
    step = worlds.step(tipped, torch.ones(6), now=0, generator=seeded(0))
    assert step.fell.all()
    assert step.reward.tolist() == [1 - FALL_COST] * 6
    assert bool((step.seen.abs() <= torch.tensor(NARROW)).all())
    assert bool((step.after[:, 2] > 0.2).all())


def test_at_the_half_every_cart_is_set_up_anew_without_a_fall():
    worlds = carts(gust=0.0)
    state = torch.tensor([[1.0, 0.0, 0.0, 0.0]]).repeat(6, 1)
    before = worlds.step(state, torch.ones(6), now=HALF - 2, generator=seeded(0))
    half = worlds.step(state, torch.ones(6), now=HALF - 1, generator=seeded(0))
    assert torch.equal(before.seen, before.after)
    assert bool((half.seen[:, 0].abs() <= NARROW[0]).all())
    assert not half.fell.any()


def test_who_is_told_sees_the_sign_and_nothing_else_changes():
    told, plain = carts(told=True), carts()
    seen = told.begin(generator=seeded(1))
    assert torch.equal(seen[:, :4], plain.begin(generator=seeded(1)))
    assert torch.equal(seen[:, 4], told.sign)
    step = told.step(seen, torch.ones(6), now=0, generator=seeded(2))
    assert torch.equal(step.seen[:, 4], told.sign)


@pytest.mark.parametrize("knobs", [{"forces": (0.0, 1.0)}, {"forces": (2.0, 1.0)}, {"gust": -1.0}])
def test_forces_and_gusts_out_of_bounds_are_refused(knobs):
    with pytest.raises(ValueError, match="forces need two numbers above 0"):
        WiredFamily(**knobs)


def test_a_share_out_of_bounds_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        WiredFamily(reversed_share=math.pi)


def test_no_worlds_are_refused():
    with pytest.raises(ValueError, match="n_worlds"):
        carts(n=0)
