"""The table of tools says what the packages say of themselves, and what was tested together."""

from importlib import metadata

import pytest

from metaxai_lab.classroom.tools import HEADS, TOOLS, Tool, tool_rows

HERE = [tool for tool in TOOLS if tool.version]


def said(package):
    """Return all that a package says of its licence."""
    told = metadata.metadata(package)
    short = (told.get("License") or "").splitlines()[:1]
    return " ".join([told.get("License-Expression") or "", *short, *told.get_all("Classifier", [])])


@pytest.mark.parametrize("tool", HERE, ids=lambda tool: tool.name)
def test_a_licence_is_the_one_that_the_package_states(tool):
    family = tool.licence.partition("-")[0]
    assert family in said(tool.package)


def test_every_tool_but_tensorflow_is_in_the_tested_set():
    assert [row[0] for row in tool_rows() if "≈" not in row[0]] == [
        "TensorFlow (not in the tested set)"
    ]


def test_a_row_has_a_cell_for_each_head():
    assert {len(row) for row in tool_rows()} == {len(HEADS)}


def test_a_version_stands_behind_the_sign_of_what_differs_and_without_its_maker(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda package: "2.11.0+cu128")
    assert Tool("PyTorch", "torch", "all", "BSD").row()[0] == "PyTorch ≈ 2.11.0"


def test_a_package_that_is_missing_has_no_version():
    assert Tool("Nobody", "no-such-package", "none", "none").version == ""
    assert "not in the tested set" in Tool("Nobody", "no-such-package", "none", "none").row()[0]
