"""Trials: what is kept of them is what happened, and a wiped memory begins anew."""

import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners.recurrent_policy import RecurrentPolicy
from metaxai_lab.learners.rollouts import log_chance, play
from metaxai_lab.tasks.rl_trials import WiredFamily
from metaxai_lab.tasks.rl_worlds import FALL_COST, HALF


def policy(reads="past"):
    with initialised_with(seeded(0)):
        net = RecurrentPolicy(reads=reads)
    with torch.no_grad():  # an untrained policy hardly reads its past
        net.content.weight.mul_(20)
    return net


def played(seed=1, n=5, **knobs):
    worlds = WiredFamily().draw(n, generator=seeded(0))
    return play(policy(), worlds, generator=seeded(seed), **knobs)


def test_the_policy_says_of_a_whole_trial_what_it_said_while_it_played():
    trials = played()
    said = policy()(trials.seen, trials.past)
    torch.testing.assert_close(log_chance(said.log_odds, trials.action), trials.log_chance)
    torch.testing.assert_close(said.value, trials.value[:, :-1])
    torch.testing.assert_close(said.weights, trials.weights)


def test_points_are_steps_less_the_cost_of_falls():
    trials = played()
    assert torch.equal(trials.reward, 1 - FALL_COST * trials.fell.float())
    falls = trials.halves(trials.fell.float())
    assert torch.equal(trials.halves(trials.reward), HALF - FALL_COST * falls)
    assert float(falls.sum()) > 0


def test_what_is_seen_next_is_what_came_after_unless_set_up_anew():
    trials = played()
    goes_on = ~trials.fell[:, :-1]
    goes_on[:, HALF - 1] = False
    assert torch.equal(trials.seen[:, 1:][goes_on], trials.after[:, :-1][goes_on])
    assert not torch.equal(trials.seen[:, HALF], trials.after[:, HALF - 1])


def test_a_greedy_policy_takes_the_likelier_push():
    trials = played(greedy=True)
    said = policy()(trials.seen, trials.past)
    assert torch.equal(trials.action, (said.log_odds > 0).float())


def test_a_wiped_memory_gives_no_weight_to_what_came_before():
    trials = played(wiped=HALF)
    assert float(trials.weights[:, HALF:, :HALF].abs().max()) == 0
    assert float(trials.weights[:, HALF + 1 :, HALF:].sum()) > 0
    said = policy()(trials.seen[:, HALF:], trials.past[:, HALF:])
    torch.testing.assert_close(said.value, trials.value[:, HALF:-1])


def test_the_same_generator_gives_the_same_trials():
    assert torch.equal(played(seed=3).action, played(seed=3).action)
    assert not torch.equal(played(seed=3).seen, played(seed=4).seen)
