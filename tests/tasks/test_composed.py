"""Letters on photographs: no ink is lost, the truth is the ink, splits share neither."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.composed import (
    ComposedTable,
    composed,
    draw_composed_episodes,
    evened,
    pieces,
    scattered,
    written,
)
from metaxai_lab.tasks.picture_table import PictureTable

SIZE = {"n_way": 3, "k_shot": 2, "n_query": 4, "n_tasks": 2}


@pytest.fixture(scope="module")
def table():
    return composed("test")


def test_no_ink_is_lost_and_letters_reach_all_edges():
    letters = torch.zeros(500, 4, 4)
    letters[:, 1, 1:3] = 1.0  # two pixels side by side
    put = scattered(letters, 8, seeded(0))
    assert put.sum((1, 2)).unique().tolist() == [2.0]
    assert (put[:, :, :-1] * put[:, :, 1:]).sum((1, 2)).unique().tolist() == [1.0]
    assert put.amax(0).min() == 1  # over all draws, every pixel had ink
    rows = put.sum(2).argmax(1).bincount(minlength=8)
    assert rows.min() > 500 / 8 / 2


def test_a_piece_is_cut_out_of_one_ground_as_it_is():
    grounds = (torch.arange(20.0).view(4, 5), 100 + torch.arange(9.0).view(3, 3))
    cut = pieces(grounds, 200, 3, seeded(0))
    first = cut[:, 0, 0]
    assert set(first.tolist()) == {0.0, 1.0, 2.0, 5.0, 6.0, 7.0, 100.0}
    assert torch.equal(cut[first == 6][0], grounds[0][1:4, 1:4])
    assert 60 < int((first >= 100).sum()) < 140


def test_a_letter_is_white_on_dark_and_black_on_light():
    ink = torch.zeros(2, 2, 2)
    ink[:, 0, 0] = 1
    ground = torch.stack([torch.full((2, 2), 0.2), torch.full((2, 2), 0.7)])
    assert torch.equal(written(ink, ground)[:, 0, 0], torch.tensor([1.0, 0.0]))
    assert torch.equal(written(ink, ground)[:, 1, 1], torch.tensor([0.2, 0.7]))


def test_grounds_come_to_one_contrast_and_a_plain_one_stays_plain():
    ground = torch.stack([torch.tensor([[0.1, 0.3], [0.1, 0.3]]), torch.full((2, 2), 0.9)])
    even = evened(ground, 0.2)
    assert torch.allclose(even[0], torch.tensor([[0.3, 0.7], [0.3, 0.7]]))
    assert torch.allclose(even[1], torch.full((2, 2), 0.5))
    nearly = torch.tensor([[[0.89, 0.91], [0.89, 0.91]]])  # a quarter of FAINT
    assert torch.allclose(evened(nearly, 0.2), torch.tensor([[[0.45, 0.55], [0.45, 0.55]]]))


def test_the_truth_of_a_query_is_its_letter_at_full_tone(table):
    episode = draw_composed_episodes(table, **SIZE, generator=seeded(1))
    x, truth = episode.query.x, episode.truth
    assert x.shape == truth.shape == (2, 12, 1024)
    assert 0.02 < truth.float().mean() < 0.15
    assert (x[truth].abs() > 0.99).float().mean() > 2 * (x[~truth].abs() > 0.99).float().mean()
    assert x.min() >= -1
    assert x.max() <= 1


def test_one_seed_gives_one_episode_and_rows_stand_class_by_class(table):
    one, other = (draw_composed_episodes(table, **SIZE, generator=seeded(2)) for _ in range(2))
    assert torch.equal(one.query.x, other.query.x)
    assert one.support.y[0].tolist() == [0, 0, 1, 1, 2, 2]


def test_splits_share_neither_letters_nor_ground(table):
    train = composed("train")
    assert not set(train.letters.names) & set(table.letters.names)
    widths = [train.grounds[0].shape[1], composed("validation").grounds[0].shape[1]]
    assert sum(widths) + table.grounds[0].shape[1] == 320


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="found 'dev'"):
        composed("dev")


def test_too_few_letters_are_refused(table):
    with pytest.raises(ValueError, match="need 500 letters with 6 pictures each"):
        draw_composed_episodes(table, **(SIZE | {"n_way": 500}), generator=seeded(0))


def test_coloured_letters_and_small_grounds_are_refused(table):
    colour = PictureTable(torch.zeros(1, 48, dtype=torch.uint8), torch.tensor([1]), ("a",), 4, 3)
    with pytest.raises(ValueError, match="one channel and a side of at most 32; found 3 and 4"):
        ComposedTable(colour, table.grounds)
    with pytest.raises(ValueError, match=r"at least 32 x 32 .* found \(8, 50\)"):
        ComposedTable(table.letters, (torch.zeros(8, 50),))
