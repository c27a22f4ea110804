"""One loop, and what may befall it: it resumes to the same result, or says why it does not."""

import signal
import subprocess
import sys
from itertools import count

import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from torch.optim import AdamW

from metaxai_lab.core import Episode, Examples, initialised_with, seeded
from metaxai_lab.learners import (
    DivergedError,
    ForeignCheckpointError,
    ProtoNet,
    classification_loss,
    meta_train,
)
from metaxai_lab.learners.run import Run

STEPS, KEEP_EVERY = 9, 4


def draw(generator):
    """Two classes that differ in column 0; rows 0 to 5 are the support."""
    y = torch.tensor([0, 0, 0, 1, 1, 1])
    x = torch.randn(12, 6, generator=generator)
    x[:, 0] += 3 * y.repeat(2)
    return Episode(Examples(x[:6], y), Examples(x[6:], y))


def make(seed=0, width=8):
    """Return a learner with all that makes resuming hard: running statistics and dropout."""
    generator = seeded(seed)
    with initialised_with(generator):
        layers = [nn.Linear(6, width), nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(0.3)]
        learner = ProtoNet(nn.Sequential(*layers, nn.Linear(width, 4)))
    return learner, generator


def train(learner, generator, *, draw=draw, loss=classification_loss, **settings):
    settings = {"steps": STEPS, "outer_lr": 0.02, "keep_every": KEEP_EVERY, **settings}
    settings.setdefault("device", "cpu")
    return meta_train(learner, draw, loss, generator=generator, progress=False, **settings)


def same(one, other):
    """Say whether two dicts of tensors are the same to the last bit."""
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)


def stopping(at, act, *, first):
    """Return `act`, but a Ctrl-C falls at its call number `at`, before it acts or after."""
    calls = count()

    def acting(*args, **kwargs):
        now = next(calls) == at
        if now and first:
            raise KeyboardInterrupt
        result = act(*args, **kwargs)
        if now:
            raise KeyboardInterrupt
        return result

    return acting


@pytest.fixture(scope="module")
def uninterrupted():
    learner, generator = make()
    history = train(learner, generator)
    return learner.state_dict(), history.losses, generator.get_state()


@pytest.fixture
def ends_alike(uninterrupted):
    """Return a check that a run ended, bitwise, as the uninterrupted one did."""

    def check(learner, generator, history):
        weights, losses, state = uninterrupted
        assert torch.equal(history.losses, losses)
        assert same(learner.state_dict(), weights)
        assert torch.equal(generator.get_state(), state)

    return check


# What it does


def test_it_makes_the_steps_that_a_plain_loop_with_torchs_schedule_makes():
    learner, generator = make()
    learner.embed[3].p = 0.0
    history = train(learner, generator, weight_decay=0.1, clip=0.5)

    plain, generator = make()
    plain.embed[3].p = 0.0
    with initialised_with(generator):
        pass  # meta_train takes one number for the noise
    optimizer = AdamW(plain.parameters(), lr=0.02, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.02, total_steps=STEPS, cycle_momentum=False
    )
    losses = []
    for _ in range(STEPS):
        loss = classification_loss(plain, draw(generator))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(plain.parameters(), 0.5)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    assert history.losses.tolist() == pytest.approx(losses, abs=1e-5)


def test_it_lowers_the_loss_on_tasks_it_has_not_seen():
    learner, generator = make()
    unseen = [draw(seeded(100 + i)) for i in range(20)]
    learner.eval()
    before = sum(classification_loss(learner, e).item() for e in unseen)
    train(learner, generator, steps=150)
    assert sum(classification_loss(learner, e).item() for e in unseen) < 0.5 * before


def test_it_leaves_the_learner_in_evaluation_mode():
    learner, generator = make()
    train(learner, generator)
    assert not any(module.training for module in learner.modules())


def test_it_tells_each_step_and_its_loss():
    told = []
    history = train(*make(), on_step=lambda step, loss: told.append((step, loss)))
    assert told == [(i + 1, loss) for i, loss in enumerate(history.losses.tolist())]


def test_it_draws_nothing_from_the_global_state_and_leaves_it_alone(uninterrupted):
    learner, generator = make()
    torch.rand(7)
    before = torch.get_rng_state()
    train(learner, generator)
    assert torch.equal(torch.get_rng_state(), before)
    assert same(learner.state_dict(), uninterrupted[0])


def test_no_folder_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train(*make())
    assert not list(tmp_path.iterdir())


def test_bfloat16_gives_other_losses_and_weights_of_32_bits(uninterrupted):
    learner, generator = make()
    history = train(learner, generator, precision="bf16-mixed")
    assert not torch.equal(history.losses, uninterrupted[1])
    assert history.losses.tolist() == pytest.approx(uninterrupted[1].tolist(), abs=0.1)
    assert {p.dtype for p in learner.parameters()} == {torch.float32}


