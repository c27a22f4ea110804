"""A stored record gives back what was measured, and says how to make it."""

import pytest

from metaxai_lab.classroom.record import Record, digest, read, remake, store

RECORD = Record({"command": "make it"}, {"bc12, error": [0.1, 0.3]})


def test_what_is_stored_is_read_again(tmp_path):
    store(RECORD, tmp_path / "record.json")
    assert read(tmp_path / "record.json", "make it") == RECORD


def test_a_name_gives_one_number_for_each_seed_and_their_mean():
    assert RECORD["bc12, error"] == [0.1, 0.3]
    assert RECORD.mean("bc12, error") == pytest.approx(0.2)


def test_a_number_that_is_not_stored_is_refused_with_what_there_is():
    with pytest.raises(KeyError, match="it holds bc12, error"):
        RECORD["bc30, error"]


def test_a_number_that_is_not_stored_names_the_command_that_made_the_others():
    with pytest.raises(KeyError, match="`make it`"):
        RECORD["bc30, error"]


def test_parts_that_are_not_asked_for_keep_their_numbers(tmp_path, monkeypatch, capsys):
    place, code = tmp_path / "record.json", tmp_path / "room.py"
    code.write_text("x = 1")
    store(Record({"part old": "long ago"}, {"old": [1.0]}), place)
    parts = {"old": lambda: [("old", [2.0])], "new": lambda: [("new", [1 / 3])]}
    monkeypatch.setattr("sys.argv", ["script", "--store", "--only", "new"])
    remake(parts, place, "make it", [code])
    found = read(place, "make it")
    assert found.numbers == {"old": [1.0], "new": [0.33333]}
    assert (found.made["command"], found.made["part old"]) == ("make it", "long ago")
    assert found.made["part new"].endswith(digest([code]))
    assert capsys.readouterr().out == "new [0.33333]\n"


def test_without_being_told_to_store_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["script"])
    remake({"new": lambda: [("new", [1.0])]}, tmp_path / "record.json", "make it", [])
    assert not (tmp_path / "record.json").exists()


def test_other_code_has_another_digest(tmp_path):
    (tmp_path / "room.py").write_text("x = 1")
    before = digest([tmp_path / "room.py"])
    (tmp_path / "room.py").write_text("x = 2")
    assert digest([tmp_path / "room.py"]) != before
