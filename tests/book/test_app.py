"""`make app` starts: Voila serves the page over exported files, and its cells run."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from metaxai_lab.classroom.repair_study import reader
from metaxai_lab.classroom.served_letters import export, write_tasks

ROOT = Path(__file__).parents[2]
PATIENCE = 180  # seconds; a busy machine is slow


@pytest.fixture
def page(tmp_path):
    """Export a learner, start the app on a free port, give its page, and stop it."""
    export(reader(0).eval(), tmp_path, n_way=5, k_shot=3)
    write_tasks(tmp_path, n_tasks=2)
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    voila = [str(Path(sys.executable).with_name("voila")), "app/letters.ipynb", "--no-browser"]
    with (tmp_path / "voila.log").open("w") as log:
        server = subprocess.Popen(
            [*voila, f"--port={port}", "--Voila.ip=127.0.0.1"],
            cwd=ROOT,
            env={**os.environ, "EXPORTED": str(tmp_path)},
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


def test_the_app_shows_its_controls_and_no_error(page):
    assert "Which letter is it, and why?" in page
    assert "widget-view+json" in page
    assert "Traceback" not in page
    assert "Error" not in page.partition("<body")[2].partition("widget-state+json")[0]
