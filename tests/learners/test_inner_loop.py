"""Every task descends its own support loss, and all of them do so at once."""

import math
import re

import pytest
import torch
from torch import nn

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import DivergedError, Mlp, task_loss, task_losses
from metaxai_lab.learners.inner_loop import adapted

ADVICE = "Lower it."


def descent(inner_lr):
    return lambda step, weights, grads: {k: w - inner_lr * grads[k] for k, w in weights.items()}


def adapt(net, support, *, inner_lr=0.1, steps=1, order="second", only=None):
    move = descent(inner_lr)
    return adapted(net, support, move, steps=steps, order=order, advice=ADVICE, only=only)


def line(slope=0.0):
    """Return the net x -> slope * x, without a bias."""
    net = nn.Linear(1, 1, bias=False)
    nn.init.constant_(net.weight, slope)
    return net


def rows(x, y):
    return Examples(torch.tensor(x).unsqueeze(-1), torch.tensor(y))


# Losses


def test_the_loss_of_targets_is_the_squared_error_of_column_0_by_hand():
    outputs = torch.tensor([[[1.0, 99.0], [2.0, 99.0]], [[0.0, 99.0], [0.0, 99.0]]])
    y = torch.tensor([[0.0, 4.0], [1.0, 3.0]])
    assert task_losses(outputs, y).tolist() == [2.5, 5.0]


def test_the_loss_of_classes_is_the_cross_entropy_by_hand():
    outputs = torch.tensor([[0.0, 0.0], [math.log(3), 0.0]])
    expected = (math.log(2) + math.log(4)) / 2
    assert task_losses(outputs, torch.tensor([0, 1])).item() == pytest.approx(expected)


def test_the_task_loss_is_the_mean_query_loss_of_the_tasks():
    class Fixed:
        def adapt(self, support):
            return lambda x: x

    x = torch.tensor([[[1.0], [2.0]], [[0.0], [0.0]]])
    query = Examples(x, torch.tensor([[0.0, 4.0], [1.0, 3.0]]))
    assert task_loss(Fixed(), Episode(query, query)).item() == 3.75


# Steps


def test_a_quadratic_worked_by_hand():
    """Loss (w - 3)^2, so a step of rate 1/4 halves the way to 3: 0, 1.5, 2.25; dw2/dw0 = 1/4."""
    net = line()
    model = adapt(net, rows([1.0], [3.0]), inner_lr=0.25, steps=2)
    (learned,) = model.weights.values()
    assert learned.item() == 2.25
    learned.sum().backward()
    assert net.weight.grad.item() == 0.25


def test_in_first_order_a_move_counts_as_a_constant():
    net = line()
    (learned,) = adapt(
        net, rows([1.0], [3.0]), inner_lr=0.25, steps=2, order="first"
    ).weights.values()
    assert learned.item() == 2.25
    learned.sum().backward()
    assert net.weight.grad.item() == 1.0


def test_tasks_do_not_leak_into_each_other():
    with initialised_with(seeded(0)):
        net = Mlp(4)
    x, y = torch.randn(3, 6, 4, generator=seeded(1)), torch.randn(3, 6, generator=seeded(2))
    other_x, other_y = x.clone(), y.clone()
    other_x[1], other_y[1] = -5.0, 7.0
    before = adapt(net, Examples(x, y), steps=3)(x)
    after = adapt(net, Examples(other_x, other_y), steps=3)(x)
    assert torch.equal(before[[0, 2]], after[[0, 2]])
    assert not torch.allclose(before[1], after[1])


def test_gradients_reach_the_support_rows_through_the_loop():
    """w1 = w0 - lr * 2 (w0 - y), so dw1/dy = 2 lr."""
    y = torch.tensor([3.0], requires_grad=True)
    model = adapt(line(), Examples(torch.ones(1, 1), y), inner_lr=0.25)
    model(torch.ones(1, 1)).sum().backward()
    assert y.grad.item() == 0.5


@pytest.mark.parametrize("classes", [False, True], ids=["targets", "classes"])
def test_a_support_row_of_no_weight_is_as_if_left_out(classes):
    outputs = torch.randn(2, 4, 3, generator=seeded(1))
    y = torch.tensor([[0, 1, 2, 0], [2, 1, 0, 1]])
    y = y if classes else y.float()
    counted = task_losses(outputs, y, torch.tensor([[5.0, 5.0, 5.0, 0.0]] * 2))
    torch.testing.assert_close(counted, task_losses(outputs[:, :3], y[:, :3]))


