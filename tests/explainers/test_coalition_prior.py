"""A prior over games: second moments by class, and what they say of Shapley values."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_prior import Prior, fit_prior, hand_prior
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.exact import exact_shapley, shapley_of
from metaxai_lab.explainers.game import Game
from metaxai_lab.explainers.kernel_shap import leverage_shap
from metaxai_lab.explainers.played_games import PlayedGames, play_random_models
from metaxai_lab.explainers.travelling import travelling
from metaxai_lab.tasks.random_models import random_models

N = 5


@pytest.fixture(scope="module")
def games():
    return play_random_models(60, n_features=N, n_rows=4, n_background=6, generator=seeded(0))


@pytest.fixture(scope="module")
def prior(games):
    return fit_prior(games)


def test_a_class_is_the_mean_over_its_pairs_of_coalitions(games, prior):
    u = (games.values - games.values[..., :1]).flatten(0, 1).double()
    size = u.square().mean(1, keepdim=True).sqrt()
    u = (u / size)[size[:, 0] > 0]
    masks = all_coalitions(N)
    products = [
        (u[:, a] * u[:, b]).mean()
        for a in range(2**N)
        for b in range(2**N)
        if (masks[a].sum(), masks[b].sum(), (masks[a] & masks[b]).sum()) == (2, 3, 1)
    ]
    assert torch.allclose(prior.moments[1, 2, 3], torch.stack(products).mean(), rtol=1e-6)


def test_large_outputs_count_no_more_than_small_ones(games, prior):
    sizes = torch.logspace(-3, 3, 60)[:, None, None]
    scaled = fit_prior(PlayedGames(games.values * sizes, games.families))
    assert torch.allclose(scaled.moments, prior.moments, atol=1e-4)


def test_columns_carry_no_names(games, prior):
    order = [2, 0, 4, 1, 3]
    masks = all_coalitions(N)[:, order]
    renamed = PlayedGames(
        games.values[..., (masks.long() << torch.arange(N)).sum(1)], games.families
    )
    assert torch.allclose(fit_prior(renamed).moments, prior.moments, atol=1e-5)


def test_covariance_with_shapley_values_is_that_of_games_drawn_from_the_prior(prior):
    everyone = all_coalitions(N)
    whole = prior.covariance(everyone, everyone)
    values, vectors = torch.linalg.eigh(whole)
    draws = vectors * values.clamp(min=0).sqrt()  # columns: games whose squares make the prior
    shares = shapley_of(draws.T)
    masks = everyone[[31, 3, 12]]
    joint = prior.joint(masks)
    assert torch.allclose(joint.towards, shares.T @ draws.T[:, [31, 3, 12]], atol=1e-6)
    assert torch.allclose(joint.shares, shares.square().sum(0), atol=1e-6)


def test_with_all_coalitions_asked_the_values_are_exact(games, prior):
    masks = prior.design(2**N)
    found, spread = prior.joint(masks).shapley(games.asked(masks))
    assert torch.allclose(found, games.exact, atol=1e-3)
    assert float(spread.mean()) < 0.01 * float(games.exact.abs().mean())


def test_the_hand_prior_has_the_variance_it_was_given():
    """Games of independent Moebius coefficients, of variance 0.3 to the power of the order."""
    masks = all_coalitions(4)
    inside = ((masks[:, None] & masks[None]) == masks[None]).all(-1).double()  # T within S
    spread = 0.3 ** masks.sum(1).double()
    spread[0] = 0.0
    wanted = inside @ (spread[:, None] * inside.T)
    found = hand_prior(4, 0.3).covariance(masks, masks)
    assert torch.allclose(found * wanted[-1, -1], wanted, atol=1e-9)


def test_it_beats_leverage_sampling_on_models_it_has_not_met(prior):
    drawn = random_models("networks", n_models=40, n_features=N, generator=seeded(9))
    game, rows = Game(drawn, drawn.rows[:, :8]), drawn.rows[:, 8:12]
    exact = exact_shapley(game, rows).values
    found = travelling(game, rows, prior=prior, n_queries=12).values
    rival = leverage_shap(game, rows, n_queries=12, generator=seeded(1)).values
    ours, theirs = ((x - exact).norm(dim=-1) / exact.norm(dim=-1) for x in (found, rival))
    assert float(ours.mean()) < 0.85 * float(theirs.mean())


def test_equal_games_are_refused():
    flat = PlayedGames(torch.ones(3, 2, 8), ("a",) * 3)
    with pytest.raises(ValueError, match="found none"):
        fit_prior(flat)


@pytest.mark.parametrize("n_queries", [2, 3, 34])
def test_a_budget_out_of_range_is_refused(prior, n_queries):
    with pytest.raises(ValueError, match="Ask from 4 to 32"):
        prior.design(n_queries)


def test_a_prior_knows_its_columns():
    assert Prior(torch.zeros(4, 4, 4)).n_features == 3
