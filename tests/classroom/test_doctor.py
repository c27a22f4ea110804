import builtins
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from metaxai_lab.classroom import checkup, doctor, installed
from metaxai_lab.classroom.checkup import Finding

ROOT = Path(__file__).parents[2]


def only(findings):
    (finding,) = findings
    return finding


@pytest.fixture
def look_at():
    def look_at(need, tested="", level="problem"):
        name = Requirement(need).name
        return installed.look_at(Requirement(need), {name: tested} if tested else {}, level)

    return look_at


@pytest.fixture
def without(monkeypatch):
    """Make a module fail to import."""

    def without(missing):
        real = builtins.__import__

        def refuse(name, *args, **kwargs):
            if name == missing or name.startswith(f"{missing}."):
                raise ImportError(f"No module named {missing!r}")
            return real(name, *args, **kwargs)

        monkeypatch.setattr(builtins, "__import__", refuse)

    return without


def test_the_doctor_says_how_it_ends(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "LOOKS", (lambda: [Finding("x", "problem", "broken", "Mend it.")],))
    assert doctor.main() == 1
    assert capsys.readouterr().out == (
        "problem  x: broken\n         Mend it.\n\n1 to mend before the chapters can run.\n"
    )


def test_a_note_alone_is_no_illness(monkeypatch):
    monkeypatch.setattr(doctor, "LOOKS", (lambda: [Finding("x", "note", "odd", "Never mind.")],))
    assert doctor.main() == 0


def test_the_doctor_opens_on_a_machine_without_any_package():
    command = [sys.executable, "-S", "-m", "metaxai_lab.classroom.doctor"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "problem  packages: metaxai-lab is not installed here" in ended.stdout
    assert "problem  device: torch does not load" in ended.stdout
    assert ended.stderr == ""


def test_every_direct_requirement_is_looked_at():
    topics = {finding.topic for finding in installed.packages()}
    assert {"torch", "numpy", "jupyter-book", "nbval"} <= topics
    assert "wandb" not in topics


def test_the_tested_version_is_good(look_at):
    found = installed.metadata.version("numpy")
    assert look_at("numpy>=1", found).level == "good"


def test_a_package_outside_the_tested_set_is_held_to_its_bounds_alone(look_at):
    assert look_at("numpy>=1").level == "good"


def test_another_version_inside_the_bounds_is_a_note(look_at):
    finding = look_at("numpy>=1", "0.0.1")
    assert (finding.level, finding.advice[:11]) == ("note", "Should some")
    assert "tested with 0.0.1" in finding.found


def test_a_version_outside_the_bounds_is_a_problem(look_at):
    finding = look_at("numpy>=99", "99.1")
    assert (finding.level, finding.advice) == ("problem", checkup.INSTALL)
    assert finding.found.endswith("the lab needs >=99")


def test_a_missing_package_is_named_with_its_tested_version(look_at):
    finding = look_at("no-such-package-here>=2", "2.1", level="note")
    assert (finding.level, finding.found) == ("note", "missing, tested with 2.1")


def test_a_lab_that_is_not_installed_is_said():
    finding = only(installed.packages("no-such-lab"))
    assert finding.found == "no-such-lab is not installed here"


def test_the_tested_set_is_read_by_normalised_name(tmp_path):
    (tmp_path / "c.txt").write_text("# a==1\nPyYAML==6.0\nimportlib_metadata==10.2\n")
    assert installed.tested_versions(tmp_path / "c.txt") == {
        "pyyaml": "6.0",
        "importlib-metadata": "10.2",
    }


def test_no_tested_set_is_no_illness(tmp_path):
    assert installed.tested_versions(tmp_path / "c.txt") == {}


def test_an_untested_python_is_a_problem(monkeypatch):
    monkeypatch.setattr(checkup, "PYTHONS", ((3, 98), (3, 99)))
    assert only(checkup.python()).level == "problem"


def test_this_python_is_good():
    assert only(checkup.python()).level == "good"


def test_cuda_that_is_asked_for_and_missing_is_a_problem(monkeypatch):
    monkeypatch.setenv("METAXAI_DEVICE", "cuda")
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    finding = only(checkup.device())
    assert finding.level == "problem"
    assert finding.found.startswith("METAXAI_DEVICE=cuda, and torch ")
    assert finding.advice.startswith("Unset METAXAI_DEVICE")


def test_an_unknown_scale_is_a_problem(monkeypatch):
    monkeypatch.setenv("METAXAI_DEVICE", "cpu")
    monkeypatch.setenv("METAXAI_SCALE", "huge")
    assert "found 'huge'" in only(checkup.device()).found


def test_the_device_is_named_with_the_scale(monkeypatch):
    monkeypatch.setenv("METAXAI_DEVICE", "cpu")
    monkeypatch.setenv("METAXAI_SCALE", "full")
    finding = only(checkup.device())
    assert finding.level == "good"
    assert finding.found.endswith("cores, scale full")


def test_torch_that_does_not_load_is_a_problem(without):
    without("torch")
    assert only(checkup.device()).found == "torch does not load (No module named 'torch')"


def test_no_real_data_is_a_note(monkeypatch):
    monkeypatch.delenv("METAXAI_DATA", raising=False)
    assert only(checkup.data()).level == "note"


def test_data_sets_are_listed(monkeypatch, tmp_path):
    for name in ("omniglot", "gtsrb"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path))
    assert only(checkup.data()).found == f"2 sets in {tmp_path}: gtsrb, omniglot"


def test_a_data_folder_that_does_not_exist_is_a_problem(monkeypatch, tmp_path):
    monkeypatch.setenv("METAXAI_DATA", str(tmp_path / "gone"))
    assert only(checkup.data()).level == "problem"


def test_the_cache_is_found_before_it_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path / "new" / "cache"))
    finding = only(checkup.cache())
    assert (finding.level, finding.found) == ("good", f"{tmp_path}/new/cache, 0 MB")


def test_a_cache_that_cannot_be_written_is_a_note(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("METAXAI_CACHE", str(tmp_path / "file"))
    assert only(checkup.cache()).level == "note"


def test_a_full_disk_is_a_problem():
    finding = only(checkup.disk(need_gb=1e12))
    assert finding.level == "problem"
    assert "rm -rf _build" in finding.advice


def test_no_browser_is_a_note(monkeypatch):
    monkeypatch.setattr(checkup, "BROWSERS", ("no-such-browser",))
    assert only(checkup.browser()).level == "note"


def test_long_findings_are_wrapped_below_their_topic():
    lines = str(Finding("x", "note", "word " * 40, "Do this.")).splitlines()
    assert max(map(len, lines)) <= 88
    assert lines[1].startswith(" " * 9 + "word")
    assert lines[-1] == " " * 9 + "Do this."


def test_a_device_that_is_not_there_is_a_problem(monkeypatch):
    def refuse(place):
        raise AssertionError("Invalid device id")  # what torch raises

    monkeypatch.setenv("METAXAI_DEVICE", "cuda:99")
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.get_device_name", refuse)
    assert only(checkup.device()).found.startswith("METAXAI_DEVICE=cuda:99, and torch ")
