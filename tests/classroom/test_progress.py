"""The command shows, writes, hands on and joins; what it cannot do it says, with code 1."""

import json
import os
import subprocess
import sys

import pytest

from metaxai_lab.classroom.progress import main, progress
from metaxai_lab.classroom.progress_export import read
from metaxai_lab.classroom.progress_file import note


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("METAXAI_PROGRESS", str(tmp_path / "own" / "progress.json"))
    return tmp_path / "own" / "progress.json"


def test_a_table_is_printed_and_a_page_lies_beside_the_file(file, capsys):
    note("contributions", file)
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "Why explain                    1 of 4  contributions" in said
    page = file.with_name("progress.html")
    assert page.as_uri() in said
    assert "<h1>Progress</h1>" in page.read_text("utf8")


def test_before_the_first_exercise_it_works_too(file, capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("0 of ")


def test_switched_off_it_says_so_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("METAXAI_PROGRESS", "off")
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("METAXAI_PROGRESS is off")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_ours_is_named_and_left(file, capsys):
    file.parent.mkdir()
    file.write_text("[")
    assert main([]) == 1
    assert "progress.json is not the JSON" in capsys.readouterr().err
    assert file.read_text() == "["


@pytest.mark.parametrize("name", ["ada.json", "ada.csv"])
def test_it_hands_on_what_is_passed(name, file, tmp_path, capsys):
    note("contributions", file)
    assert main(["--export", str(tmp_path / name), "--as", "Ada"]) == 0
    assert "nothing was sent" in capsys.readouterr().out
    found = read(tmp_path / name)
    assert found.learner == "Ada"
    assert [row.exercise for row in found.rows if row.first] == ["contributions"]


def test_a_class_is_joined_and_what_is_no_export_is_left_out_by_name(file, tmp_path, capsys):
    for name in ("ada", "bo"):
        main(["--export", str(tmp_path / f"{name}.json")])
    (tmp_path / "cy.json").write_text(json.dumps({"what": "else"}))
    files = [str(tmp_path / f"{name}.json") for name in ("ada", "bo", "cy")]
    assert main(["--join", *files, "--to", str(tmp_path / "class.csv")]) == 1
    told = capsys.readouterr()
    assert "class.csv holds 2 exports." in told.out
    assert "left out:" in told.err
    assert "cy.json" in told.err
    lines = (tmp_path / "class.csv").read_text().splitlines()
    assert [line.partition(",")[0] for line in lines] == ["learner", "ada", "bo"]


def test_a_joined_table_is_printed_where_no_file_is_named(file, tmp_path, capsys):
    main(["--export", str(tmp_path / "ada.json")])
    capsys.readouterr()
    assert main(["--join", str(tmp_path / "ada.json")]) == 0
    assert capsys.readouterr().out.startswith("learner,passed,concepts/why_explain (of 4)")


def test_the_joined_table_may_not_take_the_place_of_an_export(file, tmp_path, capsys):
    own = str(tmp_path / "ada.json")
    main(["--export", own])
    before = (tmp_path / "ada.json").read_text()
    assert main(["--join", own, "--to", own]) == 1
    assert (tmp_path / "ada.json").read_text() == before


def test_a_notebook_shows_tables_and_a_terminal_words(file):
    note("contributions", file)
    shown = progress()
    assert "<table>" in shown._repr_html_()
    assert repr(shown) == str(shown)
    assert str(shown).startswith("1 of ")


def test_progress_of_others_can_be_shown_as_well(file):
    assert str(progress({"fall": "2026-05-04T03:02:01+00:00"})).startswith("1 of ")
    assert not file.exists()


@pytest.mark.parametrize("buffered", ["", "1"])
def test_who_stops_reading_gets_no_traceback_and_the_page_is_written(buffered, file):
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "metaxai_lab.classroom.progress"]
    own = os.environ | {"PYTHONUNBUFFERED": buffered}
    ran = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, text=True, env=own)
    os.close(write_end)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert file.with_name("progress.html").is_file()
