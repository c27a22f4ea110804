"""Letters are drawn where they should stand, and maps move them as geometry says."""

import pytest
import torch
from torch import Tensor

from metaxai_lab.core import seeded
from metaxai_lab.tasks.typefaces import (
    FACES,
    affine_jitter,
    draw,
    draw_all,
    shared_characters,
    warp,
)

IDENTITY = torch.tensor([[[1.0, 0, 0], [0, 1.0, 0]]])


def letter() -> Tensor:
    return draw("R", "DejaVuSans").float()[None]


def test_all_faces_draw_a_letter_each_in_its_own_way() -> None:
    assert len({draw("g", face).numpy().tobytes() for face in FACES}) == 12


def test_shared_characters_stand_in_the_order_of_their_code_points() -> None:
    characters = shared_characters()
    assert list(characters) == sorted(characters)


def test_latin_greek_and_cyrillic_are_shared_by_all_faces() -> None:
    assert {"A", "Α", "А"} <= set(shared_characters())


def test_letters_stand_on_a_line_three_quarters_down() -> None:
    for face in FACES:
        assert (draw("H", face) > 128).any(1).nonzero().max() == 20  # 21 of 28 rows are above it


def test_a_letter_stays_on_its_spot_when_it_gets_a_mark() -> None:
    for face in FACES:
        bare, marked = draw("a", face).int(), draw("á", face).int()
        assert not ((bare > 128) & (marked < 64)).any()


def test_a_centred_letter_has_equal_margins() -> None:
    for face in FACES:
        ink = draw("p", face, centred=True) > 0
        for lines in (ink.any(0), ink.any(1)):
            before, after = lines.int().argmax(), lines.flip(0).int().argmax()
            assert abs(int(before) - int(after)) <= 1


def test_centring_changes_no_ink() -> None:
    bare, centred = draw("p", "DejaVuSerif"), draw("p", "DejaVuSerif", centred=True)
    assert bare.flatten().sort().values.equal(centred.flatten().sort().values)


def test_a_blank_can_be_centred() -> None:
    assert not draw("\N{SPACE}", "DejaVuSans", centred=True).any()


def test_twice_the_size_gives_about_twice_the_height() -> None:
    small, large = draw("H", "DejaVuSans"), draw("H", "DejaVuSans", size=32, side=56)
    heights = [int(picture.any(1).sum()) for picture in (small, large)]
    assert heights[1] == pytest.approx(2 * heights[0], abs=2)


def test_drawing_all_is_drawing_each() -> None:
    pictures = draw_all("xy", size=12, side=20)
    for row, character in enumerate("xy"):
        for column, face in enumerate(FACES):
            assert pictures[row, column].equal(draw(character, face, size=12, side=20))


def test_an_unknown_face_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"a face is one of DejaVuSans, .*; found 'Papyrus'"):
        draw("A", "Papyrus")


@pytest.mark.parametrize("character", ["AB", "", "漢"])
def test_what_is_not_one_shared_character_is_refused_by_name(character: str) -> None:
    with pytest.raises(ValueError, match=f"needs one character .* found '{character}'"):
        draw(character, "DejaVuSans")


def test_the_identity_leaves_a_picture_as_it_was() -> None:
    torch.testing.assert_close(warp(letter(), IDENTITY), letter(), atol=1e-2, rtol=0)


def test_a_map_of_one_pixel_moves_a_picture_by_one_pixel() -> None:
    maps = IDENTITY.clone()
    maps[0, 0, 2] = 2 / 28
    torch.testing.assert_close(warp(letter(), maps), letter().roll(-1, 2), atol=1e-2, rtol=0)


def test_a_quarter_turn_is_a_quarter_turn() -> None:
    maps = torch.tensor([[[0.0, -1, 0], [1, 0, 0]]])
    torch.testing.assert_close(warp(letter(), maps), letter().rot90(1, (1, 2)), atol=1e-2, rtol=0)


def test_what_comes_from_outside_is_black() -> None:
    maps = IDENTITY.clone()
    maps[0, 1, 2] = 2.0
    assert not warp(torch.ones(1, 4, 4), maps).any()


def test_each_picture_is_moved_by_its_own_map() -> None:
    maps = affine_jitter(2, generator=seeded(0))
    both = warp(letter().repeat(2, 1, 1), maps)
    torch.testing.assert_close(both[1:], warp(letter(), maps[1:]))


def test_the_layers_of_a_picture_move_together() -> None:
    maps = affine_jitter(2, generator=seeded(0))
    layers = torch.stack([letter().repeat(2, 1, 1), letter().repeat(2, 1, 1).flip(2)], 1)
    moved = warp(layers, maps)
    for layer in range(2):
        assert moved[:, layer].equal(warp(layers[:, layer], maps))


def test_no_jitter_is_the_identity() -> None:
    maps = affine_jitter(3, turn=0.0, stretch=0.0, shear=0.0, shift=0.0, generator=seeded(0))
    assert maps.equal(IDENTITY.expand(3, 2, 3))


def test_turning_alone_rotates_by_up_to_its_bound() -> None:
    maps = affine_jitter(1000, turn=20.0, stretch=0.0, shear=0.0, shift=0.0, generator=seeded(0))
    angles = torch.atan2(maps[:, 1, 0], maps[:, 0, 0]).rad2deg()
    torch.testing.assert_close(maps[:, :, :2].det(), torch.ones(1000))
    assert 19 < angles.max() <= 20
    assert -20 <= angles.min() < -19


def test_shifting_alone_moves_by_up_to_its_share_of_the_side() -> None:
    maps = affine_jitter(1000, turn=0.0, stretch=0.0, shear=0.0, shift=0.1, generator=seeded(0))
    assert 0.19 < maps[:, :, 2].abs().max() <= 0.2  # the side is 2 long, from -1 to 1


def test_stretching_alone_changes_width_and_height_on_their_own() -> None:
    maps = affine_jitter(1000, turn=0.0, stretch=0.2, shear=0.0, shift=0.0, generator=seeded(0))
    wide, high = maps[:, 0, 0], maps[:, 1, 1]
    assert 1.19 < wide.max() <= 1.2
    assert 0.8 <= high.min() < 0.81
    assert not wide.allclose(high)


def test_slanting_alone_keeps_the_height_and_the_area() -> None:
    maps = affine_jitter(1000, turn=0.0, stretch=0.0, shear=0.3, shift=0.0, generator=seeded(0))
    assert 0.29 < maps[:, 0, 1].abs().max() <= 0.3
    assert maps[:, 1].equal(IDENTITY[0, 1].expand(1000, 3))
