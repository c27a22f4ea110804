"""Stored values are judged by what the game says when it is asked again."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game
from metaxai_lab.explainers.stored_values import drawn_pairs, more_rows, store_coalitions

BACKGROUND = torch.randn(6, 4, generator=seeded(1))
ROWS = torch.randn(5, 4, generator=seeded(2))


def model(x):
    return (x.square().sum(-1, keepdim=True) + x[..., :1] * x[..., 1:2]).sin()


def stored(**knobs):
    return store_coalitions(Game(model, BACKGROUND), ROWS, generator=seeded(0), **knobs)


def test_what_is_stored_is_what_the_game_says_again_less_its_reference():
    found, game = stored(n_coalitions=6), Game(model, BACKGROUND)
    again = game.values(ROWS, found.questions > 0.5) - game.ends(ROWS)[0][:, None]
    torch.testing.assert_close(found.values, again)
    torch.testing.assert_close(found.totals, game.ends(ROWS)[1] - found.reference)


def test_it_counts_what_it_cost():
    assert stored(n_coalitions=6).n_queries == 1 + 5 + 5 * 6


def test_the_second_half_of_the_coalitions_are_the_complements_of_the_first():
    masks = drawn_pairs(50, 7, 3, seeded(0))
    assert torch.equal(masks[:, :3], ~masks[:, 3:])


def test_sizes_are_drawn_by_the_shapley_kernel():
    sizes = drawn_pairs(20_000, 4, 1, seeded(0)).sum(-1).flatten()
    shares = torch.bincount(sizes, minlength=5).double() / len(sizes)
    wanted = torch.tensor([0, 1 / 3, 1 / 4, 1 / 3, 0]).double()  # 1 / (s (4 - s)), summing to 1
    wanted = wanted / wanted.sum()
    torch.testing.assert_close(shares, wanted, atol=0.01, rtol=0)


def test_a_replayed_episode_holds_rows_with_their_own_totals_and_values():
    found = stored()
    episode = found.replay(3, 4)(seeded(0))
    assert episode.support.x.shape == (3, 4, 1, 4)
    for member in range(3):
        for task in range(4):
            row = episode.support.x[member, task, 0]
            at = int((found.rows == row).all(-1).nonzero())
            assert episode.support.y[member, task, 0] == found.totals[at]
            assert torch.equal(episode.query.x[member, task], found.questions[at])
            assert torch.equal(episode.query.y[member, task], found.values[at])


def test_the_first_rows_keep_their_values_and_their_part_of_the_cost():
    found = stored()
    some = found.first(2)
    assert torch.equal(some.values, found.values[:2])
    assert some.n_queries == found.n_queries * 2 // 5


def test_every_other_row_is_one_of_the_table_and_the_others_are_near_one():
    more = more_rows(ROWS, 200, jitter=0.1, generator=seeded(0))
    far = (more[:, None] - ROWS).abs().amax(-1).amin(-1)
    assert (far[::2] == 0).all()
    assert (far[1::2] > 0).all()
    assert (far < 0.6 * ROWS.std(0).max()).all()


@pytest.mark.parametrize("n_coalitions", [0, 5])
def test_coalitions_that_are_no_pairs_are_refused(n_coalitions):
    with pytest.raises(ValueError, match="come in pairs"):
        stored(n_coalitions=n_coalitions)


def test_one_column_leaves_nothing_to_learn():
    with pytest.raises(ValueError, match="nothing to learn"):
        store_coalitions(Game(model, BACKGROUND[:, :1]), ROWS[:, :1], generator=seeded(0))
