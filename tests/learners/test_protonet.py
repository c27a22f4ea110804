"""A class is the mean of its support rows."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Episode, Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import ProtoNet, classification_loss, meta_train


def rows(*values):
    return torch.tensor(values, dtype=torch.float32)


SUPPORT = Examples(rows([0, 0], [0, 3], [2, 0]), torch.tensor([0, 1, 0]))


def test_a_row_is_as_likely_as_it_is_near_to_the_mean_worked_by_hand():
    model = ProtoNet(nn.Identity()).adapt(SUPPORT)  # means (1, 0) and (0, 3)
    assert model(rows([1, 1], [0, 3])).tolist() == [[-1, -5], [-10, 0]]


def test_the_order_of_the_support_rows_does_not_matter():
    order = torch.tensor([2, 0, 1])
    turned = Examples(SUPPORT.x[order], SUPPORT.y[order])
    x = rows([1, 1], [0, 2])
    one, other = (ProtoNet(nn.Identity()).adapt(support)(x) for support in (SUPPORT, turned))
    torch.testing.assert_close(one, other)


def test_stacked_tasks_are_adapted_to_as_one_by_one():
    with initialised_with(seeded(0)):
        learner = ProtoNet().eval()
    x = torch.rand(2, 8, 784, generator=seeded(1))
    y = torch.tensor([[0, 1, 0, 1], [1, 1, 0, 0]])
    stacked = learner.adapt(Examples(x[:, :4], y))(x[:, 4:])
    for task in range(2):
        alone = learner.adapt(Examples(x[task, :4], y[task]))(x[task, 4:])
        torch.testing.assert_close(stacked[task], alone, rtol=1e-4, atol=1e-4)


def test_a_second_task_does_not_overwrite_the_first():
    learner, x = ProtoNet(nn.Identity()), rows([1, 1])
    first = learner.adapt(SUPPORT)
    before = first(x)
    learner.adapt(Examples(-SUPPORT.x, SUPPORT.y))
    assert torch.equal(first(x), before)


def test_sharpness_multiplies_the_distances_worked_by_hand():
    model = ProtoNet(nn.Identity(), sharpness=0.5).adapt(SUPPORT)
    torch.testing.assert_close(model(rows([1, 1], [0, 3])), rows([-0.5, -2.5], [-5, 0]))


def test_sharpness_is_learned_where_it_is_given_and_fixed_where_not():
    assert [name for name, _ in ProtoNet(nn.Identity(), sharpness=2.0).named_parameters()] == [
        "log_sharpness"
    ]
    assert not list(ProtoNet(nn.Identity()).parameters())


@pytest.mark.parametrize("sharpness", [0.0, -1.0, float("inf"), float("nan")])
def test_a_sharpness_that_is_not_positive_is_refused(sharpness):
    with pytest.raises(ValueError, match="sharpness is positive, or None for fixed 1; found"):
        ProtoNet(nn.Identity(), sharpness=sharpness)


def test_it_is_a_meta_learner():
    assert isinstance(ProtoNet(), MetaLearner)


def test_a_class_without_a_support_row_is_named():
    with pytest.raises(ValueError, match="none of class 0"):
        ProtoNet(nn.Identity()).adapt(Examples(SUPPORT.x, torch.tensor([1, 1, 1])))


@pytest.fixture
def pictures():
    x = torch.rand(4, 784, generator=seeded(1))
    return Examples(x, torch.tensor([0, 1, 0, 1]))


@pytest.fixture
def learner():
    """A learner of pictures, in training mode as it is born."""
    with initialised_with(seeded(0)):
        return ProtoNet()


def test_in_training_mode_a_row_is_not_judged_alone(learner, pictures):
    learner.eval()
    model = learner.adapt(pictures)
    learner.train()
    with torch.no_grad(), pytest.raises(RuntimeError, match=r"call eval\(\) on the learner, then"):
        model(pictures.x)


def test_a_model_made_in_training_mode_stays_one_of_training(learner, pictures):
    model = learner.adapt(pictures)
    learner.eval()
    with torch.no_grad(), pytest.raises(RuntimeError, match="was when it adapted, in training"):
        model(pictures.x)


def test_in_training_mode_gradients_flow_through_normalised_pictures(learner, pictures):
    learner.adapt(pictures)(pictures.x).sum().backward()
    assert all(weight.grad is not None for weight in learner.parameters())


def test_in_evaluation_mode_a_blank_row_is_judged_alone(learner, pictures):
    model = learner.eval().adapt(pictures)
    blank = torch.zeros(1, 784)
    with torch.no_grad():
        alone, among = model(blank), model(torch.cat([blank, pictures.x]))[:1]
    torch.testing.assert_close(alone, among, rtol=1e-4, atol=1e-4)


def test_without_batch_normalisation_the_mode_does_not_matter():
    model = ProtoNet(nn.Identity()).train().adapt(SUPPORT)
    with torch.no_grad():
        assert model(rows([1, 1])).tolist() == [[-1, -5]]


def test_trained_it_learns_to_overlook_a_column_that_means_nothing():
    def draw(generator):
        y = torch.arange(2).repeat(10)
        x = torch.randn(20, 2, generator=generator) * rows([1, 10])
        x[:, 0] += 4 * y
        return Episode(Examples(x[:6], y[:6]), Examples(x[6:], y[6:]))

    generator = seeded(0)
    with initialised_with(generator):
        learner = ProtoNet(nn.Linear(2, 2, bias=False))
    settings = {"steps": 300, "outer_lr": 0.05, "generator": generator, "progress": False}
    meta_train(learner, draw, classification_loss, device="cpu", **settings)
    length = learner.embed.weight.norm(dim=0)
    assert length[0] > 5 * length[1]
