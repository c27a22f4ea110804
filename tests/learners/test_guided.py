"""The guided learner: three ways that are what they say, in any unit, and with hard tables."""

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Examples, MetaLearner, initialised_with, seeded
from metaxai_lab.learners import FeatureGates, Gates, Guided, adaptive_ridge, standardised

WAYS = ["inputs", "penalty", "initialisation"]
every_way = pytest.mark.parametrize("by", WAYS)


def made(by="penalty", n_features=6):
    with initialised_with(seeded(0)):
        return Guided(FeatureGates(n_features=n_features, width=16), by=by).double()


@pytest.fixture
def rows():
    """Support and query rows of four tasks."""
    draw = torch.randn(4, 40, 7, generator=seeded(1), dtype=torch.float64)
    x, y = draw[..., :6], draw[..., 0] + 0.2 * draw[..., 6]
    return Examples(x[:, :12], y[:, :12]), x[:, 12:]


@every_way
def test_it_is_a_meta_learner(rows, by):
    support, query = rows
    assert isinstance(made(by), MetaLearner)
    assert made(by).adapt(support)(query).shape == (4, 28, 1)


def test_the_penalty_is_divided_by_the_gate(rows):
    own, learner = standardised(rows[0]), made("penalty")
    gates = learner.adapt(rows[0]).gates.weights
    price = learner.log_penalty.exp() * 12
    system = own.x.mT @ own.x + torch.diag_embed(price / (gates + 1e-6))
    wanted = torch.linalg.solve(system, own.x.mT @ own.y[..., None])[..., 0]
    found = learner.adapt(rows[0]).weights * own.size / own.y_size[:, None]
    torch.testing.assert_close(found, wanted)


