"""The file of progress: taken turns with, never half written, never lost, never in the way."""

import json
import multiprocessing
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metaxai_lab.classroom import progress_file
from metaxai_lab.classroom.progress_file import NotOursError, note, passed, place

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "deep" / "progress.json"


def test_what_was_noted_is_read_again_with_its_time(file):
    said = note("gate", file, now=NOW)
    assert said == "Noted in your progress: 1 passed so far."
    assert passed(file) == {"gate": "2026-05-04T03:02:01+00:00"}


def test_a_second_pass_keeps_the_time_of_the_first(file):
    note("gate", file, now=NOW)
    assert note("gate", file).endswith("1 passed so far.")
    assert passed(file) == {"gate": NOW.isoformat()}
    assert json.loads(file.read_text())["passed"]["gate"]["times"] == 2


def test_without_a_file_nothing_is_passed(file):
    assert passed(file) == passed(None) == {}
    assert not file.parent.exists()


def note_many(file, name):
    for number in range(20):
        note(f"{name}{number}", file)


def test_two_notebooks_at_once_lose_nothing(file):
    writers = multiprocessing.get_context("spawn")
    both = [writers.Process(target=note_many, args=(file, name)) for name in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert set(passed(file)) == {f"{name}{number}" for name in "ab" for number in range(20)}
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.lock"}


NOT_OURS = {
    "cut short": '{"what": "progress in Lear',
    "of another program": '{"passed": {}}',
    "a list": "[1, 2]",
    "empty": "",
    "damaged": json.dumps({"what": progress_file.WHAT, "format": 1, "passed": {"a": 3}}),
    "without a date": json.dumps(
        {"what": progress_file.WHAT, "format": 1, "passed": {"a": {"first": "<b>"}}}
    ),
    "huge": " " * (progress_file.LARGEST + 1),
}


@pytest.mark.parametrize("content", NOT_OURS.values(), ids=NOT_OURS)
def test_a_file_that_is_not_ours_is_kept_aside_and_named(file, content):
    file.parent.mkdir()
    file.write_text(content)
    with pytest.raises(NotOursError, match=r"progress\.json"):
        passed(file)
    said = note("gate", file)
    assert "progress.json.kept-1, and a new one was begun." in said
    assert file.with_name("progress.json.kept-1").read_text() == content
    assert set(passed(file)) == {"gate"}


def test_what_was_kept_aside_before_is_not_overwritten(file):
    file.parent.mkdir()
    for content in ("first", "second"):
        file.write_text(content)
        note("gate", file)
    kept = [file.with_name(f"progress.json.kept-{n}").read_text() for n in (1, 2)]
    assert kept == ["first", "second"]


def test_bytes_that_are_no_text_are_kept_aside_too(file):
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    assert "kept-1" in note("gate", file)


def test_a_file_of_a_newer_lab_is_left_as_it_is(file):
    file.parent.mkdir()
    newer = json.dumps({"what": progress_file.WHAT, "format": 2, "passed": []})
    file.write_text(newer)
    assert "has format 2" in note("gate", file)
    assert file.read_text() == newer


def test_what_this_lab_does_not_understand_in_an_entry_stays(file):
    note("gate", file, now=NOW)
    kept = json.loads(file.read_text())
    kept["passed"]["gate"]["mood"] = "good"
    file.write_text(json.dumps(kept))
    note("fall", file)
    assert json.loads(file.read_text())["passed"]["gate"]["mood"] == "good"


@pytest.mark.parametrize("special", ["folder", "pipe"])
def test_what_is_no_ordinary_file_is_not_touched(file, special):
    if special == "folder":
        file.mkdir(parents=True)
    else:
        file.parent.mkdir()
        os.mkfifo(file)
    assert note("gate", file).startswith("It could not be noted in your progress: ")
    assert file.exists()
    assert not file.is_file()
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "deep").write_text("in the way")
    assert "could not be noted" in note("gate", tmp_path / "deep" / "progress.json")


def test_a_full_disk_leaves_the_old_file(file, monkeypatch):
    note("gate", file, now=NOW)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress_file.os, "fsync", full)
    assert "No space left" in note("fall", file)
    assert passed(file) == {"gate": NOW.isoformat()}
    assert not list(file.parent.glob("*.part"))


def test_who_reads_while_it_is_written_sees_the_old_file_whole(file):
    note("gate", file, now=NOW)
    old = file.read_text()
    with file.open() as reader:
        note("fall", file)
        assert reader.read() == old


def test_who_holds_the_lock_for_long_stops_nobody(file, monkeypatch):
    monkeypatch.setattr(progress_file, "PATIENCE", 0.05)
    file.parent.mkdir()
    with progress_file._turn(file):
        assert "another process holds" in note("gate", file)
    assert "1 passed so far" in note("gate", file)


def test_a_file_system_without_locks_is_written_all_the_same(file, monkeypatch):
    def none(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(progress_file.fcntl, "flock", none)
    assert "1 passed so far" in note("gate", file)


def test_a_link_to_the_file_stays_a_link(tmp_path, monkeypatch):
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    monkeypatch.setenv("METAXAI_PROGRESS", str(tmp_path / "link.json"))
    note("gate", place())
    assert (tmp_path / "link.json").is_symlink()
    assert set(passed(tmp_path / "real.json")) == {"gate"}


def test_the_file_lies_in_the_data_folder_of_the_user_or_where_it_is_wanted(tmp_path, monkeypatch):
    monkeypatch.delenv("METAXAI_PROGRESS", raising=False)
    assert place().parts[-2:] == ("metaxai_lab", "progress.json")
    monkeypatch.setenv("METAXAI_PROGRESS", str(tmp_path / "own.json"))
    assert place() == tmp_path / "own.json"


@pytest.mark.parametrize("word", ["off", "OFF", "0"])
def test_it_can_be_switched_off(word, monkeypatch):
    monkeypatch.setenv("METAXAI_PROGRESS", word)
    assert place() is None
