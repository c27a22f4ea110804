import numpy as np
import pytest
import torch

from metaxai_lab.widgets import amount_frames, attention_frames, ink_frames, signed_frames

WHITE, BLACK = [255, 255, 255], [0, 0, 0]


def stack(*values: float) -> np.ndarray:
    """Return one frame of one pixel for each value."""
    return np.array(values, dtype=float).reshape(-1, 1, 1)


def test_no_ink_is_white_and_full_ink_is_black():
    assert ink_frames(stack(0, 1)).reshape(2, 3).tolist() == [WHITE, BLACK]


def test_a_tensor_and_an_array_are_drawn_alike():
    values = torch.rand(2, 4, 4, generator=torch.Generator().manual_seed(0))
    assert (ink_frames(values) == ink_frames(values.numpy())).all()


def test_the_largest_amount_of_all_frames_has_the_last_colour_of_the_map():
    colours = amount_frames(stack(0, 1, 4)).reshape(3, 3).tolist()
    assert colours[0] == [0, 34, 78]
    assert colours[2] == [254, 232, 56]
    assert colours == amount_frames(stack(0, 0.25, 1)).reshape(3, 3).tolist()


def test_frames_with_a_common_highest_can_be_compared():
    alone = amount_frames(stack(1), highest=4.0)
    assert (alone == amount_frames(stack(1, 4))[:1]).all()


def test_blue_pushes_up_vermilion_down_and_zero_is_white():
    up, zero, down = signed_frames(stack(2, 0, -2)).reshape(3, 3).tolist()
    assert up == [0x00, 0x72, 0xB2]
    assert zero == WHITE
    assert down == [0xD5, 0x5E, 0x00]


def test_attention_lies_behind_the_ink_of_its_own_cell():
    letter = np.zeros((1, 2, 4))
    letter[0, 0, 0] = 1
    left, right = np.split(attention_frames(letter, np.array([[[1.0, 0.0]]]))[0], 2, axis=1)
    assert left[0, 0].tolist() == BLACK
    assert left[1].tolist() == [[254, 232, 56]] * 2
    assert (right == 255).all()


def test_one_picture_serves_for_all_attention_maps():
    assert attention_frames(np.zeros((1, 4, 4)), np.ones((5, 2, 2))).shape == (5, 4, 4, 3)


def test_all_zero_attention_is_white():
    assert (attention_frames(np.zeros((1, 2, 2)), np.zeros((1, 1, 1))) == 255).all()


def test_cells_that_do_not_tile_the_picture_are_refused():
    with pytest.raises(ValueError, match="28 x 28 pixels and the attention has 3 x 3 cells"):
        attention_frames(np.zeros((1, 28, 28)), np.ones((1, 3, 3)))


def test_pictures_and_maps_that_differ_in_number_are_refused():
    with pytest.raises(ValueError, match="found 2 pictures and 3 attention maps"):
        attention_frames(np.zeros((2, 4, 4)), np.ones((3, 2, 2)))


@pytest.mark.parametrize("draw", [ink_frames, amount_frames, signed_frames])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_cannot_be_drawn_is_named_by_its_frame(draw, value):
    with pytest.raises(ValueError, match="frame 1 holds NaN or infinity"):
        draw(stack(0, value))
