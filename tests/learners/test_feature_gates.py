"""Gates read from a support set: equivariant, in any unit and width, unsure by their own say."""

import pytest
import torch

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.learners import FeatureGates


def made(**settings):
    with initialised_with(seeded(0)):
        return FeatureGates(width=16, **settings).double()


@pytest.fixture
def support():
    draw = torch.randn(4, 12, 7, generator=seeded(1), dtype=torch.float64)
    return Examples(draw[..., :6], draw[..., 0] + draw[..., 6])


def same(one, other):
    torch.testing.assert_close(one.logits, other.logits, atol=1e-6, rtol=0)
    torch.testing.assert_close(one.spread, other.spread, atol=1e-6, rtol=0)


def test_each_column_gets_a_weight_between_0_and_1(support):
    weights = made()(support).weights
    assert weights.shape == (4, 6)
    assert ((weights > 0) & (weights < 1)).all()


def test_other_order_of_columns_other_order_of_gates(support):
    order, gates = torch.tensor([3, 5, 0, 1, 4, 2]), made()
    turned = gates(Examples(support.x[..., order], support.y))
    torch.testing.assert_close(turned.weights, gates(support).weights[:, order], atol=1e-6, rtol=0)
    torch.testing.assert_close(turned.spread, gates(support).spread[:, order], atol=1e-6, rtol=0)


def test_gates_that_know_their_columns_are_bound_to_their_order(support):
    order, gates = torch.tensor([3, 5, 0, 1, 4, 2]), made(n_features=6)
    turned = gates(Examples(support.x[..., order], support.y))
    assert not torch.allclose(turned.weights, gates(support).weights[:, order], atol=1e-3)


def test_other_order_of_rows_same_gates(support):
    gates = made(n_features=6)
    same(gates(Examples(support.x.flip(1), support.y.flip(1))), gates(support))


@pytest.mark.parametrize("n_features", [None, 6])
def test_every_weight_has_its_part(support, n_features):
    gates = made(n_features=n_features)
    found = gates(support)
    (found.logits.square().sum() + found.spread.sum()).backward()
    idle = {name for name, w in gates.named_parameters() if w.grad is None or not w.grad.any()}
    assert idle <= {"known.hear.weight"}  # nothing is heard before a pair is learned


def test_columns_see_each_other(support):
    gates, other = made(), support.x.clone()
    other[..., 1] = torch.randn(4, 12, generator=seeded(2), dtype=torch.float64)
    moved = gates(Examples(other, support.y)).logits - gates(support).logits
    assert (moved[:, 5].abs() > 1e-6).all()


@pytest.mark.parametrize("n_features", [None, 6])
def test_other_units_same_gates(support, n_features):
    gates, unit = made(n_features=n_features), 10.0 ** torch.arange(-3, 3, dtype=torch.float64)
    same(gates(Examples(support.x * unit + 40, 1000 * support.y - 7)), gates(support))


def test_stacked_tasks_are_read_as_one_by_one(support):
    gates = made(n_features=6)
    for i in range(4):
        alone = gates(Examples(support.x[i], support.y[i]))
        torch.testing.assert_close(alone.logits, gates(support).logits[i])


def test_tasks_may_have_two_axes(support):
    twice = Examples(support.x.unflatten(0, (2, 2)), support.y.unflatten(0, (2, 2)))
    torch.testing.assert_close(made()(twice).logits.flatten(0, 1), made()(support).logits)


def test_a_constant_column_is_closed_and_says_nothing_to_the_others(support):
    wider = torch.cat([support.x, torch.full_like(support.x[..., :1], 0.1)], -1)
    found = made()(Examples(wider, support.y))
    assert (found.weights[..., 6] < 1e-4).all()
    torch.testing.assert_close(found.weights[..., :6], made()(support).weights)


def test_a_column_and_its_copy_share_their_gate(support):
    wider = torch.cat([support.x, support.x[..., 2:3]], -1)
    weights = made()(Examples(wider, support.y)).weights
    torch.testing.assert_close(weights[..., 6], weights[..., 2])


@pytest.mark.parametrize("width", [1, 6, 40])
def test_without_vectors_of_their_own_any_width_is_served(width):
    x = torch.randn(5, width, generator=seeded(2), dtype=torch.float64)
    assert made()(Examples(x, x[:, 0])).weights.shape == (width,)


@pytest.mark.parametrize("width", [5, 7])
def test_gates_that_know_their_columns_refuse_others(support, width):
    x = support.x[..., :1].expand(4, 12, width)
    with pytest.raises(ValueError, match=rf"know 6 columns .* found {width}\. .*\(\) for any"):
        made(n_features=6)(Examples(x, support.y))


def test_gradients_reach_the_support_rows(support):
    def opened(x):
        return gates(Examples(x, support.y)).weights.sum()

    gates, x = made(), support.x.clone().requires_grad_()
    wanted = torch.autograd.grad(opened(x), x)[0]
    torch.testing.assert_close(torch.func.grad(opened)(support.x), wanted)
    assert wanted.abs().sum(-2).gt(0).all()


def test_labels_are_read_as_numbers(support):
    labels = (support.y > 0).long()
    same(made()(Examples(support.x, labels)), made()(Examples(support.x, labels.double())))


@pytest.mark.parametrize("case", ["constant table", "one class"])
def test_where_nothing_can_be_read_gates_are_finite(support, case):
    if case == "constant table":
        support.x[:] = 3.0
    found = made(n_features=6)(Examples(support.x, torch.ones_like(support.y)))
    assert found.logits.isfinite().all()
    assert found.spread.isfinite().all()


def test_the_interval_holds_its_share_of_laplaces_law(support):
    found = made()(support)
    law = torch.distributions.Laplace(found.logits, found.spread / 2**0.5)
    low, high = found.interval(0.9)
    torch.testing.assert_close(law.cdf(low.logit()), torch.full_like(low, 0.05))
    torch.testing.assert_close(law.cdf(high.logit()), torch.full_like(low, 0.95))
    torch.testing.assert_close(law.stddev, found.spread)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_an_interval_of_none_or_all_is_refused(support, share):
    with pytest.raises(ValueError, match="share lies between 0 and 1"):
        made()(support).interval(share)


def test_the_spread_moves_nothing_but_itself(support):
    gates = made(n_features=6)
    gates(support).spread.sum().backward()
    moved = {name.split(".")[0] for name, w in gates.named_parameters() if w.grad is not None}
    assert moved == {"doubt"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"n_features": 0}, "n_features is at least 1"),
        ({"n_layers": 0}, "n_layers of at least 1"),
        ({"n_heads": 3}, "does not divide among n_heads=3"),
    ],
)
def test_settings_out_of_range_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        made(**settings)
