"""Rivals answer from sheets of values, as they would from the models, and pay for each."""

import torch

from metaxai_lab.classroom import travelling_rivals as rivals
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, fit_prior, hand_prior, play_random_models
from metaxai_lab.explainers.exact import exact_shapley
from metaxai_lab.explainers.kernel_shap import kernel_shap
from metaxai_lab.explainers.played_games import PlayedGames
from metaxai_lab.tasks.random_models import random_models


def played(n_features=5, n_models=10):
    return play_random_models(n_models, n_features=n_features, n_rows=3, generator=seeded(0))


def test_a_sheet_played_again_has_the_same_exact_values():
    games = played()
    game, rows = rivals.played_again(games)
    assert torch.allclose(exact_shapley(game, rows).values.double(), games.exact, atol=1e-5)
    assert game.n_queries == games.values.numel()


def test_an_estimator_gives_on_the_sheet_what_it_gives_on_the_model():
    drawn = random_models("trees", n_models=4, n_features=5, generator=seeded(1))
    background, rows = drawn.rows[:, :6], drawn.rows[:, 6:9]
    masks = rivals.numbers_of  # the order of a sheet is that of `all_coalitions`
    assert masks(torch.tensor([[True, False, True]])).tolist() == [5]
    everyone = torch.arange(32)[:, None] >> torch.arange(5) & 1 == 1
    sheet = PlayedGames(Game(drawn, background).values(rows, everyone), ("a",) * 4)
    game, ones = rivals.played_again(sheet)
    how = {"n_queries": 14}
    live = kernel_shap(Game(drawn, background), rows, **how, generator=seeded(2)).values
    again = kernel_shap(game, ones, **how, generator=seeded(2)).values
    assert torch.allclose(live, again, atol=1e-5)


def test_with_all_coalitions_the_library_is_exact():
    games = played(n_features=4)
    found = rivals.shap_library(games, 16, seeded(0))
    assert torch.allclose(found.double(), games.exact, atol=1e-4)


def test_least_squares_are_exact_where_models_are_sums_of_columns():
    games = played().of("linear")
    weights = torch.randn(10, 3, 5, generator=seeded(3))
    everyone = (torch.arange(32)[:, None] >> torch.arange(5) & 1).float()
    sums = PlayedGames(weights @ everyone.T, games.families)
    found = rivals.least_squares_on(hand_prior(5))(sums, 12, seeded(0))
    assert torch.allclose(found, weights.double(), atol=1e-4)


def test_questions_by_lot_differ_from_draw_to_draw():
    games = played()
    explain = rivals.on_random_questions(fit_prior(games))
    g = seeded(0)
    one, other = explain(games, 14, g), explain(games, 14, g)
    assert not torch.allclose(one, other, atol=1e-3)
    assert torch.allclose(one.sum(-1), other.sum(-1), atol=1e-9)


def test_least_squares_are_exact_where_all_coalitions_are_asked():
    games = played()
    found = rivals.least_squares_on(hand_prior(5))(games, 32, seeded(0))
    assert torch.allclose(found, games.exact, atol=1e-5)
