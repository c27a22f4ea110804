"""A docstring as it stands on a page: paragraphs, lists, code, and what is taken, given and raised.

The docstrings of the lab are plain text with `code` between backticks and the sections that Google
has; nothing else is read into them, so a star or a brace stays what it is.
Chapter: book/appendix/api.md.
"""

import re
from textwrap import dedent

from docutils import nodes

SECTIONS = {
    "Args": "Takes",
    "Attributes": "Has",
    "Returns": "Gives",
    "Yields": "Gives, one at a time",
    "Raises": "Raises",
}
HEAD = re.compile(rf"^({'|'.join(SECTIONS)}):$", re.M)
ITEM = re.compile(r"^(\*{0,2}[\w.]+(?:, \*{0,2}[\w.]+)*): +(.*)$", re.S)
BULLET = re.compile(r"^- ", re.M)


def described(doc: str) -> list[nodes.Node]:
    """Return what a docstring says, as nodes of a page."""
    first, *rest = HEAD.split(doc)
    shown = blocks(first)
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        inside, outside = _parted(text)
        shown.append(nodes.paragraph("", "", nodes.strong("", SECTIONS[name])))
        shown += [_items(inside) if name != "Returns" else _quoted(inside), *blocks(outside)]
    return shown


def blocks(text: str) -> list[nodes.Node]:
    """Return paragraphs, lists of bullets, and indented lines as code."""
    found = re.split(r"\n\s*\n", text.strip("\n"))
    return [_block(block) for block in found if block.strip()]


def inline(text: str) -> list[nodes.Node]:
    """Return text with what stands between backticks as code."""
    words = " ".join(text.split())
    pieces = re.split(r"``?([^`]+)``?", words)
    kinds = (nodes.Text, lambda code: nodes.literal("", code))
    return [kinds[i % 2](piece) for i, piece in enumerate(pieces) if piece]


def _block(block: str) -> nodes.Node:
    if block.startswith("    "):
        return nodes.literal_block(dedent(block), dedent(block), language="text")
    if block.startswith("- "):
        items = [item for item in BULLET.split(block) if item.strip()]
        return _bullets([inline(item) for item in items])
    return nodes.paragraph("", "", *inline(block))


def _parted(text: str) -> tuple[str, str]:
    """Return the indented lines that belong to a section, and what stands below it."""
    lines = text.strip("\n").splitlines()
    end = next((i for i, each in enumerate(lines) if each and each[0] != " "), len(lines))
    return dedent("\n".join(lines[:end])), "\n".join(lines[end:])


def _items(text: str) -> nodes.Node:
    found = [item for item in re.split(r"\n(?=\S)", text.strip()) if item.strip()]
    return _bullets([_item(item) for item in found])


def _item(text: str) -> list[nodes.Node]:
    named = ITEM.match(text)
    if not named:
        return inline(text)
    return [nodes.literal("", named.group(1)), nodes.Text(": "), *inline(named.group(2))]


def _quoted(text: str) -> nodes.Node:
    return nodes.container("", *blocks(text), classes=["gives"])


def _bullets(items: list[list[nodes.Node]]) -> nodes.bullet_list:
    lines = [nodes.list_item("", nodes.paragraph("", "", *item)) for item in items]
    return nodes.bullet_list("", *lines)
