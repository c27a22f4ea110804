"""A policy with a memory: what it says step by step and at once, and what it may not read."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners.recurrent_policy import RecurrentPolicy

READS = ("past", "alone", "evenly", "state", "nothing")
N_STEPS = 7


def policy(reads="past"):
    with initialised_with(seeded(0)):
        return RecurrentPolicy(reads=reads)


def trial(n=3):
    draw = seeded(1)
    return torch.randn(n, N_STEPS, 4, generator=draw), torch.randn(n, N_STEPS, 10, generator=draw)


@pytest.mark.parametrize("reads", READS)
def test_step_by_step_it_says_what_it_says_of_the_whole_trial(reads):
    net, (seen, past) = policy(reads), trial()
    whole, memory = net(seen, past), net.start(3)
    for now in range(N_STEPS):
        said = net.decide(memory, seen[:, now])
        torch.testing.assert_close(said.log_odds, whole.log_odds[:, now])
        torch.testing.assert_close(said.value, whole.value[:, now])
        torch.testing.assert_close(said.weights, whole.weights[:, now, :now])
        memory = net.remember(memory, past[:, now])


@pytest.mark.parametrize("reads", READS)
def test_nothing_that_comes_later_is_read(reads):
    net, (seen, past) = policy(reads), trial()
    other = past.clone()
    other[:, 4:] += 5
    before, after = net(seen, past).log_odds, net(seen, other).log_odds
    assert torch.equal(before[:, :5], after[:, :5])
    assert torch.equal(before, after) == (reads == "nothing")


@pytest.mark.parametrize("reads", READS)
def test_a_step_that_is_not_kept_is_as_if_it_had_not_been(reads):
    net, (seen, past) = policy(reads), trial()
    kept = (torch.arange(N_STEPS) != 2)[None]
    found = net(seen, past, kept).log_odds[:, 6]
    memory = net.start(3)
    for step in (0, 1, 3, 4, 5):
        memory = net.remember(memory, past[:, step])
    torch.testing.assert_close(found, net.decide(memory, seen[:, 6]).log_odds)


def test_weights_and_what_lies_on_nothing_sum_to_one():
    net, (seen, past) = policy(), trial()
    with torch.no_grad():
        net.nothing.fill_(-1e9)
    sums = net(seen, past).weights.sum(-1)
    torch.testing.assert_close(sums[:, 1:], torch.ones(3, N_STEPS - 1))


def test_even_weights_are_even():
    net, (seen, past) = policy("evenly"), trial()
    torch.testing.assert_close(net(seen, past).weights[:, 3, :3], torch.full((3, 3), 0.25))


def test_a_carried_state_lets_the_order_of_the_past_matter():
    seen, past = trial()
    turned = torch.cat([past[:, :6].flip(1), past[:, 6:]], 1)
    for reads, same in (("alone", True), ("past", False)):
        net = policy(reads)
        a, b = net(seen, past).log_odds[:, 6], net(seen, turned).log_odds[:, 6]
        assert torch.allclose(a, b, atol=1e-6) == same


def test_the_row_of_a_step_by_hand():
    seen = torch.tensor([[2.4, 2.0, 0.21, 2.0]])
    after = seen + torch.tensor([[0.04, -0.2, 0.0, 60.0]])
    row = policy().past_step(seen, torch.ones(1), after, torch.tensor([True]))
    wanted = torch.tensor([[1, 1, 1, 1, 1, -0.5, 0, 3, 1, 1]])
    torch.testing.assert_close(row, wanted.float(), atol=1e-4, rtol=0)
