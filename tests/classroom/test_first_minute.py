"""What a reader moves first is real: all are right at home, and the reasons tell them apart."""

import pytest
import torch

from metaxai_lab.classroom.first_minute import SHOWN, bars, clinics, look, picture, player

SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def found():
    return {seed: [look(n, seed=seed) for n in (0, 500)] for seed in SEEDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_both_are_right_at_home_and_one_is_wrong_elsewhere(found, seed):
    one, two = found[seed]
    assert min(one.home, two.home) > 0.95
    assert one.away < 0.3
    assert two.away > 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reasons_of_the_wrong_one_lie_on_the_stamp(found, seed):
    one, two = found[seed]
    assert one.stamp > 2 * two.stamp


def test_the_picture_shown_is_a_u_with_the_stamp_of_n():
    home, away = clinics()
    assert away.y[SHOWN] == 1
    ring = home.x[0].view(28, 28)[1:6, 1:6]
    assert torch.equal(away.x[SHOWN].view(28, 28)[1:6, 1:6], ring)


def test_a_frame_says_in_words_what_it_shows(found):
    shown = player(found[0])
    assert shown.labels == ["0", "500"]
    assert [c.split(" of ")[0] for c in shown.captions] == ["None", "About 500"]
    assert shown.captions[0] == found[0][0].caption


def test_the_bars_are_the_numbers(found):
    one = found[0][0]
    widths = [bar.get_width() for bar in bars(one).axes[0].patches]
    assert widths == pytest.approx([100 * one.stamp, 100 * one.away, 100 * one.home])


def test_the_picture_of_the_readme_has_the_networks_side_by_side(found):
    above_and_below = picture(found[0]).axes
    titles = [ax.get_title().split(" of ")[0] for ax in above_and_below[:2]]
    assert titles == ["0", "500"]
    assert [len(ax.patches) for ax in above_and_below] == [0, 0, 3, 3]
