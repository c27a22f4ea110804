"""A table keeps its pictures by class, hands out classes, turns them, and knows what fits."""

import jaxtyping
import pytest
import torch

from metaxai_lab.tasks.picture_table import PictureTable, TableTooLargeWarning


@pytest.fixture
def _as_in_a_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Types are not checked there, so that our own errors must speak."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)


def numbered(*counts: int) -> PictureTable:
    """Picture i is a row of four pixels 4i, 4i + 1, 4i + 2, 4i + 3."""
    pixels = torch.arange(4 * sum(counts), dtype=torch.uint8).view(-1, 4)
    return PictureTable(pixels, torch.tensor(counts), tuple("abcdef"[: len(counts)]), side=2)


def numbers(table: PictureTable) -> list[int]:
    return (table.pixels[:, 0] // 4).tolist()


def test_a_class_starts_where_those_before_it_end() -> None:
    assert numbered(3, 1, 2).starts.tolist() == [0, 3, 4]


def test_chosen_classes_bring_all_their_pictures_in_the_order_asked_for() -> None:
    chosen = numbered(3, 1, 2).classes([2, 0])
    assert numbers(chosen) == [4, 5, 0, 1, 2]
    assert chosen.counts.tolist() == [2, 3]
    assert chosen.names == ("c", "a")


def test_classes_may_be_chosen_by_a_tensor() -> None:
    assert numbers(numbered(3, 1, 2).classes(torch.tensor([1]))) == [3]


def test_a_class_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="classes 0 to 2 at most once; found class 3"):
        numbered(3, 1, 2).classes([0, 3])


def test_a_class_cannot_be_chosen_twice() -> None:
    with pytest.raises(ValueError, match="at most once; found one twice"):
        numbered(3, 1, 2).classes([1, 1])


def test_four_quarters_of_a_picture_are_four_classes() -> None:
    turned = numbered(1).rotated()
    assert turned.pixels.tolist() == [[0, 1, 2, 3], [1, 3, 0, 2], [3, 2, 1, 0], [2, 0, 3, 1]]
    assert turned.names == ("a", "a turned 90", "a turned 180", "a turned 270")


def test_a_turned_class_stands_a_whole_table_later() -> None:
    turned = numbered(3, 1, 2).rotated()
    assert turned.counts.tolist() == [3, 1, 2] * 4
    assert turned.classes([5]).pixels.equal(numbered(3, 1, 2).classes([2]).pixels[:, [1, 3, 0, 2]])
    assert turned.names[5] == "c turned 90"


def test_colours_turn_each_in_its_own_plane() -> None:
    pixels = torch.arange(12, dtype=torch.uint8)[None]
    table = PictureTable(pixels, torch.tensor([1]), ("a",), side=2, channels=3)
    assert table.rotated().pixels[1].tolist() == [1, 3, 0, 2, 5, 7, 4, 6, 9, 11, 8, 10]


def test_a_table_moves_with_its_pictures_and_counts_on_the_cpu() -> None:
    moved = numbered(3, 1).to("meta")
    assert moved.pixels.device.type == "meta"
    assert moved.counts.tolist() == [3, 1]


def test_a_table_too_large_for_the_device_says_so_and_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (3 * 2**28, 2**30))
    pixels = torch.empty(1, dtype=torch.uint8).expand(2**28, 4)  # looks like 1 GiB, is 1 byte
    table = PictureTable(pixels, torch.tensor([2**28]), ("a",), side=2)
    with pytest.warns(TableTooLargeWarning, match=r"needs 1 GiB; cuda has 0.75 GiB free"):
        assert table.to("cuda").pixels.device.type == "cpu"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_table_that_fits_moves_to_cuda() -> None:
    assert numbered(3, 1).to("cuda").rotated().classes([1]).pixels.device.type == "cuda"


def test_pictures_of_the_wrong_size_are_refused() -> None:
    pixels = torch.zeros(2, 100, dtype=torch.uint8)
    with pytest.raises(ValueError, match=r"side 28 and 1 channel.* of 784 uint8 .* found 100"):
        PictureTable(pixels, torch.tensor([2]), ("a",), side=28)


def test_grey_pictures_are_refused_where_colours_are_promised() -> None:
    with pytest.raises(ValueError, match=r"side 2 and 3 channel.* rows of 12 .* found 4"):
        PictureTable(torch.zeros(2, 4, dtype=torch.uint8), torch.tensor([2]), ("a",), 2, 3)


@pytest.mark.usefixtures("_as_in_a_chapter")
def test_pictures_that_are_not_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"found 4 of torch.float32"):
        PictureTable(torch.zeros(6, 4), torch.tensor([3, 3]), ("a", "b"), side=2)


def test_every_class_needs_its_name() -> None:
    with pytest.raises(ValueError, match="2 classes needs 2 names; found 1"):
        PictureTable(torch.zeros(6, 4, dtype=torch.uint8), torch.tensor([3, 3]), ("a",), side=2)


def test_every_picture_needs_its_class() -> None:
    with pytest.raises(ValueError, match="how the 6 pictures fall into classes; found 5"):
        PictureTable(torch.zeros(6, 4, dtype=torch.uint8), torch.tensor([3, 2]), ("a", "b"), side=2)
