"""A widened spread is judged by the share of exact values it holds on the rows it was fitted on."""

from functools import cache

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.explainers.amortized import Training, amortize
from metaxai_lab.explainers.widened import widened

DATA = torch.randn(200, 3, generator=seeded(0))


def model(x):
    return (2 * x[..., :1] + x[..., 1:2] * x[..., 2:]).tanh()


@cache
def trained(n_members):
    how = Training(width=16, steps=60, batch=64, n_members=n_members)
    game = Game(model, DATA[:8])
    return amortize(game, DATA, n_rows=400, training=how, generator=seeded(0))


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_it_holds_the_wanted_share_on_the_rows_it_was_fitted_on(share):
    explain, exact = trained(3), exact_shapley(Game(model, DATA[:8]), DATA[:60]).values
    said = widened(explain, DATA[:60], exact, share=share)(model, DATA[:60], target=0)
    reach = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + share) / 2))
    held = (said.values - exact).abs() <= reach * said.spread
    assert abs(float(held.double().mean()) - share) < 0.02


def test_it_leaves_the_values_as_they_were():
    exact = exact_shapley(Game(model, DATA[:8]), DATA[:20]).values
    wide = widened(trained(3), DATA[:20], exact)
    assert torch.equal(wide(model, DATA, target=0).values, trained(3)(model, DATA, target=0).values)


def test_one_network_cannot_disagree():
    with pytest.raises(ValueError, match="two members"):
        widened(trained(1), DATA[:5], torch.zeros(5, 3))
