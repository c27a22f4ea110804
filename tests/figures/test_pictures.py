import pytest
import torch

from metaxai_lab.figures import (
    as_picture,
    attention_over,
    describe_attention,
    describe_row,
    picture_row,
)
from metaxai_lab.figures.pictures import outline

PEAKED = torch.tensor([[0.7, 0.1], [0.1, 0.1]])


@pytest.fixture
def corner():
    """A 4 x 4 truth that marks one pixel in the upper left quarter."""
    truth = torch.zeros(16, dtype=torch.bool)
    truth[0] = True
    return truth


def test_a_row_of_pixels_becomes_a_square():
    assert as_picture(torch.arange(9.0)).tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


@pytest.mark.parametrize("shape", [(10,), (2, 9), (1, 3, 3)])
def test_what_is_no_square_is_refused_with_its_shape(shape):
    with pytest.raises(ValueError, match=r"found \(" + str(shape[0])):
        as_picture(torch.zeros(shape))


def test_attention_is_drawn_strongest_where_it_is_largest():
    over, _ink = attention_over(torch.zeros(16), PEAKED).images
    assert over.get_alpha().argmax() == 0


def test_maps_on_a_common_scale_keep_their_difference():
    over, _ink = attention_over(torch.zeros(16), PEAKED, most=1.0).images
    assert over.get_alpha().max() == pytest.approx(0.7)


def test_the_picture_lies_on_top_of_the_attention():
    picture = torch.rand(16, generator=torch.Generator().manual_seed(0))
    _over, ink = attention_over(picture, PEAKED).images
    assert torch.equal(torch.as_tensor(ink.get_alpha()).flatten(), picture)


def test_a_map_without_attention_leaves_the_paper_white():
    over, _ink = attention_over(torch.zeros(16), torch.zeros(2, 2)).images
    assert over.get_alpha().max() == 0


def test_the_truth_is_outlined(corner):
    (lines,) = attention_over(torch.zeros(16), PEAKED, truth=corner).collections
    assert len(lines.get_segments()) == 4


def test_the_outline_of_one_pixel_is_its_four_sides():
    mask = torch.zeros(3, 3, dtype=torch.bool)
    mask[1, 2] = True
    sides = [[(2, 1), (2, 2)], [(3, 1), (3, 2)], [(2, 1), (3, 1)], [(2, 2), (3, 2)]]
    assert sorted(outline(mask)) == sorted(sides)


def test_the_description_names_the_peak_and_what_the_truth_holds(corner):
    assert describe_attention(PEAKED, truth=corner) == (
        "Attention over 2 x 2 cells. Its peak is row 1 from the top, column 1 from the left, with "
        "70% of the attention, inside the outlined part. The cells of that part hold 70% of the "
        "attention and are 25% of all cells."
    )


def test_the_description_says_when_the_peak_misses_the_truth(corner):
    assert ", outside the outlined part." in describe_attention(PEAKED.flip(0), truth=corner)


def test_a_row_of_pictures_has_axes_and_a_title_for_each():
    axes = picture_row(torch.zeros(2, 16), ["a", "b"])
    assert [ax.get_title() for ax in axes] == ["a", "b"]


def test_a_row_on_a_common_scale_keeps_the_difference_of_its_maps():
    maps = torch.stack([PEAKED, PEAKED / 2])
    axes = picture_row(torch.zeros(2, 16), attention=maps, most=1.0)
    assert [ax.images[0].get_alpha().max() for ax in axes] == pytest.approx([0.7, 0.35])


def test_a_row_with_a_missing_title_is_refused():
    with pytest.raises(ValueError, match="3 pictures need 3 titles or none; found 1"):
        picture_row(torch.zeros(3, 16), ["a"])


def test_a_row_is_described_by_its_titles():
    assert describe_row(["a", "b"]) == "A row of 2 pictures: a, b."
