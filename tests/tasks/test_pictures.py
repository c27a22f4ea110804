"""A set and a split by name: which classes, whole or refused, read once; Omniglot as published."""

import importlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from metaxai_lab.tasks import picture_sets
from metaxai_lab.tasks.archives import DamagedFileError
from metaxai_lab.tasks.catalogue import UnknownSetError, cards
from metaxai_lab.tasks.picture_sets import PICTURE_SETS
from metaxai_lab.tasks.picture_table import PictureTable
from metaxai_lab.tasks.pictures import class_split, omniglot_split, pictures
from metaxai_lab.tasks.sources import MissingSetError, find_set, is_here

NAMES = [f"class {number}" for number in range(100)]
CATEGORIES = ["apple", "bicycle", "cat", "diamond", "eye", "fish", "rainbow", "train"]
SHARES = (0.64, 0.16, 0.2)


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path_factory.mktemp("kept")))


def drawings(folder: Path, *, n_drawings: int = 1000) -> Path:
    """Write category c as drawings of brightness c."""
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(CATEGORIES):
        np.save(folder / f"{name}.npy", np.full((n_drawings, 784), number, np.uint8))
    return folder


# Splits


def test_shares_of_a_hundred_classes_are_cut_where_they_should_be() -> None:
    divided = class_split(NAMES, SHARES)
    assert [len(divided[split]) for split in ("train", "validation", "test")] == [64, 16, 20]


def test_every_class_falls_into_one_split() -> None:
    divided = class_split(NAMES, SHARES)
    assert sorted(row for rows in divided.values() for row in rows) == list(range(100))


def test_the_order_of_the_names_does_not_move_a_class() -> None:
    there = class_split(NAMES[::-1], SHARES)
    for split, rows in class_split(NAMES, SHARES).items():
        assert {NAMES[row] for row in rows} == {NAMES[::-1][row] for row in there[split]}


def test_classes_are_in_the_order_of_the_digests_of_their_names() -> None:
    # SHA-256 starts with b474 for fish, 77af for cat, 3a7b for apple
    divided = class_split(["fish", "cat", "apple"], (0.34, 0.33, 0.33))
    assert divided == {"train": [2], "validation": [1], "test": [0]}


def test_the_splits_of_a_set_hold_its_classes_with_their_pictures(tmp_path: Path) -> None:
    place = drawings(tmp_path)
    parts = {split: pictures("quickdraw", split, folder=place) for split in ("train", "test")}
    assert [len(part.names) for part in parts.values()] == [4, 2]
    for part in parts.values():
        wanted = [CATEGORIES.index(name) for name in part.names]
        assert part.pixels[::1000, 0].tolist() == wanted


def test_all_classes_are_a_split_too(tmp_path: Path) -> None:
    assert list(pictures("quickdraw", "all", folder=drawings(tmp_path)).names) == CATEGORIES


def test_omniglots_validation_alphabets_are_held_out_of_train_and_in_the_background() -> None:
    alphabets = [f"Alphabet_{n // 34:02d}" for n in range(850)] + ["Greek"] * 114
    names = [f"{alphabet}/character" for alphabet in alphabets] + ["Other/character"] * 659
    divided = omniglot_split(names)
    assert divided["validation"] == list(range(850, 964))
    assert divided["train"] == list(range(850))
    assert divided["background"] == list(range(964))
    assert divided["test"] == list(range(964, 1623))


def test_every_set_has_a_card_with_its_licence() -> None:
    assert set(PICTURE_SETS) <= set(cards())


# What is asked for


def test_an_unknown_set_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownSetError, match=r"found 'cifar1000'. Did you mean 'cifar100'"):
        pictures("cifar1000", "train")


def test_a_table_that_holds_no_pictures_is_no_picture_set() -> None:
    with pytest.raises(UnknownSetError, match=r"the picture sets are .*; found 'radon'"):
        pictures("radon", "train")


def test_an_unknown_split_is_refused_with_the_names() -> None:
    with pytest.raises(ValueError, match="cifar10 are train, validation, test, all; found 'val'"):
        pictures("cifar10", "val")


def test_only_omniglot_has_a_background() -> None:
    with pytest.raises(ValueError, match=r"splits of dtd are .*; found 'background'"):
        pictures("dtd", "background")
    with pytest.raises(ValueError, match="all, background; found 'backgrounds'"):
        pictures("omniglot", "backgrounds")


def test_a_side_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="side of at least 1 pixel; found 0"):
        pictures("dtd", "train", side=0)


def test_a_set_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingSetError, match="Describable textures"):
        pictures("dtd", "train", folder=tmp_path)


def test_another_side_is_another_table(tmp_path: Path) -> None:
    place = drawings(tmp_path)
    assert pictures("quickdraw", "all", folder=place).side == 28
    small = pictures("quickdraw", "all", side=14, folder=place)
    assert small.pixels.shape == (8000, 196)


# Whole or refused


def test_a_copy_with_too_few_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedFileError, match=r"has 8,000 pictures; found 7,992\. Nothing was"):
        pictures("quickdraw", "all", folder=drawings(tmp_path, n_drawings=999))


