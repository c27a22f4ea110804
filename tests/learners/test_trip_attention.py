"""Where the driver may look, and what it makes of it."""

import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners.trip_attention import TripAttention

KNOWN = torch.tensor([[True, True, True, False]])
PAST = torch.tensor([[[1.0, -0.8, 0.5], [0.0, 0.1, 0.5], [1.0, -0.7, 0.4], [0.0, 0.0, 0.0]]])
SEEN = torch.tensor([[[40.0, 10.0, 12.0, 100.0, 80.0]]])


def driver(reads):
    with initialised_with(seeded(0)):
        return TripAttention(reads=reads)


def test_weights_sum_to_one_over_what_is_known():
    weights = driver("past").weigh(SEEN, PAST, KNOWN)
    torch.testing.assert_close(weights.sum(-1), torch.ones(1, 1))
    assert weights[0, 0, 3].item() == 0


def test_who_keeps_braked_steps_gives_no_weight_to_others():
    weights = driver("braked").weigh(SEEN, PAST, KNOWN)[0, 0]
    assert bool((weights[[0, 2]] > 0).all())
    assert weights[[1, 3]].tolist() == [0, 0]


def test_evenly_is_even():
    weights = driver("evenly").weigh(SEEN, PAST, KNOWN)[0, 0]
    torch.testing.assert_close(weights[:3], torch.full((3,), 1 / 3))


def test_who_reads_nothing_answers_the_same_whatever_was_felt():
    net = driver("nothing")
    assert torch.equal(net(SEEN, PAST, KNOWN), net(SEEN, 5 * PAST, KNOWN))
