"""The explainer that travels: it asks what it was told to, adds up, and refuses what it cannot."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_prior import fit_prior
from metaxai_lab.explainers.coalition_process import CoalitionProcess
from metaxai_lab.explainers.exact import exact_shapley
from metaxai_lab.explainers.game import Game
from metaxai_lab.explainers.played_games import play_random_models
from metaxai_lab.explainers.travelling import travelling
from metaxai_lab.tasks.random_models import random_models

N = 6


@pytest.fixture(scope="module")
def prior():
    return fit_prior(play_random_models(70, n_features=N, n_rows=4, generator=seeded(0)))


@pytest.fixture
def stack():
    drawn = random_models("networks", n_models=3, n_features=N, generator=seeded(4))
    return Game(drawn, drawn.rows[:, :12]), drawn.rows[:, 12:17]


@pytest.mark.parametrize("steps", [0, 3])
def test_values_add_up_and_every_query_is_paid(prior, stack, steps):
    game, rows = stack
    said = travelling(
        game, rows, prior=prior, n_queries=20, process=CoalitionProcess(), steps=steps
    )
    assert float(said.gap.abs().max()) < 1e-5
    assert game.n_queries == 20 * rows[..., 0].numel()
    assert said.spread is not None
    assert said.spread.shape == said.values.shape


def test_values_are_near_the_exact_ones(prior, stack):
    game, rows = stack
    exact = exact_shapley(game, rows).values
    said = travelling(game, rows, prior=prior, n_queries=30).values
    assert float((said - exact).norm() / exact.norm()) < 0.1


def test_it_does_not_mind_the_names_of_columns_when_all_pairs_are_asked(prior, stack):
    game, rows = stack
    order = torch.tensor([3, 1, 0, 5, 2, 4])
    back = order.argsort()
    renamed = Game(lambda x: game.model(x[..., back]), game.background[..., order])
    one = travelling(game, rows, prior=prior, n_queries=64).values
    other = travelling(renamed, rows[..., order], prior=prior, n_queries=64).values
    assert torch.allclose(one[..., order], other, atol=1e-4)


def test_a_game_of_other_columns_is_refused(prior):
    game = Game(lambda x: x[..., :1], torch.zeros(2, 8))
    with pytest.raises(ValueError, match="games of 6 columns; the game has 8"):
        travelling(game, torch.ones(1, 8), prior=prior, n_queries=20)


def test_steps_without_a_process_are_refused(prior, stack):
    game, rows = stack
    with pytest.raises(ValueError, match="need a process"):
        travelling(game, rows, prior=prior, n_queries=20, steps=2)
