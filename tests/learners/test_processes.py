"""Several processes make the run of one: the same weights, one voice, and one end."""

import os
import re
import runpy
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from metaxai_lab.core import share
from metaxai_lab.learners import ForeignCheckpointError, processes
from metaxai_lab.learners.processes import muster

SCRIPT = Path(__file__).with_name("two_processes.py")
SCENES = SimpleNamespace(**runpy.run_path(str(SCRIPT)))


def torchrun(folder, *asked):
    """Start two processes that speak to each other on this machine alone."""
    command = [sys.executable, "-W", "error", "-m", "torch.distributed.run"]
    command += ["--standalone", "--nproc_per_node=2"]
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    quiet["PYTHONPATH"] = str(SCRIPT.parent.parent.parent)
    return subprocess.Popen(
        [*command, str(SCRIPT), str(folder), *asked],
        env=quiet,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    """Play all scenes in two processes; return a reader of what each process left."""
    folder = tmp_path_factory.mktemp("two")
    with torchrun(folder) as processes:
        said, _ = processes.communicate(timeout=240)
    assert processes.returncode == 0, said

    def read(scene):
        return [load_file(folder / f"{scene}.{rank}.safetensors") for rank in (0, 1)]

    read.folder = folder
    return read


def test_started_without_torchrun_a_process_is_alone():
    crew = muster(torch.device("cpu"), "32-true")
    assert (crew.rank, crew.n_ranks, crew.first) == (0, 1, True)


@pytest.mark.parametrize("scene", ["plain", "clipped"])
def test_two_processes_reach_the_weights_and_losses_of_one(scene, ends, tmp_path):
    one = getattr(SCENES, scene)(0, tmp_path)
    for left in ends(scene):
        close(left, one)


def close(left, one):
    assert left.keys() == one.keys()
    for name, tensor in one.items():
        torch.testing.assert_close(left[name], tensor, rtol=0, atol=1e-5)


def test_the_tasks_matter_to_the_bound_that_two_processes_keep(ends, tmp_path):
    learner, generator = SCENES.make()
    half = {"draw": lambda generator: share(SCENES.draw(generator), 0, 2)}
    other = SCENES.end(learner, generator, SCENES.train(learner, generator, **half))
    with pytest.raises(AssertionError):
        close(ends("plain")[0], other)


def test_processes_that_began_from_other_seeds_are_alike_to_the_last_bit(ends):
    same(*ends("plain"))


def test_with_batch_norm_and_dropout_processes_are_alike_to_the_last_bit(ends):
    same(*ends("with_noise"))


def test_with_batch_norm_and_dropout_interrupted_processes_end_as_the_uninterrupted(ends):
    for one, other in zip(ends("with_noise_interrupted"), ends("with_noise"), strict=True):
        same(one, other)


def same(one, other):
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_each_process_has_noise_of_its_own_and_new_noise_each_step(ends):
    drawn = torch.cat([left["drawn"] for left in ends("noise_of_dropout")])
    assert len(drawn.unique(dim=0)) == 2 * SCENES.STEPS


def test_weights_that_no_process_uses_stay(ends):
    learner, _ = SCENES.make()
    assert torch.equal(ends("plain")[1]["embed.unused.weight"], learner.embed.unused.weight)


def test_a_buffer_that_nothing_moves_stays(ends):
    learner, _ = SCENES.make()
    assert torch.equal(ends("plain")[1]["embed.constant"], learner.embed.constant)


def test_only_the_first_is_told_and_validates_and_all_stop_by_its_patience(ends):
    first, other = ends("told")
    assert first["calls"].tolist() == [3, 3, 3]
    assert other["calls"].tolist() == [0, 0, 0]
    assert first["values"].tolist() == [[1, 1], [2, 2], [3, 3]]
    assert len(first["losses"]) == 3
    same({**first, "calls": other["calls"]}, other)


def test_what_one_process_measured_not_finite_stops_both_at_the_state_before(ends):
    learner, generator = SCENES.make()
    states = []

    def keep(step, loss):
        states.append({name: t.clone() for name, t in learner.state_dict().items()})

    SCENES.train(learner, generator, on_step=keep)
    for left in ends("diverging"):
        close(left, states[1])


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("refused", "ForeignCheckpointError: .* holds another learner"),
        ("indivisible", "ValueError: 2 processes share .* found 3 tasks"),
    ],
)
def test_what_stops_one_is_said_by_both(scene, words, ends):
    for left in ends(scene):
        assert re.search(words, bytes(left["said"].tolist()).decode())


def test_a_run_goes_on_with_the_number_of_processes_that_it_began_with(ends):
    with pytest.raises(ForeignCheckpointError, match="processes is 2 there and 1 here"):
        SCENES.train(*SCENES.noisy(), folder=ends.folder / "kept.0")


def test_only_the_first_writes_checkpoints(ends):
    assert not (ends.folder / "kept.1").exists()
    kept = sorted(file.name for file in ends.folder.joinpath("kept.0").iterdir())
    assert kept == ["step-00000005.safetensors", "step-00000006.safetensors", "writer.lock"]


def test_sigterm_ends_all_processes_and_keeps_a_state_of_the_run(ends, tmp_path):
    with torchrun(tmp_path, "until ended") as processes:
        wait_for(tmp_path / "waits", processes)
        processes.terminate()
        said, _ = processes.communicate(timeout=120)
    assert processes.returncode != 0
    kept = load_file(max((tmp_path / "ending").glob("step-*")))
    assert torch.equal(kept["losses"], ends("plain")[0]["losses"][:2]), said


def wait_for(file, processes):
    while not file.exists():
        assert processes.poll() is None, processes.stdout.read()
        time.sleep(0.1)


def test_a_named_gpu_is_no_device_for_two(monkeypatch):
    monkeypatch.setattr(processes, "_started_by_torchrun", lambda: True)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ValueError, match=r"each of 2 processes .* found 'cuda:1'\. Ask for"):
        muster(torch.device("cuda:1"), "32-true")


def test_a_step_of_an_optimiser_does_not_look_for_a_driver_anew():
    asks = "import os, metaxai_lab.learners; "
    asks += "assert 'PYTORCH_NVML_BASED_CUDA_CHECK' not in os.environ, 'Lightning asks for it'"
    clean = {k: v for k, v in os.environ.items() if k != "PYTORCH_NVML_BASED_CUDA_CHECK"}
    subprocess.run([sys.executable, "-c", asks], env=clean, check=True)
