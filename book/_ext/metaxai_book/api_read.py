"""What the lab offers, read from its files: rooms, signatures and docstrings; nothing is imported.

So a page shows annotations as they were written, `Float[Tensor, "row feature"]`, and it does so on
a machine where half of the lab is missing. Chapter: book/appendix/api.md.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

DOOR = re.compile(r"Chapter:\s+book/([\w/]+)\.(?:ipynb|md)\.")
WIDTH = 72
HELD = ("dataclass", "NamedTuple", "TypedDict")
LONGEST_VALUE = 300
FACTORY = re.compile(r"field\(default_factory=([\w.]+)\)")


@dataclass(frozen=True)
class Entry:
    """A public name: how it is called, what its docstring says, and what it has in turn."""

    name: str
    kind: str  # "class", "function" or "value"; of a class: "method" or "property"
    signature: str
    doc: str
    line: int
    members: tuple["Entry", ...] = ()


@dataclass(frozen=True)
class Room:
    """A file of the lab: what it is about, the pages that its door leads to, and its names."""

    name: str
    path: Path
    doc: str
    pages: tuple[str, ...]
    entries: tuple[Entry, ...]


def exports(floor: Path) -> dict[str, str]:
    """Return what a floor hands on: each name with the room it comes from."""
    tree = ast.parse((floor / "__init__.py").read_text("utf8"))
    doors = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    found = {a.name: node.module or "" for node in doors for a in node.names}
    return {name: home.rpartition(".")[2] for name, home in found.items() if floor.name in home}


def read_rooms(floor: Path) -> list[Room]:
    """Return the rooms of a floor by name, with their public names in the order of the file."""
    handed_on = set(exports(floor))
    paths = sorted(path for path in floor.glob("*.py") if path.stem != "__init__")
    return [read_room(path, handed_on) for path in paths]


def read_room(path: Path, handed_on: set[str]) -> Room:
    """Return one room; of its values only those that the floor hands on."""
    tree = ast.parse(path.read_text("utf8"))
    text = ast.get_docstring(tree) or ""
    entries = [entry for node in tree.body for entry in _entries(node, handed_on, path.parent)]
    plain = re.sub(r"Chapters?:\s+book/.*", "", text, flags=re.S).strip()
    return Room(path.stem, path, plain, tuple(DOOR.findall(text)), tuple(entries))


def _entries(node: ast.stmt, handed_on: set[str], floor: Path) -> list[Entry]:
    if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
        return [_class(node, floor)]
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
        return [_function(node, "function")]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        return [_value(name, node) for name in names if name in handed_on]
    return []


def _value(name: str, node: ast.stmt) -> Entry:
    text = _text(node)
    cut = text if len(text) <= LONGEST_VALUE else f"{name} = ..."
    return Entry(name, "value", cut, "", node.lineno)


def _class(node: ast.ClassDef, floor: Path) -> Entry:
    marks = [_text(mark) for mark in (*node.decorator_list, *node.bases)]
    made = next((each for each in _functions(node) if each.name == "__init__"), None)
    if made:
        takes = _arguments(made.args)[1:]
    else:
        takes = _fields(node, floor) if any(mark.startswith(HELD) for mark in marks) else []
    shown = [each for each in _functions(node) if _is_shown(each)]
    members = [_function(each, "property" if _is_property(each) else "method") for each in shown]
    doc = ast.get_docstring(node) or ""
    return Entry(node.name, "class", _call(node.name, takes), doc, node.lineno, tuple(members))


def _functions(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [each for each in node.body if isinstance(each, ast.FunctionDef)]


def _is_shown(node: ast.FunctionDef) -> bool:
    return node.name == "__call__" or not node.name.startswith("_")


def _is_property(node: ast.FunctionDef) -> bool:
    return any("property" in _text(mark) for mark in node.decorator_list)


def _function(node: ast.FunctionDef, kind: str) -> Entry:
    gives = f" -> {_text(node.returns)}" if node.returns else ""
    takes = _arguments(node.args)
    if kind == "property":
        signature = node.name + gives.replace(" ->", ":")
    else:
        fixed = any(_text(mark) == "staticmethod" for mark in node.decorator_list)
        signature = _call(node.name, takes[kind == "method" and not fixed :]) + gives
    return Entry(node.name, kind, signature, ast.get_docstring(node) or "", node.lineno)


def _arguments(given: ast.arguments) -> list[str]:
    alone = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(alone) - len(given.defaults)) + list(given.defaults)
    takes = [_argument(arg, default) for arg, default in zip(alone, defaults, strict=True)]
    if given.posonlyargs:
        takes.insert(len(given.posonlyargs), "/")
    if given.vararg:
        takes.append("*" + _argument(given.vararg, None))
    elif given.kwonlyargs:
        takes.append("*")
    named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    takes += [_argument(arg, default) for arg, default in named]
    return takes + (["**" + _argument(given.kwarg, None)] if given.kwarg else [])


def _argument(arg: ast.arg, default: ast.expr | None) -> str:
    kind = f": {_text(arg.annotation)}" if arg.annotation else ""
    return arg.arg + kind + _default(default, spaced=bool(kind))


def _fields(node: ast.ClassDef, floor: Path) -> list[str]:
    """Return the fields that a class is made with, those of its parents on the floor first."""
    parents = [found for base in node.bases if (found := _found(_text(base), floor))]
    own = [each for each in node.body if isinstance(each, ast.AnnAssign) and _is_taken(each)]
    return [field for parent in parents for field in _fields(parent, floor)] + [
        f"{_text(each.target)}: {_text(each.annotation)}" + _default(each.value, spaced=True)
        for each in own
    ]


def _found(name: str, floor: Path) -> ast.ClassDef | None:
    texts = (path.read_text("utf8") for path in sorted(floor.glob("*.py")))
    trees = (ast.parse(text) for text in texts if re.search(rf"^class {name}\b", text, re.M))
    nodes = (node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))
    return next((node for node in nodes if node.name == name), None)


def _is_taken(field: ast.AnnAssign) -> bool:
    given = _text(field.value) if field.value else ""
    return not _text(field.target).startswith("_") and "init=False" not in given


def _text(node: ast.AST) -> str:
    """Return code as the house writes it: with double quotes."""
    code = ast.unparse(node)
    return code if '"' in code else code.replace("'", '"')


def _default(value: ast.expr | None, *, spaced: bool) -> str:
    if value is None:
        return ""
    text = FACTORY.sub(r"\1()", _text(value))
    return f" = {text}" if spaced else f"={text}"


def _call(name: str, takes: list[str]) -> str:
    """Return a call in one line, or with a line for each argument where that is too wide."""
    short = f"{name}({', '.join(takes)})"
    if len(short) <= WIDTH:
        return short
    lines = "".join(f"    {each},\n" for each in takes)
    return f"{name}(\n{lines})"
