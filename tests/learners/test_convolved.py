"""Convolved cells: blank is nothing, a cell sees 21 pixels, contrast moves no answer."""

import pytest
import torch

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.learners.convolved import FIELD, ConvolvedLearner


@pytest.fixture
def learner():
    with initialised_with(seeded(0)):
        return ConvolvedLearner().eval()


def task(seed=1):
    x = torch.rand(6, 784, generator=seeded(seed))
    return Examples(x, torch.tensor([0, 0, 1, 1, 2, 2]))


def test_blank_has_no_content_and_no_embedding(learner):
    blank = torch.zeros(2, 784)
    assert not learner.content(blank).any()
    assert not learner.embed(blank).any()


def test_a_cell_sees_its_field_and_no_further(learner):
    x = torch.rand(784, generator=seeded(2)).requires_grad_()
    learner.content(x[None])[0, 24].sum().backward()  # the cell in the middle
    assert x.grad is not None
    seen = (x.grad.view(28, 28) != 0).nonzero()
    extent = (seen.max(0).values - seen.min(0).values + 1).tolist()
    assert extent == [FIELD, FIELD]
    # symmetry of the strides: rows 2 to 22, two pixels above the cell's middle
    assert seen.min(0).values.tolist() == [2, 2]


def test_attention_is_shared_out_in_each_picture(learner):
    model = learner.adapt(task())
    attention = model.attention(task(3).x)
    assert attention.shape == (6, 7, 7)
    assert attention.sum((1, 2)).tolist() == pytest.approx([1] * 6)
    assert float(attention.detach().amax()) > 1 / 49  # not all alike


def test_the_embedding_is_the_sum_of_what_attention_lets_through(learner):
    x = task().x
    weights, content = learner.adapt(task()).attention(x).flatten(1), learner.content(x)
    by_hand = torch.stack([(w[:, None] * c).sum(0) for w, c in zip(weights, content, strict=True)])
    assert torch.allclose(learner.embed(x), learner.value(by_hand), atol=1e-6)


def test_contrast_alone_moves_no_attention_and_scales_the_embedding(learner):
    x = task().x
    assert torch.allclose(learner.embed(3 * x), 3 * learner.embed(x), atol=1e-4)
    here, there = (learner.adapt(task()).attention(one) for one in (x, 3 * x))
    assert torch.allclose(here, there, atol=1e-5)


def test_a_class_is_the_mean_direction_from_the_middle(learner):
    model = learner.adapt(task())
    away = learner.embed(task().x) - learner.embed(task().x).mean(0)
    unit = away / away.norm(dim=-1, keepdim=True)
    assert torch.allclose(model.prototypes[1], unit[2:4].mean(0), atol=1e-6)
    distances = (unit[:, None] - model.prototypes).square().sum(-1)
    assert torch.allclose(model(task().x), -2 * distances, atol=1e-5)  # it begins with sharpness 2


def test_stacked_tasks_are_served_one_by_one(learner):
    one, other = task(1), task(4)
    both = Examples(torch.stack([one.x, other.x]), torch.stack([one.y, other.y]))
    asked = torch.rand(2, 3, 784, generator=seeded(5))
    stacked = learner.adapt(both)(asked)
    assert torch.allclose(stacked[1], learner.adapt(other)(asked[1]), atol=1e-5)


def test_pictures_of_another_size_and_cells_that_do_not_fill_are_refused(learner):
    with pytest.raises(ValueError, match="28 x 28 = 784 pixels; found rows of 1024"):
        learner.content(torch.zeros(1, 1024))
    with pytest.raises(ValueError, match="found side 30"):
        ConvolvedLearner(30)
