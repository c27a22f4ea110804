"""The house keeps its own rules: floors, doors, mirrors, and one set of versions for all routes."""

import ast
import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from metaxai_lab.classroom.installed import tested_versions

ROOT = Path(__file__).parent.parent
LAB = ROOT / "metaxai_lab"
STAIR = ["classroom", "widgets", "figures", "evaluation"]
STAIR += ["explainers", "learners", "tasks", "core"]
ROOMS = sorted(p for p in LAB.rglob("*.py") if p.name != "__init__.py")
CHAPTERS = sorted(p for p in ROOT.glob("book/*/*.ipynb"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {c["type"]: c for c in PROJECT["tool"]["importlinter"]["contracts"]}
DOOR = re.compile(r"Chapter:\s+(book/[\w/]+\.(?:ipynb|md))\.")
ROUTE = ("-c constraints.txt", "-e .[book,test,track,grade]")


def name_of(path):
    return str(path.relative_to(ROOT))


every_room = pytest.mark.parametrize("room", ROOMS, ids=name_of)
every_floor = pytest.mark.parametrize("floor", STAIR)
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=name_of)


# Floors


def test_the_house_has_a_chapter_and_eight_floors():
    assert CHAPTERS
    assert sorted(p.parent.name for p in LAB.glob("*/__init__.py")) == sorted(STAIR)


def test_imports_only_descend():
    asked = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_contract_is_the_whole_stair():
    layers = CONTRACTS["layers"]
    assert layers["layers"] == STAIR
    assert layers["exhaustive"]
    assert layers["containers"] == CONTRACTS["acyclic_siblings"]["ancestors"] == ["metaxai_lab"]
    assert not any("ignore_imports" in contract for contract in CONTRACTS.values())


def test_learners_that_adapt_do_not_lean_on_each_other():
    adapting = {
        f"metaxai_lab.learners.{room.stem}"
        for room in LAB.glob("learners/*.py")
        if "def adapt(" in room.read_text()
    }
    assert set(CONTRACTS["independence"]["modules"]) == adapting


# Doors


@every_room
def test_a_room_opens_with_the_way_to_its_page(room):
    doors = DOOR.findall(ast.get_docstring(ast.parse(room.read_text())) or "")
    assert doors, "the docstring of a room ends with `Chapter: book/<part>/<page>.`"
    for door in doors:
        assert (ROOT / door).is_file(), f"{door} does not exist"


@every_chapter
def test_the_first_cell_of_a_chapter_opens_rooms_that_exist(chapter):
    named = lab_names(first_cell(chapter))
    assert named, "the first code cell imports from metaxai_lab"
    for module, name in named:
        floor = importlib.import_module(module)
        assert hasattr(floor, name) or importlib.import_module(f"{module}.{name}")


@every_chapter
def test_a_chapter_opens_its_rooms_in_the_first_cell_only(chapter):
    later = [cell.source for cell in code_cells(chapter)[1:]]
    assert not [
        source for source in later if re.search(r"^\s*(from|import) metaxai_lab", source, re.M)
    ]


@pytest.mark.filterwarnings("ignore")  # of the libraries that a cell imports
@every_chapter
def test_without_the_lab_the_first_cell_says_the_one_command(chapter, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("metaxai_lab")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "metaxai_lab", None)  # as if it were not installed
    own = patch.dict(os.environ)  # what a chapter tells its libraries stays in its own kernel
    with own, pytest.raises(SystemExit, match=r"make lab$"):
        exec(first_cell(chapter), {})


def code_cells(chapter):
    cells = nbformat.read(chapter, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def first_cell(chapter):
    return code_cells(chapter)[0].source


def lab_names(source):
    """List (module, name) for every `from metaxai_lab... import name`."""
    opened = [node for node in ast.walk(ast.parse(source)) if from_the_lab(node)]
    return [(node.module, alias.name) for node in opened for alias in node.names]


def from_the_lab(node):
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("metaxai_lab")


# Rooms


@every_floor
def test_a_floor_says_what_it_is_and_hands_on_names_of_its_rooms(floor):
    hall = ast.parse((LAB / floor / "__init__.py").read_text())
    assert ast.get_docstring(hall)
    named = [node for node in ast.walk(hall) if from_the_lab(node)]
    assert named
    for node in named:
        assert node.module.startswith(f"metaxai_lab.{floor}."), ast.unparse(node)
        for alias in node.names:
            assert alias.asname == alias.name, f"`X as X`, not {ast.unparse(node)}"
            assert hasattr(importlib.import_module(f"metaxai_lab.{floor}"), alias.name)


@every_room
def test_a_room_is_used_by_its_floor_by_a_neighbour_or_by_the_book(room):
    users = {*LAB.rglob("*.py"), *ROOT.glob("book/_ext/**/*.py")} - {room}
    address = ".".join(room.relative_to(ROOT).with_suffix("").parts)
    used = any(address in modules_of(user) for user in users) or address in opened_by_chapters()
    assert used or 'if __name__ == "__main__":' in room.read_text()


@every_room
def test_a_room_has_a_mirror_among_the_tests(room):
    name = "exercises" if room.stem.endswith("_exercises") else room.stem  # judged all in one
    mirror = ROOT / "tests" / room.parent.name / f"test_{name}.py"
    assert mirror.is_file(), f"{name_of(mirror)} is missing"


@every_room
def test_a_room_can_be_read_in_one_sitting(room):
    assert len(room.read_text().splitlines()) <= 200


@every_room
def test_a_room_keeps_the_global_state_and_its_types(room):
    text = room.read_text()
    assert "from __future__ import annotations" not in text
    assert "manual_seed" not in text or room.name == "seeding.py"


CODE_CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?:---\n.*?^---\n)?(?::[^\n]*\n)*(.*?)^```", re.M | re.S
)


@cache
def opened_by_chapters():
    """Return what the first cells of the chapters open, and any cell of a page in Markdown."""
    cells = [first_cell(chapter) for chapter in CHAPTERS]
    for page in ROOT.glob("book/**/*.md"):
        cells += CODE_CELL.findall(page.read_text())
    named = [pair for cell in cells for pair in lab_names(cell)]
    return {f"{module}.{name}" for module, name in named} | {module for module, _ in named}


@cache
def modules_of(room):
    opened = [node for node in ast.walk(ast.parse(room.read_text())) if from_the_lab(node)]
    named = {f"{node.module}.{alias.name}" for node in opened for alias in node.names}
    return named | {node.module for node in opened}


# One set of versions for every route


def pins():
    return tested_versions(ROOT / "constraints.txt")


def wanted():
    extras = PROJECT["project"]["optional-dependencies"]
    routes = ("book", "judge", "deploy", "test", "track")
    lines = [*PROJECT["project"]["dependencies"], *(line for r in routes for line in extras[r])]
    asked = [Requirement(line) for line in lines]
    own = [line for line in asked if line.name == PROJECT["project"]["name"]]
    assert own
    assert all(line.extras <= set(routes) for line in own)
    return [line for line in asked if line not in own]


def test_the_tested_set_pins_what_the_project_asks_for():
    for asked in wanted():
        pin = pins().get(canonicalize_name(asked.name))
        assert pin, f"{asked.name} has no line in constraints.txt"
        assert pin in asked.specifier, f"constraints.txt has {asked.name} {pin}"


def test_the_tested_set_is_what_is_installed():
    here = {
        canonicalize_name(found.name): found.version.partition("+")[0]
        for found in importlib.metadata.distributions()
    }
    drift = {name: here[name] for name, pin in pins().items() if here.get(name, pin) != pin}
    assert not drift, f"installed, but not in constraints.txt: {drift}. Run `make book`."
    assert not [asked.name for asked in wanted() if canonicalize_name(asked.name) not in here]


def test_conda_installs_what_make_installs():
    *conda, pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert [line.split("=")[0] for line in conda] == ["python", "pip"]
    assert tuple(pip["pip"]) == ROUTE


@pytest.mark.parametrize("page", ["Makefile", "book/appendix/running_it.md"])
def test_make_and_pip_install_what_conda_installs(page):
    lines = [line.replace('"', "") for line in (ROOT / page).read_text("utf8").splitlines()]
    assert [line for line in lines if "pip install" in line and all(p in line for p in ROUTE)]
