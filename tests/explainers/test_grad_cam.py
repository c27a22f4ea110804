"""Grad-CAM of a net worked by hand: channel weights are mean slopes, what hinders is cut off."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, Explainer, initialised_with, seeded
from metaxai_lab.explainers.grad_cam import grad_cam
from metaxai_lab.learners import AttentiveLearner


class TwoChannels(nn.Module):
    """Channel 0 is the picture's cells, channel 1 their negatives doubled; sums are weighed."""

    def __init__(self):
        super().__init__()
        self.map = nn.Identity()

    def forward(self, x):
        cells = x.view(-1, 1, 2, 2)
        seen = self.map(torch.cat([cells, -2 * cells], 1))
        a, b = seen.flatten(2).sum(-1).unbind(1)
        return torch.stack([3 * a, b, a + b], 1)


X = torch.tensor([[1.0, -2.0, 0.5, 0.0]])


def test_a_map_worked_out_by_hand():
    net = TwoChannels()
    helped = grad_cam(net, X, target=0, layer=net.map).values  # 3 * cells, cut off at zero
    assert helped.tolist() == [[3.0, 0.0, 1.5, 0.0]]
    turned = grad_cam(net, X, target=1, layer=net.map).values  # 1 * -2 * cells
    assert turned.tolist() == [[0.0, 4.0, 0.0, 0.0]]


@pytest.fixture
def model():
    with initialised_with(seeded(0)):
        learner = AttentiveLearner(2, side=8, dim=8)
    x = torch.rand(4, 64, generator=seeded(1))
    return learner.adapt(Examples(x, torch.tensor([0, 0, 1, 1])))


def test_the_map_of_an_attentive_learner_is_found_by_itself(model):
    x = torch.rand(3, 64, generator=seeded(2))
    found = grad_cam(model, x, target=1)
    given = grad_cam(model, x, target=1, layer=model.learner.views.map)
    assert torch.equal(found.values, given.values)
    assert found.values.min() >= 0
    cells = found.values.view(3, 2, 4, 2, 4)
    assert torch.equal(cells.amax((2, 4)), cells.amin((2, 4)))
    assert torch.allclose(found.output, model(x)[:, 1].detach())


def test_stacked_tasks_with_a_target_for_each_row_are_explained_as_one_by_one():
    with initialised_with(seeded(0)):
        learner = AttentiveLearner(2, side=8, dim=8)
    support = Examples(torch.rand(2, 4, 64, generator=seeded(1)), torch.tensor([[0, 0, 1, 1]] * 2))
    x, target = torch.rand(2, 3, 64, generator=seeded(2)), torch.tensor([[0, 1, 1], [1, 0, 1]])
    stacked = grad_cam(learner.adapt(support), x, target=target).values
    for t in range(2):
        model = learner.adapt(Examples(support.x[t], support.y[t]))
        for row in range(3):
            alone = grad_cam(model, x[t, row : row + 1], target=int(target[t, row])).values[0]
            assert torch.allclose(stacked[t, row], alone, atol=1e-6)


def test_it_is_an_explainer():
    assert isinstance(grad_cam, Explainer)


def test_a_model_without_a_map_is_refused():
    with pytest.raises(TypeError, match="needs the layer that gives a map; function names none"):
        grad_cam(lambda x: x, X, target=0)


def test_a_target_that_is_no_output_is_refused(model):
    with pytest.raises(ValueError, match="target 2 is none"):
        grad_cam(model, torch.rand(1, 64), target=2)
