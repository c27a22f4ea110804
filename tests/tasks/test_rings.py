"""A ring is whole, stands clear of the letter, and nothing else of the picture changes."""

import pytest
import torch

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.tasks.composed import composed, draw_composed_episodes
from metaxai_lab.tasks.rings import ring, with_rings


@pytest.fixture(scope="module")
def pair():
    episode = draw_composed_episodes(
        composed("test"), n_way=2, k_shot=1, n_query=6, n_tasks=3, generator=seeded(0)
    )
    return episode, *with_rings(episode, generator=seeded(1))


def test_the_ring_is_the_same_from_all_sides_and_has_a_hole():
    drawn = ring()
    assert torch.equal(drawn, drawn.T)
    assert torch.equal(drawn, drawn.flip(0))
    assert drawn[4].tolist() == [1, 1, 0, 0, 0, 0, 0, 1, 1]


def test_every_query_has_one_whole_ring_clear_of_its_letter(pair):
    episode, _, rings = pair
    assert rings.sum(-1).unique().tolist() == [int(ring().sum())]
    assert not (rings & episode.truth).any()


def test_nothing_but_the_ring_changes(pair):
    episode, ringed, rings = pair
    assert torch.equal(ringed.query.x[~rings], episode.query.x[~rings])
    assert torch.equal(ringed.support.x, episode.support.x)
    assert torch.equal(ringed.truth, episode.truth)


def test_a_ring_is_white_on_dark_and_black_on_light(pair):
    episode, ringed, rings = pair
    below = (episode.query.x * rings).sum(-1)
    tone = (ringed.query.x * rings).sum(-1) / rings.sum(-1)
    assert torch.equal(tone, torch.where(below < 0, 1.0, -1.0))
    assert len(tone.unique()) == 2


def test_rings_stand_in_many_places(pair):
    assert len(pair[2].flatten(0, 1).unique(dim=0)) > 30


def test_an_episode_without_truth_is_refused(pair):
    episode = pair[0]
    with pytest.raises(ValueError, match="needs its truth"):
        with_rings(Episode(episode.support, episode.query), generator=seeded(0))


def test_a_letter_that_leaves_no_place_is_refused():
    rows = Examples(torch.zeros(1, 1024), torch.tensor([0]))
    full = Episode(rows, rows, torch.ones(1, 1024, dtype=torch.bool))
    with pytest.raises(ValueError, match="9 pixels wide; beside some letter"):
        with_rings(full, generator=seeded(0))