def test_a_weight_that_the_answers_do_not_use_stays():
    class Idle(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.idle = line(), nn.Parameter(torch.ones(2))

        def forward(self, x):
            return self.used(x)

    weights = adapt(Idle(), rows([1.0], [3.0]), steps=2).weights
    assert weights["idle"].tolist() == [[1.0, 1.0]]
    assert weights["used.weight"].item() != 0


def test_only_the_named_weights_move():
    with initialised_with(seeded(0)):
        net = Mlp(2, (3,))
    support = Examples(torch.ones(2, 2), torch.ones(2))
    weights = adapt(net, support, only=["layers.1.bias"]).weights
    moved = {name for name, w in net.named_parameters() if not torch.equal(weights[name][0], w)}
    assert moved == {"layers.1.bias"}


# Without gradients


@pytest.mark.parametrize("off", [torch.no_grad, torch.inference_mode])
def test_where_gradients_are_off_the_loop_learns_the_same_constants(off):
    with initialised_with(seeded(0)):
        net = Mlp(4)
    x, y = torch.randn(3, 6, 4, generator=seeded(1)), torch.randn(3, 6, generator=seeded(2))
    wanted = adapt(net, Examples(x, y), steps=3)(x)
    with off():
        model = adapt(net, Examples(x.clone(), y.clone()), steps=3)
        torch.testing.assert_close(model(x), wanted.detach())
    assert not any(w.requires_grad for w in model.weights.values())


def test_a_frozen_net_adapts_all_the_same():
    net = line().requires_grad_(False)
    assert adapt(net, rows([1.0], [3.0]), inner_lr=0.25).weights["weight"].item() == 1.5


def test_the_net_is_left_as_it_was():
    net = line(0.5)
    adapt(net, rows([1.0], [3.0]))
    assert net.weight.item() == 0.5
    assert net.weight.grad is None


def test_a_weight_may_be_a_single_number():
    class Slope(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.tensor(0.0))

        def forward(self, x):
            return x * self.w

    model = adapt(
        Slope(), Examples(torch.ones(2, 1, 1), torch.tensor([[1.0], [3.0]])), inner_lr=0.25
    )
    assert model(torch.ones(2, 1, 1)).flatten().tolist() == [0.5, 1.5]


# What cannot be


def test_divergence_names_the_step_and_the_tasks():
    y = torch.zeros(2, 3, 1)
    y[1, 2] = 1e19  # its square is finite, its next step is not
    x = torch.ones(2, 3, 1, 1)
    with pytest.raises(
        DivergedError, match=re.escape("1 of 3 steps, in 1 of 6 tasks ((1, 2)). Lo")
    ):
        adapt(line(), Examples(x, y), inner_lr=10.0, steps=3)


def test_a_last_step_that_leaves_the_finite_numbers_is_seen_too():
    with pytest.raises(DivergedError, match="after 1 of 1 steps"):
        adapt(line(), rows([1.0], [1e19]), inner_lr=1e20, steps=1)


def test_a_support_row_that_is_not_finite_is_seen_before_the_first_step():
    with pytest.raises(DivergedError, match="after 0 of 5 steps"):
        adapt(line(), rows([math.nan], [1.0]), steps=5)


@pytest.mark.parametrize("label", [-1, 3])
def test_a_label_that_is_no_class_of_the_net_is_named(label):
    support = Examples(torch.ones(2, 4), torch.tensor([0, label]))
    with pytest.raises(ValueError, match=r"3 outputs knows the classes 0 to 2; found labels from"):
        adapt(Mlp(4, n_out=3), support)


def test_a_query_label_that_is_no_class_of_the_model_is_named():
    class Fixed:
        def adapt(self, support):
            return lambda x: x

    rows = Examples(torch.zeros(2, 3), torch.tensor([0, 3]))
    with pytest.raises(ValueError, match="found labels from 0 to 3"):
        task_loss(Fixed(), Episode(rows, rows))


def test_fewer_than_no_steps_are_refused():
    with pytest.raises(ValueError, match="0 steps or more; found -1"):
        adapt(line(), rows([1.0], [3.0]), steps=-1)
