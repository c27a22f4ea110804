"""Other people's explainers: what they give for a linear model, and what they leave behind."""

import numpy as np
import pytest
import torch

from metaxai_lab.classroom import library_explainers as library
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game

pytestmark = pytest.mark.filterwarnings("ignore:The set_.* function:PendingDeprecationWarning")
WEIGHTS = torch.tensor([1.0, -2.0, 3.0, 0.5])
DATA = torch.randn(60, 4, generator=seeded(0))
ROWS = torch.randn(3, 4, generator=seeded(1))
GAME = Game(lambda x: torch.stack([0 * x.sum(-1), x @ WEIGHTS], -1), DATA[:20], target=1)
EXACT = WEIGHTS * (ROWS - DATA[:20].mean(0))

ASKED = {
    "shap_kernel": lambda g: library.shap_kernel(GAME, ROWS, n_queries=14, generator=g),
    "shap_permutation": lambda g: library.shap_permutation(GAME, ROWS, n_queries=20, generator=g),
    "captum_on_game": lambda g: library.captum_on_game(GAME, ROWS, n_queries=40, generator=g),
}


@pytest.mark.parametrize("name", ASKED)
def test_for_a_linear_model_it_gives_the_weight_times_the_distance_from_the_mean(name):
    torch.testing.assert_close(ASKED[name](seeded(2)), EXACT, atol=0.05, rtol=0.02)


def test_captum_as_it_is_plays_against_one_baseline():
    baseline = torch.tensor([1.0, 0.0, 2.0, -1.0])
    found = library.captum_kernel(GAME, ROWS, baseline=baseline, n_queries=40, generator=seeded(2))
    torch.testing.assert_close(found, WEIGHTS * (ROWS - baseline), atol=0.05, rtol=0.02)


def test_lime_on_a_line_gives_slopes_times_distances_from_the_mean():
    found = library.lime_library(
        GAME, ROWS, data=DATA, n_samples=2000, discretised=False, generator=seeded(2)
    )
    torch.testing.assert_close(found, WEIGHTS * (ROWS - DATA.mean(0)), atol=0.1, rtol=0.05)


def test_discretised_lime_knows_a_row_by_its_quarters_alone():
    quarters = torch.tensor(np.quantile(DATA.numpy(), (0.25, 0.5, 0.75), axis=0)).float()
    moved = quarters[2] + torch.tensor([[0.1] * 4, [0.5] * 4])
    found = (
        library.lime_library(GAME, moved[:1], data=DATA, n_samples=500, generator=seeded(2)),
        library.lime_library(GAME, moved[1:], data=DATA, n_samples=500, generator=seeded(2)),
    )
    assert torch.equal(found[0].sign(), WEIGHTS.sign()[None])
    torch.testing.assert_close(found[0], found[1], atol=0.3, rtol=0.1)


@pytest.mark.parametrize("name", ["shap_kernel", "captum_on_game"])
def test_the_same_seed_gives_the_same_values(name):
    torch.testing.assert_close(ASKED[name](seeded(3)), ASKED[name](seeded(3)), rtol=0, atol=0)


@pytest.mark.parametrize("name", ASKED)
def test_global_generators_stay_as_they_were(name):
    ours, theirs = torch.random.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    ASKED[name](seeded(4))
    assert torch.equal(ours, torch.random.get_rng_state())
    assert (theirs == np.random.get_state()[1]).all()  # noqa: NPY002


def test_shap_asks_for_all_coalitions_and_is_exact():
    torch.testing.assert_close(library.shap_exact(GAME, ROWS), EXACT, atol=1e-5, rtol=0)


@pytest.mark.parametrize("discretised", [True, False])
def test_lime_refuses_a_column_that_does_not_vary(discretised):
    still = torch.cat([DATA[:, :2], torch.full((60, 1), 0.1), DATA[:, 3:]], -1)
    knobs = {"n_samples": 50, "discretised": discretised, "generator": seeded(2)}
    with pytest.raises(ValueError, match=r"column \[2\] of these 60 rows does not vary"):
        library.lime_library(GAME, ROWS, data=still, **knobs)


@pytest.mark.parametrize("ask", [library.shap_kernel, library.captum_on_game])
def test_a_target_for_each_row_is_refused(ask):
    each = Game(GAME.model, GAME.background, target=torch.tensor([0, 1, 0]))
    with pytest.raises(ValueError, match="explain one output; ask once for each target"):
        ask(each, ROWS, n_queries=14, generator=seeded(2))


def test_captum_refuses_a_table_of_one_column():
    alone = Game(lambda x: x, DATA[:20, :1])
    knobs = {"n_queries": 14, "generator": seeded(2)}
    with pytest.raises(ValueError, match="captum draws sets of 2 columns or more; found 1"):
        library.captum_on_game(alone, ROWS[:, :1], **knobs)
    with pytest.raises(ValueError, match="captum draws sets of 2 columns or more; found 1"):
        library.captum_kernel(alone, ROWS[:, :1], baseline=DATA[0, :1], **knobs)