def test_a_copy_with_too_few_classes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = drawings(tmp_path)
    short = replace(PICTURE_SETS["quickdraw"], open=_seven_of_eight)
    room = importlib.import_module("metaxai_lab.tasks.pictures")
    monkeypatch.setattr(room, "PICTURE_SETS", {"quickdraw": short})
    with pytest.raises(DamagedFileError, match="a whole copy has 8 classes; found 7"):
        pictures("quickdraw", "all", folder=place)


def _seven_of_eight(place: Path) -> picture_sets.Opened:
    pixels = np.stack([np.load(place / f"{name}.npy")[0] for name in CATEGORIES[:7]])
    rows = picture_sets.DecodedPictures(pixels.reshape(-1, 28, 28), list(range(7)))
    return picture_sets.Opened(rows, tuple(CATEGORIES), 7, 7)


def test_what_torchvision_finds_damaged_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "cifar-10-batches-py").mkdir()
    wanted = r"cifar10 in .* cannot be used: .*corrupted.*download it\. .*tasks.fetch cifar10`"
    with pytest.raises(DamagedFileError, match=wanted):
        pictures("cifar10", "train", folder=tmp_path)


def test_a_picture_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "caltech101_84.zip", "w") as archive:
        for number in range(3889):
            archive.writestr(f"101_ObjectCategories/a/image_{number:04d}.jpg", b"no picture")
    with pytest.raises(DamagedFileError, match=r"caltech101 in .* cannot identify image"):
        pictures("caltech101", "all", folder=tmp_path)


def test_an_array_file_cut_short_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "gtsrb_32.npz", images=np.zeros((99, 99), np.uint8))
    whole = (tmp_path / "gtsrb_32.npz").read_bytes()
    (tmp_path / "gtsrb_32.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedFileError, match=r"gtsrb in .* File is not a zip file"):
        pictures("gtsrb", "all", folder=tmp_path)


# Read once


def test_what_was_read_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = drawings(tmp_path)
    once = pictures("quickdraw", "all", folder=place)
    room = importlib.import_module("metaxai_lab.tasks.pictures")
    monkeypatch.setattr(room, "table_from", None)
    again = pictures("quickdraw", "all", folder=place)
    assert again.pixels.equal(once.pixels)
    assert again.counts.equal(once.counts)
    assert again.names == once.names


def test_another_copy_is_read_anew(tmp_path: Path) -> None:
    first = pictures("quickdraw", "all", folder=drawings(tmp_path / "one"))
    other = drawings(tmp_path / "two", n_drawings=1500)
    for path in other.glob("*.npy"):
        np.save(path, np.load(path) + 100)
    second = pictures("quickdraw", "all", folder=other)
    assert second.pixels.equal(first.pixels + 100)


# As published


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not is_here(name), reason=f"needs {name} below METAXAI_DATA")


@pytest.fixture(scope="module")
def omniglot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PictureTable]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METAXAI_CACHE", str(tmp_path_factory.mktemp("omniglot")))
        splits = ("train", "validation", "background", "test")
        return {split: pictures("omniglot", split) for split in splits}


@needs("omniglot")
def test_omniglot_has_its_standard_split(omniglot: dict[str, PictureTable]) -> None:
    assert {split: len(table.names) for split, table in omniglot.items()} == {
        "train": 828,
        "validation": 136,
        "background": 964,
        "test": 659,
    }


@needs("omniglot")
def test_no_alphabet_of_omniglot_is_in_two_splits(omniglot: dict[str, PictureTable]) -> None:
    alphabets = [
        {name.split("/")[0] for name in omniglot[split].names}
        for split in ("train", "validation", "test")
    ]
    assert [len(names) for names in alphabets] == [25, 5, 20]
    assert len(set.union(*alphabets)) == 50


@needs("omniglot")
def test_every_character_of_omniglot_has_twenty_drawers(omniglot: dict[str, PictureTable]) -> None:
    for table in omniglot.values():
        assert table.counts.eq(20).all()


@needs("omniglot")
def test_omniglots_ink_is_light_on_black_and_reduced_as_by_hand(
    omniglot: dict[str, PictureTable],
) -> None:
    with zipfile.ZipFile(find_set("omniglot") / "omniglot-py" / "images_evaluation.zip") as zipped:
        drawn = Image.open(io.BytesIO(zipped.read(sorted(zipped.namelist())[0]))).convert("L")
    reduced = drawn.resize((28, 28), Image.Resampling.LANCZOS)
    assert omniglot["test"].pixels[0].equal(255 - torch.from_numpy(np.array(reduced)).flatten())


@needs("gtsrb")
def test_gtsrb_has_one_picture_of_each_track() -> None:
    table = pictures("gtsrb", "all")
    assert (len(table.names), int(table.counts.sum())) == (43, 1307)  # tracks, as published
    assert table.rotated().channels == 3


@needs("caltech101")
def test_caltech_has_pictures_of_84_by_84_in_colour() -> None:
    table = pictures("caltech101", "test")
    assert table.pixels.shape[1] == 3 * 84 * 84
    assert len(table.names) == 20
