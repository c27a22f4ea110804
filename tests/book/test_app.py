"""`make app` starts: Voila serves the page over exported files, and its cells run."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import matplotlib.pyplot as plt
import nbformat
import pytest
from torch import nn

from metaxai_lab.classroom.repair_study import reader
from metaxai_lab.classroom.sent_out import Column, UseCard, send_out
from metaxai_lab.classroom.served_letters import export, write_tasks

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "app" / "answers.ipynb"
PATIENCE = 180  # seconds; a busy machine is slow


class Halves(nn.Module):
    def forward(self, x):
        return (x / 2).sum(-1), x / 2


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Export an untrained learner of letters and one world."""
    made = tmp_path_factory.mktemp("exported")
    export(reader(0).eval(), made / "letters", n_way=5, k_shot=3)
    write_tasks(made / "letters", n_tasks=2)
    columns = (
        Column("wind", "m/s", 0.0, 20.0, usual=4.0),
        Column("sky", "", 0.0, 1.0, ("clear", "grey")),
    )
    card = UseCard("Air <tomorrow>", "A number.", columns, ("Other towns.",), {"error": "≈ 0.1"})
    send_out(Halves(), card, made / "city")
    return made


@pytest.fixture(scope="module")
def page(exported, tmp_path_factory):
    """Start the app on a free port, give its page, and stop it."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    voila = [str(Path(sys.executable).with_name("voila")), "app/answers.ipynb", "--no-browser"]
    with (tmp_path_factory.mktemp("log") / "voila.log").open("w") as log:
        server = subprocess.Popen(
            [*voila, f"--port={port}", "--Voila.ip=127.0.0.1"],
            cwd=ROOT,
            env={**os.environ, "EXPORTED": str(exported)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield fetched(f"http://127.0.0.1:{port}/", server)
    finally:
        server.terminate()
        server.wait(30)


def fetched(address, server):
    end = monotonic() + PATIENCE
    while monotonic() < end and server.poll() is None:
        try:
            with urlopen(address, timeout=PATIENCE) as answer:
                return answer.read().decode()
        except (URLError, ConnectionError):
            sleep(0.5)
    raise AssertionError("Voila did not answer; is it installed?")


@pytest.fixture
def tabs(exported, monkeypatch):
    """Run the cells of the page here, where Output widgets print, and give its tabs by title."""
    monkeypatch.setenv("EXPORTED", str(exported))
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    *cells, last = [c for c in nbformat.read(PAGE, as_version=4).cells if c.cell_type == "code"]
    names = {}
    for cell in cells:
        exec(cell.source, names)
    exec(last.source.replace("widgets.Tab", "shown = widgets.Tab"), names)
    return dict(zip(names["shown"].titles, names["shown"].children, strict=True))


def test_the_app_shows_its_controls_and_no_error(page):
    assert "What is the answer, and why?" in page
    assert "widget-view+json" in page
    assert "Traceback" not in page
    assert "Error" not in page.partition("<body")[2].partition("cell-output+json")[0]


def test_there_is_a_tab_for_each_folder_that_is_there(tabs):
    assert list(tabs) == ["letters", "city"]


def test_a_tab_opens_with_the_answer_to_the_usual_values(tabs, capsys):
    change(tabs["city"], sky="grey")
    assert "Answer: 2.5" in capsys.readouterr().out  # half of the usual wind, 4, and of 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("?", "Refused: row 1, wind: needs a finite number, in m/s; found '?'"),
        ("nan", "Refused: row 1, wind"),
        ("70", "wind is 70; training rows had 0 to 20 (m/s)"),
        ("6", "Answer: 3"),
    ],
)
def test_what_is_typed_is_answered_flagged_or_refused(tabs, capsys, typed, said):
    change(tabs["city"], wind=typed)
    assert said in capsys.readouterr().out


def test_a_tab_says_what_it_must_not_be_used_for_letter_by_letter(tabs):
    head, _, _, limits = tabs["city"].children
    assert "<h3>Air &lt;tomorrow&gt;</h3>" in head.value
    assert "<li>Other towns.</li>" in limits.value
    assert "<li>error: ≈ 0.1</li>" in limits.value


def change(tab, **values):
    """Type values into the form of a world."""
    for name, value in values.items():
        [field] = [each for each in tab.children[1].children if each.description.startswith(name)]
        field.value = value


def test_another_picture_of_the_letters_is_answered(tabs, capsys):
    picture = tabs["letters"].children[2]
    picture.value = picture.max
    assert "The answer is class" in capsys.readouterr().out


def test_a_model_that_was_changed_is_said_in_its_tab(exported, request):
    model = exported / "city" / "rows.onnx"
    kept = model.read_bytes()
    model.write_bytes(b"another")
    try:
        tab = request.getfixturevalue("tabs")["city"]
    finally:
        model.write_bytes(kept)
    assert "is not the file that its card describes" in tab.value