def test_weights_that_ask_for_no_gradient_stay():
    learner, generator = make()
    frozen = learner.embed[0].weight.requires_grad_(False).clone()
    train(learner, generator)
    assert torch.equal(learner.embed[0].weight, frozen)


def test_the_loss_of_a_learner_that_cannot_tell_classes_apart_is_log_n():
    class Blind:
        def adapt(self, support):
            return lambda x: x.new_zeros(*x.shape[:-1], 2)

    assert classification_loss(Blind(), draw(seeded(0))).item() == pytest.approx(0.693147, abs=1e-6)


def test_the_loss_of_stacked_tasks_is_the_mean_of_their_losses():
    learner = ProtoNet(nn.Linear(6, 4))
    one, two = draw(seeded(0)), draw(seeded(1))

    def stacked(a, b):
        return Examples(torch.stack([a.x, b.x]), torch.stack([a.y, b.y]))

    both = Episode(stacked(one.support, two.support), stacked(one.query, two.query))
    mean = (classification_loss(learner, one) + classification_loss(learner, two)) / 2
    torch.testing.assert_close(classification_loss(learner, both), mean)


# Interrupted, it resumes to the same result


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize("place", ["draw", "loss", "half an update", "update", "on_step", "copy"])
def test_interrupted_anywhere_and_begun_anew_it_ends_the_same(
    place, step, tmp_path, monkeypatch, ends_alike
):
    interrupt(place, step, *make(), tmp_path, monkeypatch)
    learner, generator = make()
    ends_alike(learner, generator, train(learner, generator, folder=tmp_path))


@pytest.mark.parametrize("step", [0, 1, KEEP_EVERY, STEPS - 1])
@pytest.mark.parametrize("place", ["draw", "half an update", "on_step"])
def test_interrupted_and_called_again_with_what_it_left_it_ends_the_same(
    place, step, tmp_path, monkeypatch, ends_alike
):
    learner, generator = make()
    interrupt(place, step, learner, generator, tmp_path, monkeypatch)
    ends_alike(learner, generator, train(learner, generator, folder=tmp_path))


def test_interrupted_again_and_again_it_ends_the_same(tmp_path, monkeypatch, ends_alike):
    for step in (2, 3, 1):
        interrupt("loss", step, *make(), tmp_path, monkeypatch)
    learner, generator = make()
    ends_alike(learner, generator, train(learner, generator, folder=tmp_path))


def test_gone_on_with_interrupted_again_and_begun_anew_it_ends_the_same(
    tmp_path, monkeypatch, ends_alike
):
    left = make()
    interrupt("loss", 3, *left, tmp_path, monkeypatch)
    interrupt("loss", 3, *left, tmp_path, monkeypatch)
    learner, generator = make()
    ends_alike(learner, generator, train(learner, generator, folder=tmp_path))


def test_an_interruption_loses_its_step_and_the_one_before_and_no_more(tmp_path, monkeypatch):
    interrupt("update", 6, *make(), tmp_path, monkeypatch)
    made = []
    train(*make(), folder=tmp_path, on_step=lambda step, loss: made.append(step))
    assert made == [6, 7, 8, 9]


def test_an_interrupted_learner_without_a_folder_holds_a_whole_state(monkeypatch):
    states = []
    learner, generator = make()

    def remember(step, loss):
        states.append({name: t.clone() for name, t in learner.state_dict().items()})

    monkeypatch.setattr(AdamW, "step", half_at(5, AdamW.step))
    with pytest.raises(KeyboardInterrupt):
        train(learner, generator, on_step=remember)
    assert same(learner.state_dict(), states[3])


def interrupt(place, step, learner, generator, folder, monkeypatch):
    """Train until a Ctrl-C falls at one place of the step that is so many after the first."""
    stop = {}
    if place == "draw":
        stop["draw"] = stopping(step, draw, first=False)
    if place == "loss":
        stop["loss"] = stopping(step, classification_loss, first=False)
    if place == "on_step":
        stop["on_step"] = stopping(step, lambda made, loss: None, first=True)
    with monkeypatch.context() as patch:
        if place == "half an update":
            patch.setattr(AdamW, "step", half_at(step, AdamW.step))
        if place == "update":
            patch.setattr(AdamW, "step", stopping(step, AdamW.step, first=False))
        if place == "copy":  # a run takes two copies before its first step
            patch.setattr(Run, "snapshot", stopping(step + 2, Run.snapshot, first=True))
        with pytest.raises(KeyboardInterrupt):
            train(learner, generator, folder=folder, **stop)


