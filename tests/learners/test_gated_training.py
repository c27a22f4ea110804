"""Training gates across tasks: what it lowers, what its spread learns from, and that it finds."""

import pytest
import torch

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import (
    FeatureGates,
    Guided,
    gates_loss,
    meta_train_gates,
    scaled_errors,
)
from metaxai_lab.tasks import PlantedFamily

FAMILY = PlantedFamily(n_features=8, n_relevant=2, shared="block", block_size=2)


def draw(generator, n_query=12):
    return FAMILY.draw(k_support=6, n_query=n_query, n_tasks=16, generator=generator)


def made():
    with initialised_with(seeded(0)):
        return Guided(FeatureGates(n_features=8, width=16, n_layers=1))


def test_errors_are_shares_of_the_variance_of_all_rows():
    y, x = torch.tensor([[0.0, 2.0, 4.0, 6.0]]), torch.zeros(1, 4, 1)
    episode = Episode(Examples(x[:, :2], y[:, :2]), Examples(x[:, 2:], y[:, 2:]))
    found = scaled_errors(torch.tensor([[[3.0], [3.0]]]), episode)
    torch.testing.assert_close(found, torch.tensor([(1 + 9) / 2 / 5]))


def test_a_task_whose_targets_are_all_one_counts_nothing():
    rows = Examples(torch.zeros(1, 2, 1), torch.ones(1, 2, dtype=torch.long))
    assert scaled_errors(torch.zeros(1, 2, 1), Episode(rows, rows)).tolist() == [0]


def test_the_loss_is_error_and_likelihood_of_the_gates_of_the_first_query_rows():
    learner, episode = made(), draw(seeded(1))
    model = learner.adapt(episode.support)
    error = scaled_errors(model(episode.query.x), episode).mean()
    seen = learner.gates(Examples(episode.query.x[:, :6], episode.query.y[:, :6])).logits
    law = torch.distributions.Laplace(model.gates.logits, model.gates.spread / 2**0.5)
    constant = torch.log(torch.tensor(2.0)) / 2
    wanted = error - law.log_prob(seen).mean() - constant
    torch.testing.assert_close(gates_loss(learner, episode), wanted)


def test_the_likelihood_teaches_the_spread_alone():
    learner, episode = made(), draw(seeded(1))
    names, weights = zip(*learner.named_parameters(), strict=True)
    error = scaled_errors(learner.adapt(episode.support)(episode.query.x), episode).mean()
    whole = torch.autograd.grad(gates_loss(learner, episode), weights)
    alone = torch.autograd.grad(error, weights, materialize_grads=True)
    moved = {n for n, a, b in zip(names, whole, alone, strict=True) if not torch.allclose(a, b)}
    assert moved == {n for n in names if n.startswith("gates.doubt")}


def test_training_lowers_the_error_on_unseen_tasks():
    learner, unseen = made(), draw(seeded(9))

    def error():
        with torch.no_grad():
            return float(
                scaled_errors(learner.adapt(unseen.support)(unseen.query.x), unseen).mean()
            )

    before = error()
    history = meta_train_gates(learner, draw, steps=120, generator=seeded(2), device="cpu")
    assert len(history.losses) == 120
    assert error() < before / 2


def test_too_few_query_rows_for_another_support_are_refused():
    with pytest.raises(ValueError, match=r"another support of 6 rows.* found 5 rows"):
        gates_loss(made(), draw(seeded(1), n_query=5))
