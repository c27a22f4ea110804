"""PPO: its parts by hand, and that it learns what can be learned."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners.ppo import Plan, advantages, clipped_gain, ppo_loss, train_ppo
from metaxai_lab.learners.recurrent_policy import RecurrentPolicy
from metaxai_lab.learners.rollouts import play
from metaxai_lab.tasks.rl_trials import WiredFamily
from metaxai_lab.tasks.rl_worlds import Step


class Bandit:
    """Worlds in which a push to the right always pays, and one to the left never does."""

    n_worlds = 16

    def begin(self, *, generator):
        return torch.zeros(16, 4)

    def step(self, seen, action, *, now, generator):
        return Step(seen, seen, action < 0.5)


def policy(reads="past"):
    with initialised_with(seeded(0)):
        return RecurrentPolicy(reads=reads)


def test_advantages_by_hand():
    reward, value = torch.tensor([1.0, 1.0, -4.0]), torch.tensor([2.0, 1.0, 0.0, 2.0])
    found = advantages(reward, value, discount=0.5, trust=0.4)
    assert found.tolist() == pytest.approx([-0.62, -0.6, -3.0])


def test_with_full_trust_an_advantage_is_the_return_less_the_value():
    reward = torch.randn(2, 9, generator=seeded(0))
    value = torch.randn(2, 10, generator=seeded(1))
    found = advantages(reward, value, discount=0.9, trust=1.0)
    later = value[:, -1]
    for step in reversed(range(9)):
        later = reward[:, step] + 0.9 * later
        torch.testing.assert_close(found[:, step], later - value[:, step])


def test_a_value_too_few_is_refused():
    with pytest.raises(ValueError, match="found 3 rewards and 3 values"):
        advantages(torch.zeros(3), torch.zeros(3), discount=0.9, trust=0.9)


def test_a_gain_is_clipped_and_a_loss_is_not():
    ratio = torch.tensor([1.5, 1.5, 0.5, 0.5, 1.1])
    advantage = torch.tensor([2.0, -2.0, 2.0, -2.0, 2.0])
    wanted = [2.4, -3.0, 1.0, -1.6, 2.2]
    assert clipped_gain(ratio, advantage).tolist() == pytest.approx(wanted)


def test_right_after_playing_the_loss_moves_the_policy_along_the_advantage():
    net, worlds = policy(), WiredFamily().draw(8, generator=seeded(0))
    trials = play(net, worlds, generator=seeded(1))
    liked = 2 * trials.action - 1  # as if every push to the right had been good
    ppo_loss(net, trials, torch.arange(8), liked, curiosity=0.0).backward()
    before = net(trials.seen, trials.past).log_odds.mean()
    with torch.no_grad():
        for weight in net.head.parameters():
            weight -= 0.05 * weight.grad
    assert net(trials.seen, trials.past).log_odds.mean() > before


def test_it_learns_to_push_where_it_pays():
    net = policy()
    points = train_ppo(net, lambda g: Bandit(), plan=Plan(rounds=8), generator=seeded(1))
    assert points[-1] > points[0] + 50
    assert float(play(net, Bandit(), generator=seeded(2)).action.mean()) > 0.8


def test_the_same_seed_trains_the_same_policy():
    def trained():
        net = policy()
        family = WiredFamily()
        train_ppo(
            net,
            lambda g: family.draw(4, generator=g),
            plan=Plan(rounds=1, epochs=1),
            generator=seeded(1),
        )
        return torch.cat([weight.flatten() for weight in net.parameters()])

    first = trained()
    assert torch.equal(first, trained())
    assert not torch.equal(first, torch.cat([w.flatten() for w in policy().parameters()]))


def test_a_training_that_breaks_stops_and_leaves_the_rest_as_it_was():
    broken = policy()
    first = next(iter(broken.parameters()))
    with torch.no_grad():
        first.fill_(torch.nan)
    before = [one.clone() for one in broken.parameters()]
    with pytest.raises(RuntimeError, match="non-finite"):
        train_ppo(broken, lambda g: Bandit(), plan=Plan(rounds=1), generator=seeded(0))
    for one, other in zip(broken.parameters(), before, strict=True):
        assert torch.equal(one.nan_to_num(7.0), other.nan_to_num(7.0))
