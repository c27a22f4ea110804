"""A new row takes the labels of the rows it attends to; the weights are the whole of the answer."""

import math

import pytest
import torch
from torch import nn

from metaxai_lab.core import Episode, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import ConvEncoder, Matching, classification_loss, meta_train

SUPPORT = Examples(torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([0, 1, 0]))


def made(dim, **settings):
    with initialised_with(seeded(0)):
        return Matching(nn.Identity(), dim=dim, **settings)


@pytest.fixture
def by_hand():
    """A learner of one column whose scores are the product of the two rows."""
    learner = made(1, n_keys=1)
    for part in (learner.query, learner.key):
        nn.init.ones_(part.weight)
        nn.init.zeros_(part.bias)
    return learner


@pytest.fixture
def tasks():
    generator = seeded(1)
    y = torch.stack([torch.arange(3).repeat_interleave(2).roll(i) for i in range(4)])
    x = torch.randn(2, 4, 6, 5, generator=generator)
    return Episode(Examples(x[0], y), Examples(x[1], y))


def test_attention_and_answer_are_those_worked_by_hand(by_hand):
    model, x = by_hand.adapt(SUPPORT), torch.tensor([[math.log(2)]])
    # scores 0, log 2 and 2 log 2: weights 1 : 2 : 4
    torch.testing.assert_close(model.support_weights(x), torch.tensor([[1, 2, 4]]) / 7)
    torch.testing.assert_close(model(x).exp(), torch.tensor([[5, 2]]) / 7)


def test_sharpness_multiplies_the_scores(by_hand):
    nn.init.constant_(by_hand.log_sharpness, math.log(2))
    weights = by_hand.adapt(SUPPORT).support_weights(torch.tensor([[math.log(2)]]))
    torch.testing.assert_close(weights, torch.tensor([[1, 4, 16]]) / 21)


def test_scores_are_told_in_units_of_the_root_of_the_keys(tasks):
    model = made(5, n_keys=9).adapt(tasks.support)
    query = model.learner.query(tasks.query.x)
    torch.testing.assert_close(model.scores(tasks.query.x), query @ model.keys.mT / 3)


def test_the_weights_of_a_row_share_out_one_whole(tasks):
    weights = made(5).adapt(tasks.support).support_weights(tasks.query.x)
    assert weights.shape == (4, 6, 6)
    torch.testing.assert_close(weights.sum(-1), torch.ones(4, 6))


def test_a_class_is_as_likely_as_its_rows_are_heavy(tasks):
    model, y = made(5).adapt(tasks.support), tasks.support.y
    weights = model.support_weights(tasks.query.x)
    of_class = [(weights * (y == c).unsqueeze(1)).sum(-1) for c in range(3)]
    torch.testing.assert_close(model(tasks.query.x).exp(), torch.stack(of_class, -1))


def test_a_class_that_hardly_weighs_keeps_a_finite_log_probability(by_hand):
    outputs = by_hand.adapt(SUPPORT)(torch.tensor([[500.0]]))
    torch.testing.assert_close(outputs, torch.tensor([[0.0, -500.0]]))


@pytest.mark.parametrize("values", ["labels", "inputs"])
def test_the_order_of_the_support_rows_does_not_matter(tasks, values):
    learner, order = made(5, values=values, n_way=3), torch.tensor([3, 0, 5, 1, 4, 2])
    turned = Examples(tasks.support.x[:, order], tasks.support.y[:, order])
    one, other = learner.adapt(tasks.support), learner.adapt(turned)
    torch.testing.assert_close(one(tasks.query.x), other(tasks.query.x))
    weights = one.support_weights(tasks.query.x)[..., order]
    torch.testing.assert_close(weights, other.support_weights(tasks.query.x))


@pytest.mark.parametrize("values", ["labels", "inputs"])
def test_stacked_tasks_are_adapted_to_as_one_by_one(tasks, values):
    learner = made(5, values=values, n_way=3)
    stacked = learner.adapt(tasks.support)(tasks.query.x)
    for i in range(4):
        alone = learner.adapt(tasks.task(i).support)(tasks.query.x[i])
        torch.testing.assert_close(stacked[i], alone)


def test_where_inputs_are_weighed_the_answer_is_made_from_their_sum(tasks):
    learner = made(5, values="inputs", n_way=3)
    model, labels = learner.adapt(tasks.support), torch.eye(3)[tasks.support.y]
    weights = model.support_weights(tasks.query.x)
    context = weights @ torch.cat([tasks.support.x, labels], -1)
    torch.testing.assert_close(model(tasks.query.x), learner.answer(context))


def test_labels_and_inputs_are_weighed_by_the_same_first_weights(tasks):
    one, other = (made(5, values=v, n_way=3).adapt(tasks.support) for v in ("labels", "inputs"))
    x = tasks.query.x
    assert torch.equal(one.support_weights(x), other.support_weights(x))


@pytest.mark.parametrize("values", ["labels", "inputs"])
def test_every_weight_learns(tasks, values):
    learner = made(5, values=values, n_way=3)
    classification_loss(learner, tasks).backward()
    assert all(weight.grad is not None for weight in learner.parameters())


def test_trained_it_attends_by_the_column_that_counts():
    def draw(generator):
        y = torch.arange(2).repeat(8, 10)
        x = torch.randn(8, 20, 2, generator=generator)
        x[..., 0] += 4 * y
        return Episode(Examples(x[:, :6], y[:, :6]), Examples(x[:, 6:], y[:, 6:]))

    learner, generator = made(2), seeded(0)
    settings = {"steps": 100, "outer_lr": 0.01, "generator": generator, "progress": False}
    meta_train(learner, draw, classification_loss, device="cpu", **settings)
    episode = draw(seeded(1))
    weights = learner.adapt(episode.support).support_weights(episode.query.x)
    own = episode.support.y.unsqueeze(1) == episode.query.y.unsqueeze(2)
    assert (weights * own).sum(-1).mean() > 0.9


def test_it_is_a_meta_learner_that_sees_pictures_by_itself():
    assert isinstance(made(1), MetaLearner)
    assert isinstance(Matching().embed, ConvEncoder)
    x = torch.rand(4, 784, generator=seeded(0))
    assert Matching().adapt(Examples(x, torch.arange(2).repeat(2)))(x).shape == (4, 2)


def test_a_class_without_a_support_row_is_refused():
    with pytest.raises(ValueError, match="3 classes need a support row each"):
        made(1).adapt(Examples(SUPPORT.x, torch.tensor([0, 2, 2])))


def test_a_network_for_other_ways_is_refused():
    with pytest.raises(ValueError, match=r"answers for 5 classes; found 2. Make it with n_way=2"):
        made(1, values="inputs").adapt(SUPPORT)


def test_embeddings_of_another_width_are_refused():
    with pytest.raises(ValueError, match=r"of 32 columns; `embed` gave 1. Make .* with dim=1"):
        Matching(nn.Identity()).adapt(SUPPORT)
