"""A set of pictures and labels becomes a table: in order, in size, in colour, and by class."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms
from torchvision.datasets import FakeData

from metaxai_lab.tasks.picture_readers import (
    BATCH,
    DecodedPictures,
    EncodedPictures,
    centre_square,
    ink_on_black,
    table_from,
    without_banner,
)


def plain(brightness: Sequence[int], labels: Sequence[int]) -> DecodedPictures:
    """Return one picture of 2 x 2 equal pixels for each value of `brightness`."""
    pixels = np.array(brightness, np.uint8)[:, None, None].repeat(2, 1).repeat(2, 2)
    return DecodedPictures(pixels, labels)


def test_pictures_stand_class_by_class_and_keep_their_order_within_it() -> None:
    table = table_from(plain([10, 20, 30, 40, 50], [1, 0, 1, 0, 1]), 2, channels=1)
    assert table.pixels[:, 0].tolist() == [20, 40, 10, 30, 50]
    assert table.counts.tolist() == [2, 3]


def test_all_batches_of_all_threads_land_in_their_place() -> None:
    n = 3 * BATCH + 7
    table = table_from(plain([row % 251 for row in range(n)], [0] * n), 2, channels=1)
    assert table.pixels[:, 3].equal(torch.arange(n).remainder(251).byte())


def test_colours_lie_plane_by_plane() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(1, 2, 2, 3)
    table = table_from(DecodedPictures(pixels, [0]), 2)
    assert table.pixels.tolist() == [[0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]]
    assert table.channels == 3


def test_a_file_is_decoded() -> None:
    file = io.BytesIO()
    Image.fromarray(np.arange(4, dtype=np.uint8).reshape(2, 2)).save(file, "png")
    table = table_from(EncodedPictures([file.getvalue()], [0]), 2, channels=1)
    assert table.pixels.tolist() == [[0, 1, 2, 3]]


def test_a_set_of_torchvision_is_read_as_it_shows_itself() -> None:
    fake = FakeData(20, (3, 9, 9), num_classes=4)
    table = table_from(fake, 9)
    order = sorted(range(20), key=lambda row: int(fake[row][1]))
    shown = [torch.from_numpy(np.array(fake[row][0])).permute(2, 0, 1).flatten() for row in order]
    assert table.pixels.equal(torch.stack(shown))
    assert table.counts.sum() == 20


def test_a_larger_picture_is_reduced_with_lanczos() -> None:
    fake = FakeData(1, (3, 40, 30), num_classes=1)
    wanted = fake[0][0].resize((8, 8), Image.Resampling.LANCZOS)
    table = table_from(fake, 8)
    assert table.pixels[0].view(3, 8, 8).permute(1, 2, 0).numpy().tolist() == (
        np.array(wanted).tolist()
    )


def test_colours_become_grey_where_one_channel_is_asked_for() -> None:
    pixels = np.array([[[[255, 0, 0]]]], np.uint8)
    assert table_from(DecodedPictures(pixels, [0]), 1, channels=1).pixels.tolist() == [[76]]


def test_a_class_without_a_picture_is_left_out() -> None:
    table = table_from(plain([1, 2], [0, 2]), 2, channels=1, names=("ant", "bee", "cow"))
    assert table.names == ("ant", "cow")


def test_classes_are_named_by_the_set_where_it_names_them() -> None:
    fake = FakeData(9, (3, 2, 2), num_classes=2)
    fake.classes = ["ant", "bee"]  # type: ignore[attr-defined]
    assert set(table_from(fake, 2).names) <= {"ant", "bee"}


def test_classes_without_names_are_named_by_their_number() -> None:
    assert table_from(plain([1, 2], [4, 7]), 2, channels=1).names == ("4", "7")


def test_too_few_names_are_counted() -> None:
    with pytest.raises(ValueError, match="1 names were given, and the classes go from 0 to 2"):
        table_from(plain([1, 2], [0, 2]), 2, channels=1, names=("ant",))


def test_a_transform_left_in_the_set_is_refused() -> None:
    fake = FakeData(3, (3, 4, 4), transform=transforms.ToTensor())
    with pytest.raises(ValueError, match=r"pairs of a PIL picture .* Leave out the transform"):
        table_from(fake, 4)


def test_the_middle_is_cut_out_of_a_wide_picture() -> None:
    picture = Image.fromarray(np.arange(10, dtype=np.uint8).reshape(2, 5))
    assert np.array(centre_square(picture)).tolist() == [[1, 2], [6, 7]]


def test_the_middle_is_cut_out_of_a_high_picture() -> None:
    picture = Image.fromarray(np.arange(10, dtype=np.uint8).reshape(5, 2))
    assert np.array(centre_square(picture)).tolist() == [[2, 3], [4, 5]]


def test_ink_becomes_light() -> None:
    picture = Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")
    assert np.array(ink_on_black(picture)).tolist() == [[255, 0]]


def test_the_banner_below_is_cut_off() -> None:
    picture = Image.fromarray(np.arange(22, dtype=np.uint8)[:, None].repeat(3, 1))
    assert np.array(without_banner(picture)).tolist() == [[0] * 3, [1] * 3]
