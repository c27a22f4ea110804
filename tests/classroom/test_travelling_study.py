"""The experiment on an explainer that travels: games are kept, and errors are judged per model."""

import pytest
import torch

from metaxai_lab.classroom import travelling_study as study
from metaxai_lab.core import seeded
from metaxai_lab.explainers import PlayedGames, fit_prior, hand_prior, play_random_models


@pytest.fixture(scope="module")
def games():
    return play_random_models(20, n_features=5, n_rows=3, generator=seeded(0))


def test_games_are_played_once_and_then_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path))
    one, seconds = study.random_games(10, seed=3, families=("linear",))
    assert len(list(tmp_path.iterdir())) == 1
    again, same = study.random_games(10, seed=3, families=("linear",))
    assert torch.equal(one.values, again.values)
    assert one.families == again.families == ("linear",) * 10
    assert seconds == same > 0


def test_the_error_is_a_share_of_the_length_of_the_exact_values_in_any_order(games):
    def half(drawn, n_queries, generator):
        return 0.5 * drawn.exact

    found = study.errors(half, games, 8, n_draws=3)
    assert torch.allclose(found, torch.full_like(found, 0.5))


def test_rows_with_nothing_to_explain_are_left_out():
    values = torch.zeros(2, 2, 8)
    values[0, 0, 1::2] = 1.0  # one row of one model depends on column 0
    one = PlayedGames(values, ("a", "b"))
    found = study.errors(lambda drawn, k, g: torch.zeros(2, 2, 3).double(), one, 4)
    assert found.tolist() == [1.0]


def test_questions_of_one_prior_can_be_combined_by_another(games):
    ours, other = fit_prior(games), hand_prior(5, 1.0)
    asked = study.by_prior(ours, other)(games, 14, seeded(0))
    masks = other.design(14)
    assert torch.equal(asked, ours.joint(masks).shapley(games.asked(masks))[0])


def test_an_untrained_traveller_has_the_same_prior_and_numbers_that_say_nothing(games):
    process = study.CoalitionProcess()
    with torch.no_grad():
        process.shared["trust"] += 1.0
    traveller = study.Traveller(fit_prior(games), process, 0.0, 1.0)
    fresh = study.untrained(traveller)
    assert fresh.prior is traveller.prior
    assert fresh.process.shared["trust"].item() == 0.0
