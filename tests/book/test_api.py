"""The pages of the lab: every public name stands on one, as it is called, with what it raises."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from metaxai_book.api import Api
from metaxai_book.api_read import exports, read_room, read_rooms
from metaxai_book.api_text import described, inline

ROOT = Path(__file__).parents[2]
LAB = ROOT / "metaxai_lab"
FLOORS = sorted(path.parent.name for path in LAB.glob("*/__init__.py"))
ROOMS = sorted(path for path in LAB.glob("*/*.py") if path.stem != "__init__")
ROOM = '''\
"""Doubles things.

A source (2020). Chapter: book/concepts/why_explain.ipynb.
"""

LIMIT = 3
HIDDEN = 4


@dataclass(frozen=True)
class Pair:
    """Two numbers.

    Args:
        left: the first, below `LIMIT`.

    Raises:
        ValueError: if a number is
            too large.
    """

    left: Float[Tensor, "row"]
    right: float = 0.0

    @property
    def total(self) -> float:
        """Their sum."""

    def scaled(self, by: float, *, twice: bool = False) -> "Pair":
        """Return a pair `by` times as large."""

    def _private(self): ...


@dataclass
class Kept(Pair):
    """A pair with notes."""

    notes: list[str] = field(default_factory=list)
    count: int = field(default=0, init=False)
    _seen: bool = False


class Made(nn.Module):
    """Made from an integer."""

    def __init__(self, n: int) -> None: ...

    def __call__(self, x: int, /) -> int:
        """Return x."""


def double(x: Float[Tensor, "*tasks row feature"], *more: int, size=1, **rest: str) -> int:
    """Return twice *x, 2x, or {x}.

    Returns:
        A number, which is the `same` everywhere.
    """


def _hidden(): ...
'''


@pytest.fixture
def room(tmp_path):
    path = tmp_path / "doubles.py"
    path.write_text(ROOM)
    return read_room(path, {"LIMIT", "Pair"})


@pytest.fixture
def called(room):
    members = [member for entry in room.entries for member in entry.members]
    return {each.name: each.signature for each in (*room.entries, *members)}


def test_public_names_and_values_that_are_handed_on_are_shown(room):
    assert [entry.name for entry in room.entries] == ["LIMIT", "Pair", "Kept", "Made", "double"]


def test_a_room_says_its_page_and_not_its_door(room):
    assert room.pages == ("concepts/why_explain",)
    assert room.doc == "Doubles things.\n\nA source (2020)."


def test_a_class_is_called_with_its_fields_or_by_its_init(called):
    assert called["Pair"] == 'Pair(left: Float[Tensor, "row"], right: float = 0.0)'
    assert called["Made"] == "Made(n: int)"
    assert called["__call__"] == "__call__(x: int, /) -> int"


def test_fields_of_a_parent_come_first_and_those_that_nobody_gives_are_left_out(called):
    assert called["Kept"].splitlines() == [
        "Kept(",
        '    left: Float[Tensor, "row"],',
        "    right: float = 0.0,",
        "    notes: list[str] = list(),",
        ")",
    ]


def test_methods_leave_self_out_and_properties_have_no_brackets(called):
    assert called["scaled"] == 'scaled(by: float, *, twice: bool = False) -> "Pair"'
    assert called["total"] == "total: float"
    assert "_private" not in called


def test_a_wide_signature_has_a_line_for_each_argument(called):
    assert called["double"].splitlines() == [
        "double(",
        '    x: Float[Tensor, "*tasks row feature"],',
        "    *more: int,",
        "    size=1,",
        "    **rest: str,",
        ") -> int",
    ]


def test_sections_of_a_docstring_become_lists(room):
    shown = described(room.entries[1].doc)
    assert [node.astext() for node in shown] == [
        "Two numbers.",
        "Takes",
        "left: the first, below LIMIT.",
        "Raises",
        "ValueError: if a number is too large.",
    ]


def test_stars_and_braces_stay_what_they_are(room):
    shown = described(room.entries[-1].doc)
    assert shown[0].astext() == "Return twice *x, 2x, or {x}."
    assert shown[-1].astext() == "A number, which is the same everywhere."


def test_backticks_mark_code():
    pieces = inline("a `b` and\n  `c`")
    assert [(type(each), each.astext()) for each in pieces] == [
        (nodes.Text, "a "),
        (nodes.literal, "b"),
        (nodes.Text, " and "),
        (nodes.literal, "c"),
    ]


def test_an_indented_block_is_code_and_lines_with_dashes_are_a_list():
    code, bullets = described("    x = 1\n    y = 2\n\n- one\n- two,\n  and more")
    assert isinstance(code, nodes.literal_block)
    assert code.astext() == "x = 1\ny = 2"
    assert [item.astext() for item in bullets.children] == ["one", "two, and more"]


# The lab


@pytest.mark.parametrize("floor", FLOORS)
def test_every_name_that_a_floor_hands_on_is_on_its_page(floor):
    assert f"```{{api}} {floor}\n" in (ROOT / f"book/api/{floor}.md").read_text()
    handed_on = exports(LAB / floor)
    shown = {
        entry.name
        for room in read_rooms(LAB / floor)
        if floor != "classroom" or Api._ours(room)
        for entry in room.entries
    }
    hall = importlib.import_module(f"metaxai_lab.{floor}")
    assert handed_on
    assert all(hasattr(hall, name) for name in handed_on)
    assert set(handed_on) - shown == set()


def test_every_floor_has_a_page_in_the_book():
    listed = re.findall(r"- file: api/(\w+)", (ROOT / "book/_toc.yml").read_text())
    assert sorted(listed) == FLOORS


def public(room: Path):
    """Yield each public function, class and method of a room with its dotted name."""
    for node in ast.parse(room.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
            yield node.name, node
            for inner in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(inner, ast.FunctionDef) and inner.name[0] != "_":
                    yield f"{node.name}.{inner.name}", inner


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_every_public_name_has_a_docstring_that_can_be_shown(room):
    bare = [name for name, node in public(room) if not ast.get_docstring(node)]
    assert bare == []
    for _, node in public(room):
        assert described(ast.get_docstring(node) or "")


def raised(node: ast.AST) -> set[str]:
    """Name what a function raises itself, as `raise ValueError(...)`, and nobody catches."""
    found = set()
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.Lambda | ast.Try):
            continue
        if isinstance(each, ast.Raise) and isinstance(each.exc, ast.Call):
            found.add(ast.unparse(each.exc.func).rpartition(".")[2])
        found |= raised(each)
    return found


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_a_docstring_names_what_its_function_raises(room):
    unsaid = {
        (name, error)
        for name, node in public(room)
        if isinstance(node, ast.FunctionDef)
        for error in raised(node)
        if error[0].isupper() and error not in (ast.get_docstring(node) or "")
    }
    assert unsaid == set()


# The page


@pytest.fixture
def page(small_book):
    return BeautifulSoup((small_book / "lab.html").read_text("utf8"), "html.parser")


def test_the_page_of_a_floor_has_a_place_for_each_name(page):
    for name, home in exports(LAB / "widgets").items():
        assert page.find(id=f"widgets.{home}.{name}"), name


def test_a_page_leads_to_the_source(page, small_book):
    links = [link["href"] for link in page.select("a.download")]
    assert len(links) == len(read_rooms(LAB / "widgets"))
    for link in links:
        assert (small_book / link).read_text().startswith('"""')


def test_a_page_shows_shapes_as_they_were_written(page):
    assert "Float[Tensor," in page.get_text() or "ndarray" in page.get_text()
    assert "Raises" in page.get_text()
