"""What a chapter says of an exercise: title, task, two hints and the folded solution, read from it.

An assignment takes these from the chapter, so that they are written once. Source: the blocks of
sphinx-exercise, `{exercise}` and `{solution-start}`. Chapter: book/appendix/teaching.md.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

FENCE = re.compile(r"^(`{3,}|:{3,})\{([\w-]+)\} *(.*)\n((?s:.*?))^\1 *$", re.M)
CHECKED = re.compile(r"^check\.(\w+)\(", re.M)
WHERE = re.compile(r" ?Write in JupyterLab \(`make lab`\), .*?last line\.")
DOTS = re.compile(r"^\([●○]+, about \d+ minutes\) ")


@dataclass(frozen=True)
class Told:
    """One exercise as its page tells it, in Markdown.

    Args:
        hints: the first step, then the second.
        solution: the function that solves it, in Python.
        chapter: the title of the page.
    """

    name: str
    title: str
    text: str
    hints: tuple[str, ...]
    solution: str
    chapter: str


def told_by(chapter: Path) -> dict[str, Told]:
    """Return the exercises of one chapter by name, in its order.

    Raises:
        ValueError: if an exercise has no folded solution.
    """
    notebook = nbformat.read(chapter, as_version=4)
    title = notebook.cells[0].source.partition("\n")[0].removeprefix("# ")
    solved = {name: cell for cell in notebook.cells for name in _checked(cell)}
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for name, heading, text, hints in _tasks(cell.source):
                if name not in solved:
                    raise ValueError(f"{chapter}: {name} needs a folded solution; it has none.")
                code = function_of(solved[name].source, name)
                found[name] = Told(name, heading, text, hints, code, title)
    return found


def told_in(book: Path) -> dict[str, Told]:
    """Return the exercises of all chapters of a book's folder by name."""
    return {n: t for path in sorted(book.glob("*/*.ipynb")) for n, t in told_by(path).items()}


def function_of(source: str, name: str) -> str:
    """Return the code of one function out of a cell, without what stands around it.

    Raises:
        ValueError: if the cell defines no such function.
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])
    raise ValueError(f"the solution of {name} needs a function of that name; found none.")


def _checked(cell: NotebookNode) -> list[str]:
    return CHECKED.findall(cell.source) if cell.cell_type == "code" else []


def _tasks(words: str) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yield name, title, text and hints of the exercises in a Markdown cell."""
    blocks = [
        (match[2].removesuffix("-start"), match[3], match[4]) for match in FENCE.finditer(words)
    ]
    for kind, title, text in blocks:
        if kind == "exercise":
            label, _, task = text.partition("\n\n")
            name = label.removeprefix(":label:").strip()
            hints = tuple(b[2].strip() for b in blocks if b[0] == "dropdown")
            yield name, title, WHERE.sub("", DOTS.sub("", task.strip())), hints
