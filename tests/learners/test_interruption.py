"""Whatever stops a run, it goes on to the same result; SIGTERM ends it in good order."""

import random
import signal
import subprocess
import sys
import threading

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import FolderInUseError, meta_train
from metaxai_lab.learners.interruption import sigterm_unwinds

STEPS = 12


def draw(generator):
    rows = Examples(torch.randn(8, 3, generator=generator), torch.zeros(8))
    return Episode(rows, rows)


def loss(learner, episode):
    return (learner(episode.query.x) - 1).square().mean()


def make():
    """Return a learner with all that makes resuming hard: running statistics and dropout."""
    generator = seeded(0)
    with initialised_with(generator):
        layers = [nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.3), nn.Linear(4, 1)]
    return nn.Sequential(*layers), generator


def validate(learner):
    return learner[3].bias.item() ** 2


def train(folder=None, **settings):
    """Return all that a run leaves: losses, values, weights and the generator's state."""
    learner, generator = make()
    settings = {"keep_every": 1, "validate": validate, "validate_every": 3, **settings}
    settings = {"draw": draw, "loss": loss, "device": "cpu", "progress": False, **settings}
    history = meta_train(
        learner, steps=STEPS, outer_lr=0.05, generator=generator, folder=folder, **settings
    )
    values = torch.tensor(list(history.validation.items()), dtype=torch.float64)
    left = {"losses": history.losses, "values": values, "generator": generator.get_state()}
    return left | learner.state_dict()


@pytest.fixture(scope="module")
def uninterrupted():
    return train()


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)


@pytest.mark.parametrize("k", range(1, STEPS + 1))
def test_interrupted_after_any_step_it_ends_the_same(k, tmp_path, uninterrupted):
    def stop(step, value):
        if step == k:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, on_step=stop)
    assert same(train(tmp_path), uninterrupted)


# Killed from outside, in the middle of whatever it does


SLEEPS = """
import runpy, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` would have it ignored
test, folder, at = sys.argv[1:]
here = runpy.run_path(test)

def wait(step, loss):
    print(step, flush=True)
    if step == int(at):
        time.sleep(60)

with open(folder + "/closed", "w") as closed:
    try:
        here["train"](folder, on_step=wait)
    finally:
        closed.write("well")
"""


def end_by(number, folder, *, after):
    """Send a signal to another process that has made `after` steps; return its status."""
    script = folder / "run.py"
    script.write_text(SLEEPS)
    asked = [sys.executable, "-W", "error", str(script), __file__, str(folder), str(after)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        try:
            while run.stdout.readline().strip() != str(after):
                assert run.poll() is None, run.stderr.read()
            with pytest.raises(FolderInUseError, match=f"process {run.pid} on"):
                train(folder)
            run.send_signal(number)
            run.wait(timeout=120)
            return run.returncode, run.stderr.read()
        finally:
            run.kill()


@pytest.mark.parametrize(
    ("number", "statuses", "last_words", "closed"),
    [
        (signal.SIGKILL, {-signal.SIGKILL}, "", ""),
        (signal.SIGTERM, {143}, "", "well"),
        # Python's own answer to a Ctrl-C that nothing caught; Python 3.11 often forgets the signal
        (signal.SIGINT, {-signal.SIGINT, 1}, "KeyboardInterrupt", "well"),
    ],
    ids=["SIGKILL", "SIGTERM", "SIGINT"],
)
def test_ended_by_a_signal_it_goes_on_to_the_same_result(
    number, statuses, last_words, closed, tmp_path, uninterrupted
):
    after = random.randint(1, STEPS - 1)
    returned, said = end_by(number, tmp_path, after=after)
    assert returned in statuses, said
    assert (said.strip().splitlines() or [""])[-1] == last_words
    assert (tmp_path / "closed").read_text() == closed
    kept = load_file(max(tmp_path.glob("step-*")))
    assert torch.equal(kept["losses"], uninterrupted["losses"][: after - 1]), after
    assert same(train(tmp_path), uninterrupted), after


# SIGTERM


def test_sigterm_unwinds_to_the_status_of_a_terminated_program():
    def terminated():
        with sigterm_unwinds():
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as end:
        terminated()
    assert end.value.code == 143
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_second_sigterm_does_not_disturb_what_the_first_one_began():
    kept = []

    def terminated():
        with sigterm_unwinds():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                signal.raise_signal(signal.SIGTERM)
                kept.append("the last good state")

    with pytest.raises(SystemExit):
        terminated()
    assert kept


def test_a_handler_that_the_program_set_stays(monkeypatch):
    heard = []
    before = signal.signal(signal.SIGTERM, lambda *anything: heard.append("its own"))
    try:
        with sigterm_unwinds():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == ["its own"]


def test_a_thread_trains_without_a_handler():
    ends = []
    thread = threading.Thread(target=lambda: ends.append(train()["losses"]))
    thread.start()
    thread.join()
    assert len(ends[0]) == STEPS