def half_at(step, update):
    """Return an update that moves one weight at `step`, and is interrupted."""
    calls = count()

    def updating(optimizer, *args, **kwargs):
        if next(calls) == step:
            with torch.no_grad():
                optimizer.param_groups[0]["params"][0].add_(1)
            raise KeyboardInterrupt
        return update(optimizer, *args, **kwargs)

    return updating


CHILD = """
import os, runpy, signal, sys
test, folder, moment = sys.argv[1:]
here, moves, replace = runpy.run_path(test), iter(range(99)), os.replace

def die(*anything):
    os.kill(os.getpid(), signal.SIGKILL)

def dying(step, loss):
    step == 7 and die()

def dying_replace(*paths):  # the first checkpoint is of step 0, the second of step 4
    next(moves) == 1 and die()
    replace(*paths)

if moment == "while a checkpoint is written":
    os.replace = dying_replace
here["train"](*here["make"](), folder=folder, on_step=dying)
"""


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        (
            "while a checkpoint is written",
            ["step-00000000.safetensors", "step-00000004.partial"],
        ),
        (
            "between two checkpoints",
            ["step-00000000.safetensors", "step-00000004.safetensors"],
        ),
    ],
)
def test_killed_and_begun_anew_it_ends_the_same(moment, left, tmp_path, ends_alike):
    asked = [sys.executable, "-c", CHILD, __file__, str(tmp_path), moment]
    killed = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert sorted(file.name for file in tmp_path.glob("step-*")) == left
    learner, generator = make()
    ends_alike(learner, generator, train(learner, generator, folder=tmp_path))
    assert not list(tmp_path.glob("*.partial"))


def test_a_finished_run_is_given_back_without_a_step(tmp_path, ends_alike):
    train(*make(), folder=tmp_path)
    learner, generator = make()
    history = train(learner, generator, folder=tmp_path, draw=stopping(0, draw, first=True))
    ends_alike(learner, generator, history)


def test_the_folder_keeps_the_two_newest(tmp_path):
    train(*make(), folder=tmp_path)
    names = sorted(file.name for file in tmp_path.glob("step-*"))
    assert names == ["step-00000008.safetensors", "step-00000009.safetensors"]


def test_no_pickle_is_written(tmp_path):
    train(*make(), folder=tmp_path)
    *checkpoints, lock = sorted(tmp_path.iterdir())
    for file in checkpoints:
        load_file(file)
    assert lock.read_text().startswith("process ")


# What is damaged is named, and the result is the same


@pytest.mark.parametrize("damage", ["cut short", "a byte turned", "not a checkpoint", "empty"])
def test_a_damaged_checkpoint_is_named_and_the_one_before_it_serves(
    damage, tmp_path, monkeypatch, ends_alike
):
    interrupt("loss", 6, *make(), tmp_path, monkeypatch)
    newest = max(tmp_path.glob("step-*"))
    spoil(newest, damage)
    made = []
    learner, generator = make()
    with pytest.warns(UserWarning, match=newest.name):
        history = train(
            learner, generator, folder=tmp_path, on_step=lambda step, loss: made.append(step)
        )
    ends_alike(learner, generator, history)
    assert made[0] == KEEP_EVERY + 1


def test_where_every_checkpoint_is_damaged_it_begins_anew(tmp_path, monkeypatch, ends_alike):
    interrupt("loss", 6, *make(), tmp_path, monkeypatch)
    for file in tmp_path.glob("step-*"):
        spoil(file, "cut short")
    learner, generator = make()
    with pytest.warns(UserWarning, match="is damaged"):
        history = train(learner, generator, folder=tmp_path)
    ends_alike(learner, generator, history)


