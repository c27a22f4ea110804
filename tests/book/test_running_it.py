"""What the page on running it says is so: its commands, its settings, its two scripts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "appendix" / "running_it.md").read_text("utf8")
SCRIPT = ROOT / "book" / "appendix" / "train.py"
TORCHRUN = Path(sys.executable).with_name("torchrun")


def commands():
    lines = (ROOT / "Makefile").read_text("utf8")
    return set(re.findall(r"^([a-z]+):.*## ", lines, re.M))


def test_each_command_of_the_page_is_one_of_make_and_none_is_left_out():
    told = set(re.findall(r"`make ([a-z]+)", PAGE))
    assert told == commands()


def test_each_setting_that_the_code_reads_stands_in_the_table_and_no_other():
    sources = [*ROOT.glob("metaxai_lab/**/*.py"), *ROOT.glob("book/_ext/**/*.py")]
    sources += [ROOT / "tests" / "book" / "conftest.py"]
    read = {name for path in sources for name in re.findall(r"METAXAI_[A-Z]+", path.read_text())}
    table = set(re.findall(r"^\| `(METAXAI_[A-Z]+)` \|", PAGE, re.M))
    assert table == read


def test_a_room_that_the_page_names_exists():
    for name in re.findall(r"`metaxai_lab\.([\w.]+)`", PAGE):
        place = ROOT / "metaxai_lab" / name.replace(".", "/")
        assert place.with_suffix(".py").is_file() or place.is_dir(), name


def run(folder, *command, **settings):
    """Run a command in a folder of its own; return what it said."""
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    quiet |= {"METAXAI_SCALE": "quick", "METAXAI_DEVICE": "cpu", "PYTHONPATH": str(ROOT)}
    folder.mkdir()
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**quiet, **settings},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Return the weights of the script on one process."""
    folder = tmp_path_factory.mktemp("train") / "one"
    assert "after 40 steps" in run(folder, sys.executable, SCRIPT)
    return torch.load(folder / "learner.pt")


def alike(folder, weights):
    found = torch.load(folder / "learner.pt")
    return all((found[name] - weight).abs().max() < 1e-5 for name, weight in weights.items())


def test_two_processes_of_the_script_end_as_one(alone, tmp_path):
    said = run(tmp_path / "two", TORCHRUN, "--standalone", "--nproc_per_node=2", SCRIPT)
    assert said.count("after 40 steps") == 1
    assert alike(tmp_path / "two", alone)


def test_weights_a_little_off_are_not_alike(alone, tmp_path):
    torch.save({name: weight + 1e-4 for name, weight in alone.items()}, tmp_path / "learner.pt")
    assert not alike(tmp_path, alone)


def test_the_job_joins_two_nodes_if_slurm_does_what_it_says(alone, tmp_path):
    """Two stand-ins take the place of Slurm: one names this machine, one starts a run twice."""
    bin_of_slurm = tmp_path / "bin"
    bin_of_slurm.mkdir()
    for name, text in {
        "scontrol": "echo localhost; echo localhost",
        "srun": '"$@" & "$@"; code=$?; wait $! && exit $code',
    }.items():
        (bin_of_slurm / name).write_text(f"#!/bin/bash\n{text}\n")
        (bin_of_slurm / name).chmod(0o755)
    settings = {
        "PATH": f"{bin_of_slurm}:{os.environ['PATH']}",
        "SLURM_JOB_NODELIST": "node[1-2]",
        "SLURM_NNODES": "2",
        "SLURM_JOB_ID": "7",
        "TORCHRUN": str(TORCHRUN),
        "SCRIPT": str(SCRIPT),
    }
    said = run(tmp_path / "job", "bash", SCRIPT.with_suffix(".slurm"), **settings)
    assert said.count("after 40 steps") == 1
    assert alike(tmp_path / "job", alone)
