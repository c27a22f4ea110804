"""Only a person in a notebook is remembered: no build, no test, no script, no folded solution."""

import json
import os
import sys
from functools import cache
from types import SimpleNamespace

import nbclient
import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from metaxai_lab.classroom import progress_reader
from metaxai_lab.classroom.exercises import EXERCISES, check
from metaxai_lab.classroom.progress_file import passed
from metaxai_lab.classroom.progress_reader import ROOT, chapter_of, is_the_books_own, remember

GATE = EXERCISES["contributions"]
PASSES = """
from metaxai_lab.classroom import check
check.contributions(lambda weights, row, baseline: weights * (row - baseline))
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("METAXAI_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


@pytest.fixture
def person(monkeypatch):
    """Return what makes this process one in which a front end asked for a cell."""

    def asks(cell, code=""):
        parent = {"metadata": {"cellId": cell} if cell else {}, "content": {"code": code}}
        shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: parent))
        monkeypatch.delenv("PYTEST_CURRENT_TEST")
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))

    return asks


@cache
def cells_of(page):
    return nbformat.read(page, as_version=4).cells


def hidden_cell():
    cells = cells_of(ROOT / chapter_of(GATE.ask))
    return next(c for c in cells if "\ncheck.contributions(" in c.source)


def test_a_person_who_passes_is_remembered_and_told(file, person, capsys):
    person("a cell of one's own")
    GATE(lambda weights, row, baseline: weights * (row - baseline))
    assert set(passed(file)) == {"contributions"}
    assert capsys.readouterr().out.endswith("\nNoted in your progress: 1 passed so far.\n")


def test_a_wrong_solution_is_not_remembered(file, person):
    person("a cell of one's own")
    with pytest.raises(Exception, match="not yet"):
        GATE(lambda weights, row, baseline: weights * row)
    assert not file.exists()


def test_a_script_is_not_remembered(file, capsys):
    GATE(lambda weights, row, baseline: weights * (row - baseline))
    assert not file.exists()
    assert capsys.readouterr().out.count("\n") == 1


def test_a_request_that_names_no_cell_is_not_remembered(file, person):
    person(None)
    assert remember("contributions", GATE.ask) is None
    assert not file.exists()


def test_a_test_that_runs_inside_a_notebook_is_not_remembered(file, person, monkeypatch):
    person("a cell")
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "this")
    assert remember("contributions", GATE.ask) is None


def test_ipython_without_a_kernel_is_not_remembered(file, person, monkeypatch):
    person("a cell")
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert remember("contributions", GATE.ask) is None


def test_switched_off_nothing_is_remembered(file, person, monkeypatch):
    person("a cell")
    monkeypatch.setenv("METAXAI_PROGRESS", "off")
    assert remember("contributions", GATE.ask) is None


@pytest.mark.parametrize("known_by", ["id", "words"])
def test_the_books_own_solution_is_no_pass_of_the_reader(file, person, known_by):
    cell = hidden_cell()
    person(cell.id if known_by == "id" else "vscode:7", "" if known_by == "id" else cell.source)
    assert remember("contributions", GATE.ask).startswith("Not noted: this is the book's own")
    assert not file.exists()


def test_the_cell_below_the_task_is_the_readers(file, person):
    cells = cells_of(ROOT / chapter_of(GATE.ask))
    stub = next(c for c in cells if "# check.contributions(" in c.source)
    person(stub.id, stub.source)
    assert remember("contributions", GATE.ask) == "Noted in your progress: 1 passed so far."


def test_without_the_chapter_at_hand_no_cell_is_the_books(tmp_path):
    assert not is_the_books_own({"metadata": {"cellId": "a"}}, tmp_path / "gone.ipynb")
    (tmp_path / "odd.ipynb").write_text(json.dumps([]))
    assert not is_the_books_own({"metadata": {"cellId": "a"}}, tmp_path / "odd.ipynb")


IN_CHAPTERS = [n for n in EXERCISES if str(chapter_of(EXERCISES[n].ask)).endswith(".ipynb")]


def test_every_exercise_belongs_to_a_page():
    assert all(chapter_of(one.ask) for one in EXERCISES.values())
    assert len(IN_CHAPTERS) > 90


@pytest.mark.parametrize("name", IN_CHAPTERS)
def test_the_chapter_of_an_exercise_folds_its_solution(name):
    page = ROOT / chapter_of(EXERCISES[name].ask)
    (solution,) = [c for c in cells_of(page) if f"\ncheck.{name}(" in c.source]
    assert is_the_books_own({"metadata": {"cellId": solution.id}}, page)


def test_an_exercise_from_elsewhere_has_no_chapter():
    assert chapter_of(lambda trial: None) is None
    assert check.contributions is GATE


def test_a_build_of_the_book_is_not_remembered(file, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    cell = nbformat.v4.new_code_cell(PASSES)
    nbclient.execute(nbformat.v4.new_notebook(cells=[cell]), timeout=120)
    assert cell.outputs[0].text.startswith("contributions is right")
    assert not file.exists()


def test_what_jupyterlab_asks_of_a_kernel_is_remembered(file, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    manager, client = start_new_kernel()
    try:
        content = {"code": PASSES, "silent": False}
        message = client.session.msg("execute_request", content, metadata={"cellId": "own"})
        client.shell_channel.send(message)
        reply = client.get_shell_msg(timeout=120)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok"
    assert set(passed(file)) == {"contributions"}


def test_the_variable_of_pytest_is_the_one_that_pytest_sets():
    assert "PYTEST_CURRENT_TEST" in os.environ
    assert progress_reader.request() is None