def test_inputs_times_gates_are_the_penalty_over_the_gate_squared(rows):
    own, learner = standardised(rows[0]), made("inputs")
    model = learner.adapt(rows[0])
    gates = model.gates.weights
    price = (learner.log_penalty.exp() * 12).expand(4)
    on_gated = gates * adaptive_ridge(own.x * gates[:, None], own.y, torch.ones_like(gates), price)
    found = model.weights * own.size / own.y_size[:, None]
    torch.testing.assert_close(found, on_gated, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("n_features", [None, 6])
def test_a_start_of_zeros_is_the_penalty(rows, n_features):
    support, query = rows
    plain, started = made("penalty", n_features), made("initialisation", n_features)
    torch.testing.assert_close(started.adapt(support)(query), plain.adapt(support)(query))


@pytest.mark.parametrize("n_features", [None, 6])
def test_under_a_heavy_penalty_weights_stay_at_their_start(rows, n_features):
    learner, own = made("initialisation", n_features), standardised(rows[0])
    learner.log_penalty.data.fill_(25.0)
    if n_features is None:
        learner.start.bias.data.fill_(0.5)
        wanted = 0.5 * (own.x.mT @ own.y[..., None])[..., 0] / 12
    else:
        learner.start.data = torch.arange(6, dtype=torch.float64)
        wanted = learner.start.expand(4, 6)
    found = learner.adapt(rows[0]).weights * own.size / own.y_size[:, None]
    torch.testing.assert_close(found, wanted, atol=1e-6, rtol=0)


@every_way
@pytest.mark.parametrize("n_features", [None, 6])
def test_a_learner_that_is_given_gates_is_guided_by_them_in_its_own_way(rows, by, n_features):
    (support, query), learner = rows, made(by, n_features)
    own = learner.adapt(support)
    assert torch.equal(learner.adapt(support, own.gates)(query), own(query))
    others = Gates(own.gates.logits.roll(1, -1) - 2, own.gates.spread)
    found = learner.adapt(support, others)
    assert found.gates is others
    scaled, free = standardised(support), others.weights ** (2 if by == "inputs" else 1)
    price = (learner.log_penalty.exp() * 12).expand(4)  # a start of zeros is no start
    wanted = adaptive_ridge(scaled.x, scaled.y, free + 1e-6, price)
    fitted = found.weights * scaled.size / scaled.y_size[:, None]
    torch.testing.assert_close(fitted, wanted)


@every_way
def test_other_units_same_answers(rows, by):
    (support, query), learner = rows, made(by)
    unit = 10.0 ** torch.arange(-3, 3, dtype=torch.float64)
    changed = learner.adapt(Examples(support.x * unit + 40, 5 * support.y - 7))
    wanted = 5 * learner.adapt(support)(query) - 7
    torch.testing.assert_close(changed(query * unit + 40), wanted)


@every_way
def test_columns_in_another_order_same_answers(rows, by):
    (support, query), learner = rows, made(by, n_features=None)
    order = torch.tensor([3, 5, 0, 1, 4, 2])
    turned = learner.adapt(Examples(support.x[..., order], support.y))
    wanted = learner.adapt(support)(query)
    torch.testing.assert_close(turned(query[..., order]), wanted, atol=1e-6, rtol=0)


@every_way
def test_weights_and_intercept_are_the_model(rows, by):
    (support, query), learner = rows, made(by)
    model = learner.adapt(support)
    for i in range(4):
        wanted = query[i] @ model.weights[i] + model.intercept[i]
        torch.testing.assert_close(model(query)[i, :, 0], wanted)


@every_way
def test_stacked_tasks_are_adapted_to_as_one_by_one(rows, by):
    (support, query), learner = rows, made(by)
    for i in range(4):
        alone = learner.adapt(Examples(support.x[i], support.y[i]))
        torch.testing.assert_close(alone(query[i]), learner.adapt(support)(query)[i])


@every_way
def test_one_class_is_answered_by_its_label(rows, by):
    support, query = rows
    one = Examples(support.x, torch.ones(4, 12, dtype=torch.long))
    outputs = made(by).adapt(one)(query)
    torch.testing.assert_close(outputs, torch.ones_like(outputs))


@every_way
def test_a_constant_column_has_no_say_when_it_moves_later(rows, by):
    support, query = rows
    support.x[..., 2] = 0.1
    learner, other = made(by), query.clone()
    if by == "initialisation":
        learner.start.data.fill_(1.0)
    other[..., 2] = 1000.0
    model = learner.adapt(support)
    assert not model.weights[:, 2].any()
    assert torch.equal(model(other), model(query))


@every_way
def test_copies_of_a_column_are_finite_and_share_its_weight(rows, by):
    support, _ = rows
    wider = torch.cat([support.x, support.x[..., :1]], -1)
    weights = made(by, n_features=None).adapt(Examples(wider, support.y)).weights
    assert weights.isfinite().all()
    torch.testing.assert_close(weights[:, 6], weights[:, 0])


def test_labels_are_regressed_as_numbers(rows):
    (support, query), learner = rows, made()
    labels = (support.y > 0).long()
    one, other = Examples(support.x, labels), Examples(support.x, labels.double())
    assert torch.equal(learner.adapt(one)(query), learner.adapt(other)(query))


@every_way
def test_errors_teach_gates_and_penalty(rows, by):
    support, query = rows
    learner = made(by)
    learner.adapt(support)(query).square().mean().backward()
    for weight in (learner.log_penalty, learner.gates.open.weight, learner.gates.known.identity):
        assert weight.grad.abs().sum() > 0


def test_a_start_learns_too(rows):
    for n_features in (None, 6):
        learner = made("initialisation", n_features)
        learner.adapt(rows[0])(rows[1]).square().mean().backward()
        assert next(
            iter(learner.start.parameters() if n_features is None else [learner.start])
        ).grad.any()


def test_a_way_that_is_none_is_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="'inputs', 'penalty', 'initialisation'; found 'force'"):
        Guided(FeatureGates(width=16), by="force")
