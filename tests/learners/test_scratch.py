"""Baselines that learn a task alone, or all tasks as if they were one."""

import pytest
import torch

from metaxai_lab.core import Episode, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import Knobs, Mlp, Pooled, Scratch, meta_train, pooled_loss, tune
from metaxai_lab.learners.inner_loop import task_losses


def lines(generator, n_tasks=16, mean_slope=2.0, k_shot=5):
    """Draw tasks y = a x whose slopes lie around `mean_slope`."""
    slope = mean_slope + 0.5 * torch.randn(n_tasks, 1, generator=generator)
    x = torch.randn(n_tasks, k_shot + 20, 1, generator=generator)
    y = slope * x[..., 0]
    return Episode(Examples(x[:, :k_shot], y[:, :k_shot]), Examples(x[:, k_shot:], y[:, k_shot:]))


def small():
    return Mlp(1, (8,))


def scratch(knobs=None, seed=0):
    return Scratch(small, knobs, generator=seeded(seed))


def pooled(knobs=None):
    with initialised_with(seeded(0)):
        return Pooled(small(), knobs)


def loss(learner, episode, steps=None):
    return task_losses(learner.adapt(episode.support, steps)(episode.query.x), episode.query.y)


# From scratch


def test_each_task_begins_at_a_start_of_its_own():
    weights = scratch().adapt(lines(seeded(1)).support, steps=0).weights
    assert weights["layers.0.weight"].flatten(1).unique(dim=0).shape[0] == 16


def test_a_task_begins_where_the_generator_says():
    support = lines(seeded(1)).support
    one, same, other = (scratch(seed=seed).adapt(support, steps=0)(support.x) for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.allclose(one, other)


def test_asked_twice_it_learns_the_same():
    learner, support = scratch(), lines(seeded(1)).support
    assert torch.equal(learner.adapt(support)(support.x), learner.adapt(support)(support.x))


def test_a_task_alone_is_learned_as_the_first_of_a_stack():
    learner, episode = scratch(), lines(seeded(1))
    alone = learner.adapt(episode.task(0).support)(episode.query.x[0])
    stacked = learner.adapt(episode.support)(episode.query.x)[0]
    torch.testing.assert_close(alone, stacked, rtol=1e-3, atol=1e-4)


def test_it_learns_a_task_from_many_rows():
    episode = lines(seeded(1), k_shot=30)
    learner = scratch(Knobs(inner_lr=0.03, inner_steps=300))
    assert loss(learner, episode).mean() < 0.02 * loss(learner, episode, steps=0).mean()


def test_there_is_nothing_to_train_across_tasks():
    settings = {"steps": 1, "outer_lr": 0.1, "generator": seeded(0), "progress": False}
    with pytest.raises(ValueError, match="needs a weight with requires_grad=True"):
        meta_train(scratch(), lines, lambda learner, episode: None, device="cpu", **settings)


def test_making_it_leaves_the_global_generator_alone():
    before = torch.get_rng_state()
    scratch().adapt(lines(seeded(1)).support)
    assert torch.equal(torch.get_rng_state(), before)


# Pooled


def test_the_pooled_loss_is_that_of_all_rows_as_one_task():
    learner, episode = pooled(), lines(seeded(1))
    x = torch.cat([episode.support.x, episode.query.x], 1).flatten(0, 1)
    y = torch.cat([episode.support.y, episode.query.y], 1).flatten()
    wanted = (learner.net(x)[:, 0] - y).square().mean()
    torch.testing.assert_close(pooled_loss(learner, episode), wanted)


def test_trained_the_pool_knows_the_mean_of_the_tasks_and_tuning_finds_the_task():
    learner, generator = pooled(), seeded(0)
    settings = {"steps": 200, "outer_lr": 0.03, "generator": generator, "progress": False}
    meta_train(learner, lines, pooled_loss, device="cpu", **settings)
    fixed = learner.adapt(lines(generator).support)
    x = torch.ones(16, 1, 1)
    assert fixed(x).mean().item() == pytest.approx(2, abs=0.2)
    episode = lines(seeded(9))
    assert loss(learner, episode, 50).mean() < 0.5 * loss(learner, episode).mean()


def test_without_knobs_the_pooled_net_stays_as_it_is():
    learner, episode = pooled(), lines(seeded(1))
    model = learner.adapt(episode.support)
    torch.testing.assert_close(model(episode.query.x), learner.net(episode.query.x))


def test_all_baselines_are_meta_learners():
    assert isinstance(scratch(), MetaLearner)
    assert isinstance(pooled(), MetaLearner)


# Settings


@pytest.mark.parametrize("make", [scratch, pooled])
def test_tuning_takes_the_best_of_all_trials(make):
    learner, episode = make(), lines(seeded(1))
    trials = tune(
        learner, episode, inner_lrs=(0.001, 0.05), inner_steps=(1, 60), weight_decays=(0.0, 2.0)
    )
    assert len(trials) == 8
    assert learner.knobs == trials[0].knobs
    for trial in trials:
        learner.knobs = trial.knobs
        assert loss(learner, episode).mean().item() == pytest.approx(trial.loss, rel=1e-4)
    losses = [trial.loss for trial in trials]
    assert losses == sorted(losses)
    assert losses[0] < 0.5 * losses[-1]


def test_tuning_can_be_judged_by_something_else_than_the_loss():
    learner, episode = scratch(), lines(seeded(1))
    ranges = {"inner_lrs": (0.01,), "inner_steps": (1, 60), "weight_decays": (0.0,)}
    trials = tune(learner, episode, judge=lambda outputs, y: -task_losses(outputs, y), **ranges)
    assert trials[0].knobs.inner_steps == 1
