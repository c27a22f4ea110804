"""Learners side by side become what each would have become alone."""

import pytest
import torch

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import (
    FeatureGates,
    SharedStart,
    abreast,
    meta_train,
    meta_train_side_by_side,
    start_loss,
)

SETTINGS = {"steps": 12, "outer_lr": 5e-3, "progress": False, "device": "cpu"}


def learner(seed):
    with initialised_with(seeded(seed)):
        start = torch.randn(4)
        gates = FeatureGates(n_features=3, width=16, n_layers=1)
        return SharedStart(gates, start).double()


def tasks(seed):
    """Draw the same tasks from the same generator, wherever it stands for `seed`."""
    return lambda generator: _tasks(seeded(seed + int(torch.randint(99, (), generator=generator))))


def _tasks(generator):
    x = torch.randn(8, 20, 4, generator=generator).double()
    y = x[..., 0] + 0.3 * torch.randn(8, 20, generator=generator)
    return Episode(Examples(x[:, :9], y[:, :9]), Examples(x[:, 9:], y[:, 9:]))


def weights(one):
    return torch.cat([t.detach().flatten() for t in one.state_dict().values()])


@pytest.fixture
def both():
    """Three learners trained alone, and their doubles trained side by side."""
    alone, together = ([learner(seed) for seed in range(3)] for _ in range(2))
    losses = [
        meta_train(one, tasks(seed), start_loss, generator=seeded(5), **SETTINGS).losses
        for seed, one in enumerate(alone)
    ]

    def draw(generator):
        state = generator.get_state()
        parts = []
        for seed in range(3):
            generator.set_state(state)
            parts.append(tasks(seed)(generator))
        return abreast(parts)

    history = meta_train_side_by_side(together, draw, start_loss, generator=seeded(5), **SETTINGS)
    return alone, together, losses, history


def test_each_becomes_what_it_would_have_become_alone(both):
    alone, together, *_ = both
    for seed, (one, other) in enumerate(zip(alone, together, strict=True)):
        moved = (weights(one) - weights(learner(seed))).abs().max()
        assert moved > 0.01
        assert torch.allclose(weights(one), weights(other), atol=1e-6)
        assert not other.training


def test_losses_are_sums_over_learners(both):
    *_, losses, history = both
    assert torch.allclose(history.losses, sum(losses), rtol=1e-4)


def test_an_interrupted_training_hands_back_what_it_reached():
    ones = [learner(seed) for seed in range(2)]

    def stop(step, _):
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        meta_train_side_by_side(
            ones,
            lambda g: abreast([tasks(0)(g), tasks(1)(g)]),
            start_loss,
            generator=seeded(5),
            on_step=stop,
            **SETTINGS,
        )
    assert all(not torch.equal(weights(one), weights(learner(s))) for s, one in enumerate(ones))