def spoil(file, damage):
    content = bytearray(file.read_bytes())
    content[-200] ^= 1
    spoilt = {
        "cut short": content[: len(content) // 2],
        "a byte turned": content,
        "not a checkpoint": b"<html>404</html>",
        "empty": b"",
    }
    file.write_bytes(spoilt[damage])


# What diverges stops, and the last good state stays


def diverging(at, how):
    """Return a loss that is not finite at its call number `at`."""
    calls = count()

    def loss(learner, episode):
        value = classification_loss(learner, episode)
        if next(calls) != at:
            return value
        if how == "gradient":  # the slope of a root at 0 is infinite; the loss stays finite
            return value + (value * 0).sqrt()
        return value * float(how)

    return loss


@pytest.mark.parametrize("how", ["nan", "inf", "gradient"])
def test_a_loss_that_is_not_finite_stops_the_run_by_name(how):
    with pytest.raises(DivergedError, match=r"step 6 of 9 .* Lower outer_lr \(0.02\)"):
        train(*make(), loss=diverging(5, how))


@pytest.mark.parametrize("how", ["nan", "inf", "gradient"])
@pytest.mark.parametrize("at", [1, 2, KEEP_EVERY, KEEP_EVERY + 1, STEPS - 1])
def test_after_divergence_learner_and_folder_hold_the_last_state_that_measured_finite(
    at, how, tmp_path
):
    reference, states = make(), []
    states.append({k: t.clone() for k, t in reference[0].state_dict().items()})
    train(
        *reference,
        on_step=lambda step, loss: states.append(
            {k: t.clone() for k, t in reference[0].state_dict().items()}
        ),
    )
    learner, generator = make()
    with pytest.raises(DivergedError):
        train(learner, generator, loss=diverging(at, how), folder=tmp_path)
    assert same(learner.state_dict(), states[at - 1])
    newest = load_file(max(tmp_path.glob("step-*")))
    kept = {k.removeprefix("learner."): t for k, t in newest.items() if k.startswith("learner.")}
    assert same(kept, states[at - 1])


def test_rows_that_are_not_numbers_do_not_reach_the_running_statistics():
    def poisoned(generator):
        episode = draw(generator)
        return Episode(Examples(episode.support.x * float("nan"), episode.support.y), episode.query)

    learner, generator = make()
    with pytest.raises(DivergedError):
        train(learner, generator, draw=poisoned)
    assert all(t.isfinite().all() for t in learner.state_dict().values())


def test_a_run_that_diverged_diverges_again_at_the_same_step(tmp_path):
    learner, generator = make()
    with pytest.raises(DivergedError):
        train(learner, generator, loss=diverging(5, "nan"), folder=tmp_path)
    with pytest.raises(DivergedError, match="step 6 of 9"):
        train(learner, generator, loss=diverging(1, "nan"), folder=tmp_path)


# Another run's checkpoint is refused, and nothing is touched


def test_a_checkpoint_of_another_learner_is_refused(tmp_path):
    train(*make(), folder=tmp_path)
    with pytest.raises(ForeignCheckpointError, match=r"\(8, 6\) there and \(16, 6\) here"):
        train(*make(width=16), folder=tmp_path)


def test_a_checkpoint_of_other_settings_is_refused(tmp_path):
    train(*make(), folder=tmp_path)
    with pytest.raises(ForeignCheckpointError, match=r"outer_lr is 0.02 there and 0.03 here"):
        train(*make(), folder=tmp_path, outer_lr=0.03)


def test_a_checkpoint_of_another_seed_is_refused(tmp_path):
    train(*make(seed=0), folder=tmp_path)
    with pytest.raises(ForeignCheckpointError, match="other weights or another generator"):
        train(*make(seed=1), folder=tmp_path)


def test_a_checkpoint_of_the_same_weights_and_other_draws_is_refused(tmp_path):
    train(*make(), folder=tmp_path)
    learner, _ = make()
    with pytest.raises(ForeignCheckpointError, match="other weights or another generator"):
        train(learner, seeded(5), folder=tmp_path)


def test_a_refused_checkpoint_leaves_folder_learner_and_generator_alone(tmp_path):
    train(*make(), folder=tmp_path)
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    learner, generator = make(seed=1)
    with pytest.raises(ForeignCheckpointError):
        train(learner, generator, folder=tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == files
    assert same(learner.state_dict(), make(seed=1)[0].state_dict())
    assert torch.equal(generator.get_state(), make(seed=1)[1].get_state())


# Devices and settings


def test_without_cuda_a_run_that_asks_for_it_says_so(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RuntimeError, match=r"'cuda' was asked for, and torch .* finds no CUDA"):
        train(*make(), device="cuda")


def test_the_environment_chooses_the_device_too(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setenv("METAXAI_DEVICE", "cuda")
    with pytest.raises(RuntimeError, match="'cuda' was asked for"):
        train(*make(), device=None)


def test_checkpoints_further_apart_than_a_step_are_asked_for():
    with pytest.raises(ValueError, match="keep_every counts steps and is at least 1; found 0"):
        train(*make(), keep_every=0)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_on_cuda_it_trains_there_and_resumes(tmp_path, monkeypatch):
    learner, generator = make()
    whole = train(learner, generator, device="cuda")
    with pytest.raises(KeyboardInterrupt):
        train(*make(), device="cuda", folder=tmp_path, draw=stopping(5, draw, first=True))
    other, generator = make()
    resumed = train(other, generator, device="cuda", folder=tmp_path)
    assert {p.device.type for p in other.parameters()} == {"cuda"}
    torch.testing.assert_close(resumed.losses, whole.losses)
