"""Games played to the end: every coalition's value is known, and can be asked for."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.played_games import PlayedGames, numbers_of, play_random_models


@pytest.fixture(scope="module")
def games():
    how = {"n_features": 4, "n_rows": 3, "n_background": 5}
    return play_random_models(40, families=("linear", "trees"), **how, generator=seeded(0))


def test_a_coalition_has_its_place_among_all():
    masks = all_coalitions(5)
    assert torch.equal(numbers_of(masks), torch.arange(32))


def test_values_are_asked_for_by_their_masks(games):
    masks = torch.tensor([[True, False, True, False], [True] * 4])
    found = games.asked(masks)
    wanted = games.values[..., [5, 15]] - games.values[..., [0, 0]]
    assert torch.equal(found, wanted.double())


def test_exact_values_add_up(games):
    whole = (games.values[..., -1] - games.values[..., 0]).double()
    assert torch.allclose(games.exact.sum(-1), whole, atol=1e-6)


def test_families_take_turns_in_stacks_of_ten(games):
    turns = ("linear",) * 10 + ("trees",) * 10
    assert games.families == turns * 2
    assert games.values.shape == (40, 3, 16)


def test_a_family_can_be_left_out_or_taken_alone(games):
    assert set(games.without("trees").families) == {"linear"}
    assert torch.equal(games.of("trees").values, games.values[[*range(10, 20), *range(30, 40)]])


def test_columns_in_another_order_are_worth_the_same(games):
    order = torch.tensor([2, 0, 3, 1])
    assert torch.allclose(games.relabelled(order).exact, games.exact[..., order])


def test_models_that_do_not_fill_a_stack_are_refused():
    with pytest.raises(ValueError, match="stacks of 10; found 15"):
        play_random_models(15, generator=seeded(0))


def test_values_that_are_no_game_are_refused():
    with pytest.raises(ValueError, match="2\\^n values"):
        PlayedGames(torch.zeros(2, 3, 12), ("a", "b"))
    with pytest.raises(ValueError, match="1 families"):
        PlayedGames(torch.zeros(2, 3, 8), ("a",))
