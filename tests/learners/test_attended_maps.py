"""Attention over cells: weights by hand, weights that decide, an even baseline, maps that fit."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.learners.attended_maps import AttendedMaps


def learner_of(**settings):
    with initialised_with(seeded(0)):
        return AttendedMaps(channels=3, grid=2, dim=4, **settings)


def task():
    g = seeded(1)
    return Examples(torch.rand(4, 12, generator=g), torch.tensor([0, 1, 0, 1])), torch.rand(
        5, 12, generator=g
    )


def test_a_cell_is_read_across_the_channels():
    x = torch.arange(12.0).view(1, 12)
    cells = learner_of().cells(x)[0]
    assert cells.tolist() == [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]


def test_the_weights_are_the_softmax_of_the_score_worked_out_by_hand():
    learner, (_, x) = learner_of(), task()
    cell = learner.cells(x)[0, 2]
    clue = learner.clue.from_map.weight @ cell + learner.clue.place[2]
    score = (learner.score.weight[0] * clue.tanh()).sum()
    found = learner.weigh(learner.cells(x))[0]
    others = learner.score(learner.clue(learner.cells(x))[0].tanh()).squeeze(-1)
    assert torch.allclose(found[2], score.exp() / others.exp().sum())


def test_attention_sums_to_one_over_a_square_of_cells():
    support, x = task()
    attention = learner_of().adapt(support).attention(x)
    assert attention.shape == (5, 2, 2)
    assert torch.allclose(attention.sum((1, 2)), torch.ones(5))


def test_answers_under_its_own_weights_are_its_answers():
    support, x = task()
    learner = learner_of()
    model, cells = learner.adapt(support), learner.cells(x)
    assert torch.allclose(model.answer(cells, learner.weigh(cells)), model(x))
    even = torch.full((5, 4), 0.25)
    assert not torch.allclose(model.answer(cells, even), model(x))


def test_a_learner_that_weighs_evenly_says_so():
    support, x = task()
    attention = learner_of(weighing="uniform").adapt(support).attention(x)
    assert bool((attention == 0.25).all())


def test_a_row_nearest_to_the_mean_of_its_class_goes_there():
    support, _ = task()
    model = learner_of().adapt(support)
    twin = Examples(support.x[:2], support.y[:2])
    assert learner_of().adapt(twin)(support.x[:2]).argmax(-1).tolist() == [0, 1]
    assert model(support.x).shape == (4, 2)


def test_stacked_tasks_are_as_one_by_one():
    support, x = task()
    learner = learner_of()
    both = learner.adapt(Examples(torch.stack([support.x, support.x + 1]), support.y.expand(2, 4)))
    alone = learner.adapt(Examples(support.x + 1, support.y))
    assert torch.allclose(both(torch.stack([x, x]))[1], alone(x), atol=1e-5)


def test_the_front_is_not_trained():
    learner = learner_of(front=nn.Linear(7, 12))
    assert not any(weight.requires_grad for weight in learner.front.parameters())


def test_maps_of_another_size_are_refused_with_both_sizes():
    with pytest.raises(ValueError, match=r"maps of 12 columns.*found 10"):
        learner_of().cells(torch.rand(1, 10))
