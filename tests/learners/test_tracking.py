"""Curves are read back as they were told, nothing is sent, and what is missing is named."""

import importlib.util
import os
import subprocess
import sys

import pytest
from torch import nn, randn, zeros

from metaxai_lab.core import Episode, Examples, seeded
from metaxai_lab.learners import meta_train, tracking
from metaxai_lab.learners.tracking import Tracker, tensorboard, wandb_offline


class Notebook:
    """Curves in a list."""

    def __init__(self):
        self.lines, self.closed = [], 0

    def write(self, name, step, value):
        self.lines.append((name, step, value))

    def close(self):
        self.closed += 1


def test_a_tracker_writes_losses_and_validations_under_their_names():
    notebook = Notebook()
    track = Tracker(lambda: notebook)
    track(1, 0.5)
    track.validation(1, 0.7)
    assert notebook.lines == [("loss", 1, 0.5), ("validation", 1, 0.7)]


def test_a_tracker_opens_at_the_first_number_and_once():
    opened = []
    track = Tracker(lambda: opened.append(Notebook()) or opened[-1])
    assert not opened
    track(1, 0.5)
    track(2, 0.4)
    assert len(opened) == 1


def test_a_tracker_is_closed_when_its_block_fails_and_not_twice():
    notebook = Notebook()
    track = Tracker(lambda: notebook)
    with pytest.raises(KeyboardInterrupt), track:
        told_and_interrupted(track)
    track.close()
    assert notebook.closed == 1


def told_and_interrupted(track):
    track(1, 0.5)
    raise KeyboardInterrupt


def test_a_tracker_that_was_told_nothing_leaves_nothing(tmp_path):
    with tensorboard(tmp_path / "a"), wandb_offline(tmp_path / "b", project="p"):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("package", "make"),
    [("tensorboard", tensorboard), ("wandb", lambda at: wandb_offline(at, project="p"))],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    package, make, tmp_path, monkeypatch
):
    def found(name):
        return None if name == package else importlib.util.find_spec(name)

    monkeypatch.setattr(tracking, "find_spec", found)
    with pytest.raises(ModuleNotFoundError, match=rf"{package}, which .*pip install .*\[track\]"):
        make(tmp_path)


# TensorBoard


def test_tensorboard_reads_back_the_losses_of_a_run_and_its_validations(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    with tensorboard(tmp_path / "runs") as track:
        history = train(on_step=track, on_validation=track.validation)
    events = EventAccumulator(str(tmp_path / "runs")).Reload()
    told = [(point.step, point.value) for point in events.Scalars("loss")]
    assert told == list(enumerate(history.losses.tolist(), 1))
    judged = {point.step: point.value for point in events.Scalars("validation")}
    assert judged == pytest.approx(history.validation)
    assert list(judged) == [2, 4]


def train(**settings):
    learner, generator = nn.Linear(2, 1), seeded(0)
    return meta_train(
        learner,
        draw,
        lambda learner, episode: learner(episode.query.x).square().mean(),
        steps=4,
        outer_lr=0.1,
        generator=generator,
        device="cpu",
        validate=lambda learner: learner.weight.square().sum().item(),
        validate_every=2,
        progress=False,
        **settings,
    )


def draw(generator):
    rows = Examples(randn(5, 2, generator=generator), zeros(5))
    return Episode(rows, rows)


# Weights & Biases


WRITES = """
import runpy, socket, sys
room = runpy.run_path(sys.argv[1])  # without the floor, which would load torch

reach = socket.socket.connect

def near(self, address):
    host = address[0] if isinstance(address, tuple) else "localhost"
    assert host in ("localhost", "127.0.0.1", "::1"), address
    return reach(self, address)

socket.socket.connect = near
with room["wandb_offline"](sys.argv[2], project="a-project") as track:
    for step, loss in ((1, 0.5), (2, 0.25)):
        track(step, loss)
    track.validation(2, 0.125)
"""


def test_wandb_keeps_an_offline_run_without_account_network_or_question(tmp_path):
    (kept,) = offline_run(tmp_path).glob("run-*.wandb")
    told = [points(record) for record in records(kept)]
    assert [point for point in told if point] == [
        {"_step": "1", "loss": "0.5"},
        {"_step": "2", "loss": "0.25", "validation": "0.125"},
    ]


def points(record):
    """Return what a record says of our curves, by name; their order is left to chance."""
    items = {(*item.nested_key, item.key)[0]: item for item in record.history.item}
    return {k: items[k].value_json for k in ("_step", "loss", "validation") if k in items}


def offline_run(folder):
    """Write a run in a process of its own: its network is watched, and its environment is bare."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith("WANDB")}
    bare |= {"HOME": str(folder / "home"), "HTTPS_PROXY": "http://127.0.0.1:9"}
    (folder / "home").mkdir()
    asked = [sys.executable, "-W", "error", "-c", WRITES, tracking.__file__, str(folder / "runs")]
    alone = {"env": bare, "stdin": subprocess.DEVNULL, "timeout": 60, "check": False}
    ran = subprocess.run(asked, capture_output=True, text=True, **alone)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == ran.stderr == ""
    (run,) = (folder / "runs" / "wandb").glob("offline-run-*")
    return run


def records(file):
    """Read a run of one block: 7 bytes of header; checksum, length and type before each record."""
    from wandb.proto.wandb_internal_pb2 import Record

    content, at = file.read_bytes(), 7
    assert len(content) < 32_768
    while at < len(content):
        length = int.from_bytes(content[at + 4 : at + 6], "little")
        yield Record.FromString(content[at + 7 : at + 7 + length])
        at += 7 + length
