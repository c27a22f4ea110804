"""A set is found in the order that is promised, and a missing one says how to get it."""

import socket

import pytest

from metaxai_lab.tasks.catalogue import UnknownSetError
from metaxai_lab.tasks.sources import MissingSetError, find_set, is_here, kept_folder

pytestmark = pytest.mark.usefixtures("_bare", "_offline")


@pytest.fixture
def _bare(tmp_path, monkeypatch):
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("METAXAI_DATA", raising=False)


@pytest.fixture
def _offline(monkeypatch):
    def refuse(*_):
        raise AssertionError("nothing here asks the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def put(folder):
    folder.mkdir(parents=True)
    (folder / "radon.csv").touch()
    return folder


def test_a_named_folder_is_the_only_place(tmp_path, monkeypatch):
    put(tmp_path / "data" / "radon")
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path / "data"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingSetError, match=str(tmp_path / "empty")):
        find_set("radon", folder=tmp_path / "empty")
    assert not is_here("radon", folder=tmp_path / "empty")


def test_a_named_folder_holds_the_files_or_a_folder_with_them(tmp_path):
    place = put(tmp_path / "mine" / "radon")
    assert find_set("radon", folder=place) == place
    assert find_set("radon", folder=str(tmp_path / "mine")) == place
    assert is_here("radon", folder=place)


def test_the_data_folder_comes_before_the_cache(tmp_path, monkeypatch):
    put(kept_folder("radon"))
    place = put(tmp_path / "data" / "radon")
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path / "data"))
    assert find_set("radon") == place


def test_the_cache_serves_what_the_data_folder_lacks(tmp_path, monkeypatch):
    place = put(kept_folder("radon"))
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path / "data"))
    assert find_set("radon") == place == tmp_path / "cache" / "data" / "radon"
    assert is_here("radon")


def test_a_missing_set_is_not_here():
    assert not is_here("radon")


@pytest.mark.parametrize(
    "said",
    [
        "Radon in 919 Minnesota homes",
        "python -m metaxai_lab.tasks.fetch radon",
        "3 MB, licence: US government survey",
        "the folder radon below METAXAI_DATA",
        "Instead of it, this would do: the diabetes table",
    ],
)
def test_a_missing_set_says_what_it_is_how_to_get_it_and_what_else_would_do(said):
    with pytest.raises(MissingSetError, match=said):
        find_set("radon")


def test_a_missing_set_says_where_was_looked(tmp_path, monkeypatch):
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path / "data"))
    both = f"{tmp_path}/data/radon or {tmp_path}/cache/data/radon"
    with pytest.raises(MissingSetError, match=both):
        find_set("radon")


@pytest.mark.parametrize("look", [find_set, is_here])
def test_an_unknown_set_is_refused(look):
    with pytest.raises(UnknownSetError, match="Did you mean 'radon'"):
        look("radom")
