"""Reading signs: what is judged is a share, and nothing learned is chance."""

import pytest
import torch

from metaxai_lab.classroom import driving_signs as signs
from metaxai_lab.core import seeded
from metaxai_lab.tasks.road_signs import draw_sign_episodes


@pytest.fixture(scope="module")
def episode():
    return draw_sign_episodes("test", n_tasks=10, n_query=3, generator=seeded(0))


def test_who_has_seen_no_sign_looks_nowhere_in_particular(episode):
    right, held = signs.judge_reader(signs.fresh_reader(0), episode)
    assert right.shape == (10,)
    assert abs(held.lift - 1) < 0.15


def test_chance_is_the_share_of_the_area(episode):
    _, held = signs.judge_reader(signs.fresh_reader(0), episode)
    assert held.mean_chance == pytest.approx(float(episode.truth.float().mean()), abs=1e-4)


def test_one_seed_gives_one_reader():
    one, other = signs.fresh_reader(3), signs.fresh_reader(3)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
