"""The app gets what is missing, whole or not at all, and nothing is made twice."""

import pytest

from metaxai_lab.classroom import app_files


def written(folder):
    (folder / "card.json").write_text("{}")


def test_what_is_missing_is_made_in_a_folder_of_its_own(tmp_path):
    (tmp_path / "city").mkdir()
    assert app_files.make(tmp_path, {"city": pytest.fail, "letters": written}) == ["letters"]
    assert (tmp_path / "letters" / "card.json").is_file()


def test_what_stopped_on_the_way_is_not_shown_and_is_made_anew(tmp_path):
    def stopped(folder):
        (folder / "half").touch()
        raise RuntimeError("no power")

    with pytest.raises(RuntimeError, match="no power"):
        app_files.make(tmp_path, {"city": stopped})
    assert not (tmp_path / "city").exists()
    app_files.make(tmp_path, {"city": written})
    assert [file.name for file in (tmp_path / "city").iterdir()] == ["card.json"]


def test_a_world_without_a_room_that_sends_it_is_left_out(monkeypatch):
    monkeypatch.setattr(app_files, "WORLDS", ("atlantis",))
    assert list(app_files.sends()) == ["letters"]


def test_the_letters_and_the_worlds_that_can_be_sent_are_found():
    found = app_files.sends()
    assert next(iter(found)) == "letters"
    assert set(found) <= {"letters", *app_files.WORLDS}
    assert all(callable(send) for send in found.values())
