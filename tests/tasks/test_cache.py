"""What is kept is kept whole, and what is damaged is named, removed and made again."""

import pickle
import resource
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from platformdirs import user_cache_path
from torch import Tensor

from metaxai_lab.tasks.cache import CacheWarning, cache_folder, cached


class Recipe:
    """Counts how often it was asked to make."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> dict[str, Tensor]:
        self.calls += 1
        return {"pixels": torch.arange(6, dtype=torch.uint8).view(2, 3), "codes": torch.arange(2)}


@pytest.fixture
def recipe() -> Recipe:
    return Recipe()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_the_environment_names_the_folder(folder: Path) -> None:
    assert cache_folder() == folder


def test_without_a_word_the_folder_is_the_user_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("METAXAI_CACHE")
    assert cache_folder() == user_cache_path("metaxai_lab")


def test_what_was_made_once_is_not_made_again(recipe: Recipe) -> None:
    for _ in range(3):
        cached("letters", {"size": 28}, recipe)
    assert recipe.calls == 1


def test_what_is_kept_is_what_was_made(recipe: Recipe) -> None:
    made, kept = (cached("letters", {"size": 28}, recipe) for _ in range(2))
    assert sorted(made) == sorted(kept)
    assert all(kept[key].equal(made[key]) for key in made)


def test_another_definition_is_made_anew(recipe: Recipe) -> None:
    cached("letters", {"size": 28}, recipe)
    cached("letters", {"size": 32}, recipe)
    assert recipe.calls == 2


def test_the_order_of_a_definition_does_not_matter(recipe: Recipe) -> None:
    cached("letters", {"size": 28, "faces": 12}, recipe)
    cached("letters", {"faces": 12, "size": 28}, recipe)
    assert recipe.calls == 1


def one_bit_flipped(whole: bytes) -> bytes:
    return whole[:-1] + bytes([whole[-1] ^ 1])


def cut_short(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def emptied(whole: bytes) -> bytes:
    return whole[:0]


def a_pickle(whole: bytes) -> bytes:
    return pickle.dumps(whole)


DAMAGE = [one_bit_flipped, cut_short, emptied, a_pickle]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_named_and_made_again(
    damage: Callable[[bytes], bytes], recipe: Recipe, folder: Path
) -> None:
    cached("letters", {"size": 28}, recipe)
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    with pytest.warns(CacheWarning, match=f"{path} is damaged .*removed and made again"):
        again = cached("letters", {"size": 28}, recipe)
    assert again["pixels"].equal(Recipe()()["pixels"])


def test_after_a_damaged_file_was_made_again_all_is_well(recipe: Recipe, folder: Path) -> None:
    cached("letters", {"size": 28}, recipe)
    (path,) = folder.iterdir()
    path.write_bytes(b"")
    with pytest.warns(CacheWarning):
        cached("letters", {"size": 28}, recipe)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cached("letters", {"size": 28}, recipe)
    assert recipe.calls == 2


def test_a_damaged_file_is_gone_even_if_making_it_again_fails(recipe: Recipe, folder: Path) -> None:
    def fail() -> dict[str, Tensor]:
        raise KeyboardInterrupt

    cached("letters", {"size": 28}, recipe)
    (path,) = folder.iterdir()
    path.write_bytes(b"")
    with pytest.warns(CacheWarning), pytest.raises(KeyboardInterrupt):
        cached("letters", {"size": 28}, fail)
    assert not path.exists()


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_lost(
    recipe: Recipe, folder: Path
) -> None:
    folder.write_text("a file stands where the folder should be")
    with pytest.warns(CacheWarning, match="could not be kept.*Set METAXAI_CACHE"):
        made = cached("letters", {"size": 28}, recipe)
    assert made["codes"].tolist() == [0, 1]


def test_a_disk_without_room_is_named_and_nothing_is_lost(recipe: Recipe, folder: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, limits[1]))
    try:
        with pytest.warns(CacheWarning, match="could not be kept.*Set METAXAI_CACHE"):
            made = cached("letters", {"size": 28}, recipe)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert made["codes"].tolist() == [0, 1]
    assert list(folder.iterdir()) == []


def test_an_interruption_while_writing_leaves_no_file(
    recipe: Recipe, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        cached("letters", {"size": 28}, recipe)
    assert list(folder.iterdir()) == []
