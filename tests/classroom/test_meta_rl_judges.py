"""Replays: a step taken out by hand does what the judge says; each explanation names one before."""

import pytest
import torch

from metaxai_lab.classroom import meta_rl_judges as judges
from metaxai_lab.classroom import meta_rl_study as study
from metaxai_lab.core import seeded
from metaxai_lab.learners.rollouts import play

MOMENTS = (2, 5, 9)


def reader(who="memory"):
    """An untrained policy whose pushes hang on what it reads."""
    policy = study.fresh(who, 0)
    with torch.no_grad():
        policy.content.weight.mul_(30)
        policy.head[-1].bias.zero_()
    return policy


@pytest.fixture(scope="module")
def carts():
    return study.trial_worlds(n_worlds=30)


@pytest.fixture(scope="module")
def trials(carts):
    return play(reader(), carts, generator=seeded(0), greedy=True)


@pytest.fixture(scope="module")
def replays(trials):
    return judges.replay(reader(), trials, moments=MOMENTS)


def test_a_step_taken_out_by_hand_gives_what_the_judge_says(trials, replays):
    policy = reader()
    memory = policy.start(30)
    for step in (0, 1, 2, 4):
        memory = policy.remember(memory, trials.past[:, step])
    by_hand = policy.decide(memory, trials.seen[:, 5]).log_odds
    torch.testing.assert_close(replays.without[:, 1, 3], by_hand)


def test_only_past_steps_can_turn_a_push(replays):
    assert bool(replays.flips.any())
    assert not replays.flips[:, 1, 5:].any()
    assert float(replays.moved[:, 1, 5:].abs().max()) == 0


def test_a_policy_without_memory_hangs_on_no_step(carts):
    blind = reader("no memory")
    found = judges.replay(blind, play(blind, carts, generator=seeded(0)), moments=MOMENTS)
    assert not found.flips.any()


def test_no_step_turns_more_pushes_than_the_best(replays):
    best = replays.by_any()
    for named in (
        judges.named_by_attention(replays),
        judges.drawn_step(replays, generator=seeded(1)),
    ):
        assert bool((replays.flipped_by(named) <= best).all())
    assert bool((replays.by_random() <= best).all())


def test_drawn_steps_turn_as_many_pushes_as_an_average_step(replays):
    drawn = [
        replays.flipped_by(judges.drawn_step(replays, generator=seeded(seed))).mean()
        for seed in range(40)
    ]
    assert float(sum(drawn) / 40) == pytest.approx(float(replays.by_random().mean()), abs=0.02)


def test_every_explanation_names_a_step_that_lies_before(carts, trials, replays):
    named = (
        judges.named_by_attention(replays),
        judges.named_by_gradient(reader(), trials, moments=MOMENTS),
        judges.named_by_evidence(carts, trials, moments=MOMENTS),
        judges.named_latest(replays, moments=MOMENTS),
        judges.drawn_step(replays, generator=seeded(0)),
    )
    for each in named:
        assert each.shape == (30, 3)
        assert bool(((each >= 0) & (each < torch.tensor(MOMENTS))).all())


def test_the_heaviest_step_is_named_by_attention(replays):
    named = judges.named_by_attention(replays)
    heaviest = replays.weights.gather(-1, named[..., None])[..., 0]
    assert torch.equal(heaviest, replays.weights.amax(-1))


def test_evidence_speaks_for_the_sign_in_the_mean(carts, trials):
    told = judges.evidence(carts, trials)
    assert float((told.sum(1) * carts.sign > 0).float().mean()) > 0.9
