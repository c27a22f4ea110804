"""The trained explainer is judged by exact values, by what it refuses, and by what it does not see.

The game is small: three columns, two of which act together.
"""

from functools import cache

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Explainer, seeded
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.explainers.amortized import Training, amortize, learned
from metaxai_lab.explainers.stored_values import store_coalitions

DATA = torch.randn(300, 3, generator=seeded(0))
NEW = torch.randn(50, 3, generator=seeded(1))
SMALL = Training(width=32, steps=400, batch=128)


def model(x):
    first = 2 * x[..., 0] + x[..., 1] * x[..., 2]
    return torch.stack([first, x[..., 2]], -1)


def game():
    return Game(model, DATA[:8])


@cache
def small(n_members=1):
    how = Training(width=32, steps=400, batch=128, n_members=n_members)
    return amortize(game(), DATA, n_rows=2000, training=how, generator=seeded(0))


def test_it_is_an_explainer():
    assert isinstance(small(), Explainer)


def test_it_comes_near_the_exact_values_of_rows_it_has_not_seen():
    found, exact = small()(model, NEW, target=0).values, exact_shapley(game(), NEW).values
    error = (found - exact).norm(dim=-1) / exact.norm(dim=-1)
    assert error.median() < 0.1


def test_its_shares_add_up():
    assert small()(model, NEW, target=0).gap.abs().max() < 1e-4


def test_the_gap_before_is_what_the_network_itself_left_open():
    explain = small()
    shares = explain.net(NEW[None])[0]
    wanted = model(NEW)[:, 0] - explain.reference - shares.sum(-1)
    torch.testing.assert_close(explain.gap_before(model, NEW, target=0), wanted)


def test_the_gap_before_is_larger_on_rows_far_from_those_it_knows():
    explain = small()
    near = explain.gap_before(model, NEW, target=0).abs().median()
    assert explain.gap_before(model, NEW * 4, target=0).abs().median() > 5 * near


def test_one_network_has_no_spread_and_several_have_that_of_their_answers():
    assert small()(model, NEW, target=0).spread is None
    said = small(2)(model, NEW, target=0)
    one, other = small(2).net(NEW.expand(2, 50, 3))
    off = ((one - one.mean(-1, keepdim=True)) - (other - other.mean(-1, keepdim=True))).abs()
    torch.testing.assert_close(said.spread, off / 2**0.5, atol=1e-5, rtol=1e-4)


def test_it_asks_nothing_more_of_the_game_when_it_explains():
    explain = small()
    before = explain.game.n_queries
    explain(model, NEW, target=0)
    assert explain.game.n_queries == before


def test_the_same_seed_gives_the_same_explainer():
    again = [
        amortize(game(), DATA, n_rows=200, training=Training(steps=20), generator=seeded(3))
        for _ in range(2)
    ]
    one, other = (explain(model, NEW, target=0).values for explain in again)
    assert torch.equal(one, other)


def test_a_start_is_gone_on_from_and_stays_as_it_was():
    stored = store_coalitions(game(), DATA, generator=seeded(0))
    start = small().net
    before = [weight.detach().clone() for weight in start.weights]
    how = Training(steps=1, outer_lr=1e-9)
    found = learned(game(), stored, training=how, start=start, generator=seeded(0))
    for now, then, gone_on in zip(start.weights, before, found.net.weights, strict=True):
        assert torch.equal(now, then)
        torch.testing.assert_close(gone_on, then, atol=1e-6, rtol=0)


def test_rows_of_other_columns_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="a model of 3 columns; found rows of 5"):
        small()(model, torch.zeros(2, 5), target=0)


def test_another_output_is_refused():
    with pytest.raises(ValueError, match="trained for output 0; asked for 1"):
        small()(model, NEW, target=1)


def test_another_model_is_refused():
    with pytest.raises(ValueError, match="trained for another model"):
        small()(lambda x: model(x) + 1, NEW, target=0)


def test_a_game_of_several_models_is_refused():
    stored = store_coalitions(game(), DATA, generator=seeded(0))
    stack = Game(model, DATA[:8].expand(2, 8, 3))
    with pytest.raises(ValueError, match="one model and one output"):
        learned(stack, stored, generator=seeded(0))
