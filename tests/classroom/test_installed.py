"""What is installed is held against the tested set and the bounds."""

import pytest
from packaging.requirements import Requirement

from metaxai_lab.classroom import checkup, installed
from metaxai_lab.classroom.checkup import Finding


@pytest.fixture
def look_at():
    def look_at(need, tested="", level="problem"):
        name = Requirement(need).name
        return installed.look_at(Requirement(need), {name: tested} if tested else {}, level)

    return look_at


def test_every_direct_requirement_is_looked_at():
    topics = {finding.topic for finding in installed.packages()}
    assert {"torch", "numpy", "jupyter-book", "nbval"} <= topics
    assert "nbgrader" not in topics


def test_only_an_extra_can_be_missing_without_harm(monkeypatch):
    monkeypatch.setattr(installed, "look_at", lambda need, _, level: Finding(need.name, level, ""))
    levels = {finding.topic: finding.level for finding in installed.packages()}
    assert (levels["torch"], levels["nbval"]) == ("problem", "note")


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
    (finding,) = installed.packages("no-such-lab")
    assert (finding.level, finding.found) == ("problem", "no-such-lab is not installed here")


def test_what_a_build_left_in_the_folder_is_not_installed(monkeypatch, tmp_path):
    left = tmp_path / "no_such_lab.egg-info"
    left.mkdir()
    (left / "PKG-INFO").write_text("Metadata-Version: 2.4\nName: no-such-lab\nVersion: 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert installed.metadata.version("no-such-lab") == "1"
    (finding,) = installed.packages("no-such-lab")
    assert finding.found == "no-such-lab is not installed here"


def test_the_tested_set_is_read_by_normalised_name(tmp_path):
    (tmp_path / "c.txt").write_text("# a==1\nPyYAML==6.0\nimportlib_metadata==10.2\n")
    assert installed.tested_versions(tmp_path / "c.txt") == {
        "pyyaml": "6.0",
        "importlib-metadata": "10.2",
    }


def test_no_tested_set_is_no_illness(tmp_path):
    assert installed.tested_versions(tmp_path / "c.txt") == {}
