"""The printed gates, ported: worked out by hand, row by row, and in two loops."""

from math import log

import pytest
import torch

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.learners import task_losses
from metaxai_lab.learners.row_gates import RowGated, RowGatedLearner


@pytest.fixture
def net():
    with initialised_with(seeded(0)):
        return RowGated(3, width=4)


def some_rows(*shape, seed=1):
    drawn = torch.randn(*shape, 4, generator=seeded(seed))
    return Examples(drawn[..., :3], drawn[..., 3])


def by_hand():
    """A row (1, 2, 4) has gates (1/2, 3/4, 1/4), hidden units 2.5 and 0, and the output 5."""
    net = RowGated(3, width=2)
    kernel = torch.tensor([[1.0, 1.0], [2.0, -2.0], [-1.0, 1.0]])
    opens = torch.zeros(3, 3)
    opens[0, 1], opens[2, 2] = log(3), -log(3) / 4
    with torch.no_grad():
        for layer in (net.meta.dense, net.base.dense1, net.base.dense2):
            layer.bias.zero_()
        net.meta.dense.weight.copy_(opens.T)
        net.base.dense1.weight.copy_(kernel.T)
        net.base.dense2.weight.copy_(torch.tensor([[2.0, 4.0]]))
    return net, torch.tensor([[1.0, 2.0, 4.0]])


def test_the_gates_of_a_row_are_worked_out_by_hand():
    net, row = by_hand()
    assert net.meta(row).tolist() == [pytest.approx([0.5, 0.75, 0.25])]


def test_the_output_of_a_row_is_worked_out_by_hand():
    net, row = by_hand()
    assert net(row).item() == pytest.approx(5.0)


def test_a_gate_sees_no_other_row(net):
    x = some_rows(5).x
    other = x.clone()
    other[1:] = 9.0
    assert net.meta(other)[0].equal(net.meta(x)[0])


def test_side_by_side_each_task_is_answered_by_its_own_weights(net):
    with initialised_with(seeded(1)):
        other = RowGated(3, width=4)
    pairs = zip(net.named_parameters(), other.parameters(), strict=True)
    weights = {name: torch.stack([one, two]) for (name, one), two in pairs}
    x = some_rows(2, 5).x
    torch.testing.assert_close(net.side_by_side(weights, x), torch.stack([net(x[0]), other(x[1])]))


def test_half_the_gate_and_twice_its_column_reach_as_far(net):
    x = some_rows(5).x
    with torch.no_grad():
        net.meta.dense.weight[1] = 0.0
        net.meta.dense.bias[1] = 0.0  # a gate of one half
        before = net.reach(x)[:, 1]
        net.meta.dense.bias[1] = -log(3)  # a gate of one quarter
        net.base.dense1.weight[:, 1] *= 2
    torch.testing.assert_close(net.reach(x)[:, 1], before)


def test_inside_a_task_the_base_learner_moves_and_the_gates_do_not(net):
    weights = RowGatedLearner(net).adapt(some_rows(2, 6)).weights
    moved = {
        name: not weight.equal(dict(net.named_parameters())[name].expand_as(weight))
        for name, weight in weights.items()
    }
    assert {name for name, yes in moved.items() if not yes} == {
        "meta.dense.weight",
        "meta.dense.bias",
    }


def test_the_gates_learn_through_the_step_of_the_base_learner(net):
    support, query = some_rows(6), some_rows(5, seed=2)
    learner = RowGatedLearner(net, inner_lr=0.2, inner_steps=1)
    loss = task_losses(learner.adapt(support)(query.x), query.y)
    found = torch.autograd.grad(loss, net.meta.dense.bias)[0]

    base = dict(net.base.named_parameters())
    error = (net(support.x)[:, 0] - support.y).square().mean()
    slopes = torch.autograd.grad(error, list(base.values()), create_graph=True)
    moved = {k: w - 0.2 * s for (k, w), s in zip(base.items(), slopes, strict=True)}
    asked = (query.x, net.meta(query.x))
    answers = torch.func.functional_call(net.base, moved, asked)[:, 0]
    wanted = (answers - query.y).square().mean()
    torch.testing.assert_close(found, torch.autograd.grad(wanted, net.meta.dense.bias)[0])


def test_a_stack_of_tasks_is_adapted_as_each_alone(net):
    support, query = some_rows(3, 6), some_rows(3, 5, seed=2)
    learner = RowGatedLearner(net)
    together = learner.adapt(support)(query.x)
    for i in range(3):
        alone = learner.adapt(Examples(support.x[i], support.y[i]))(query.x[i])
        torch.testing.assert_close(together[i], alone)


def test_a_step_of_no_length_is_refused(net):
    with pytest.raises(ValueError, match="inner_lr is positive and finite; found 0"):
        RowGatedLearner(net, inner_lr=0.0)
