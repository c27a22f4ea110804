"""The colours can be told apart, the paper is used, and an axis says which way is better."""

from itertools import combinations

import pytest
import torch
from matplotlib import colormaps
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from metaxai_lab.figures.palette import AMOUNTS, CATEGORIES, INK, arrow, paper, plain_spines

# What an eye sees of light, red, green and blue: Viénot, Brettel & Mollon (1999).
EYES = {
    "all cones": torch.eye(3),
    "no red cones": torch.tensor(
        [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]
    ),
    "no green cones": torch.tensor(
        [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
    ),
}


def light(colour):
    """Return the amounts of red, green and blue light of a colour, from 0 to 1 (sRGB)."""
    c = torch.tensor(to_rgb(colour))
    return torch.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def seen(colour, eye):
    return (EYES[eye] @ light(colour)).clamp(0, 1) ** (1 / 2.2)


@pytest.mark.parametrize("eye", EYES)
def test_any_two_categories_can_be_told_apart(eye):
    colours = [seen(colour, eye) for colour in CATEGORIES]
    assert min((one - other).norm() for one, other in combinations(colours, 2)) > 0.12


def test_words_are_dark_enough_to_read_on_white_paper():
    """The contrast of normal text is at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    luminance = torch.tensor([0.2126, 0.7152, 0.0722]) @ light(INK)
    assert 1.05 / (luminance + 0.05) > 4.5


def test_more_is_lighter_in_the_colours_of_amounts():
    shades = [colormaps[AMOUNTS](i / 9) for i in range(10)]
    grey = [float(torch.tensor([0.2126, 0.7152, 0.0722]) @ light(shade)) for shade in shades]
    assert grey == sorted(grey)


def test_the_paper_that_is_given_is_used():
    ax = plt.figure().add_subplot()
    assert paper(ax, 3.0, 2.0) is ax


def test_new_paper_has_the_size_that_was_asked_for():
    assert paper(None, 3.0, 2.0).figure.get_size_inches().tolist() == [3, 2]


def test_the_frame_above_and_to_the_right_goes_and_the_axes_stay():
    ax = plt.figure().add_subplot()
    plain_spines(ax)
    assert [side for side, line in ax.spines.items() if line.get_visible()] == ["left", "bottom"]


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_the_better_way_is_said_in_words(better):
    assert arrow(better) == f"({better} is better)"


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="found 'up'"):
        arrow("up")
