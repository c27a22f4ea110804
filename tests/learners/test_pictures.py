"""Rows as pictures."""

import pytest
import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.learners import ConvEncoder, picture_side
from metaxai_lab.learners.pictures import refuse_other_side


@pytest.fixture
def encoder():
    with initialised_with(seeded(0)):
        return ConvEncoder(side=28, width=8).eval()


def pictures(*shape):
    return torch.rand(*shape, 784, generator=seeded(1))


@pytest.mark.parametrize("side", [1, 2, 28, 105])
def test_a_row_of_side_squared_pixels_has_that_side(side):
    assert picture_side(side * side) == side


@pytest.mark.parametrize("n_pixels", [0, 2, 783, 785])
def test_a_row_that_fills_no_square_is_refused(n_pixels):
    with pytest.raises(ValueError, match=f"found {n_pixels} columns, which fill no square"):
        picture_side(n_pixels)


def test_the_refusal_names_the_nearest_squares():
    with pytest.raises(ValueError, match=r"784 \(28 x 28\) and 841"):
        picture_side(785)


def test_a_coloured_picture_holds_three_squares():
    assert picture_side(3 * 32 * 32, 3) == 32
    with pytest.raises(ValueError, match=r"3 x side x side .* 3072 \(3 x 32 x 32\) and 3267"):
        picture_side(3073, 3)


@pytest.mark.parametrize(
    ("n_pixels", "channels", "way_out"),
    [
        (2352, 1, "Make it with side=28 and channels=3."),
        (1024, 3, "Make it with side=32 and channels=1."),
        (1024, 1, "Make it with side=32."),
        (3072, 3, "Make it with side=32."),
        (783, 1, "They fill no square"),
        (0, 3, "They fill no square"),
    ],
)
def test_other_pictures_are_refused_with_an_encoder_that_would_see_them(
    n_pixels, channels, way_out
):
    needed = {1: "28 x 28 = 784 pixels", 3: "3 x 28 x 28 = 2352 pixels"}[channels]
    with pytest.raises(ValueError, match=f"{needed}; found rows of {n_pixels}. {way_out}"):
        refuse_other_side(torch.zeros(2, n_pixels), 28, channels)


@pytest.mark.parametrize("axes", [(2,), (0,), (3, 2), (2, 2, 2)])
def test_pictures_of_the_right_side_pass_however_they_are_stacked(axes):
    refuse_other_side(torch.zeros(*axes, 784), 28)
    with pytest.raises(ValueError, match="found rows of 783"):
        refuse_other_side(torch.zeros(*axes, 783), 28)


@pytest.mark.parametrize(("side", "dim"), [(16, 8), (28, 8), (32, 32), (50, 72)])
def test_an_embedding_is_as_long_as_its_docstring_says(side, dim):
    with initialised_with(seeded(0)):
        encoder = ConvEncoder(side=side, width=8)
    assert encoder(torch.rand(2, side * side, generator=seeded(1))).shape == (2, dim)


def test_pictures_stacked_over_tasks_are_embedded_as_one_by_one(encoder):
    x = pictures(3, 2)
    for task in range(3):
        torch.testing.assert_close(encoder(x)[task], encoder(x[task]))


def test_a_row_holds_one_colour_after_the_other():
    with initialised_with(seeded(0)):
        encoder = ConvEncoder(side=16, width=8, channels=3).eval()
    x = torch.rand(2, 3, 16, 16, generator=seeded(1))
    plain = encoder.blocks(x).flatten(1)
    torch.testing.assert_close(encoder(x.flatten(1)), plain)
    assert not torch.allclose(encoder(x.flip(1).flatten(1)), plain, atol=1e-3)


def test_channels_lie_last_in_memory_whichever_way_the_rows_came(encoder):
    maps = encoder.blocks[:2](pictures(4).view(4, 1, 28, 28))
    assert maps.is_contiguous(memory_format=torch.channels_last)
    assert not maps.is_contiguous()


def test_a_picture_and_its_transpose_are_not_the_same_to_it(encoder):
    x = pictures(1)
    turned = x.reshape(28, 28).T.reshape(1, 784)
    assert not torch.allclose(encoder(x), encoder(turned), atol=1e-3)


def test_pictures_of_another_size_are_refused(encoder):
    with pytest.raises(ValueError, match=r"28 x 28 = 784 pixels; found rows of 1024"):
        encoder(torch.zeros(2, 1024))


def test_pictures_too_small_to_halve_four_times_are_refused():
    with pytest.raises(ValueError, match="16 or more; found 15"):
        ConvEncoder(side=15)
