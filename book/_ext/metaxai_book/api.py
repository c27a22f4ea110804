"""`{api} learners` writes the page of a floor: its rooms, and every public name with its shapes.

With `:appendix:` only rooms whose page lies in the appendix are written out; the others serve one
chapter each, and are listed with it. A page is read again when a file of its floor changes.
Chapter: book/appendix/api.md.
"""

from os.path import relpath
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from metaxai_book.api_read import Entry, Room, exports, read_rooms
from metaxai_book.api_text import described
from metaxai_book.page_links import link_to

LAB = Path(__file__).parents[3] / "metaxai_lab"


class Api(SphinxDirective):
    """`{api} FLOOR`: what a floor of the lab offers."""

    required_arguments = 1
    option_spec: ClassVar = {"appendix": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Write a section for each room, and a list of those that serve one chapter."""
        floor = LAB / self.arguments[0]
        rooms = read_rooms(floor)
        for path in floor.glob("*.py"):
            self.env.note_dependency(str(path))
        NbMetadataCollector.set_doc_data(self.env, self.env.docname, "api", files_of(floor))
        serving = [room for room in rooms if "appendix" in self.options and not self._ours(room)]
        written = [self._room(room, exports(floor)) for room in rooms if room not in serving]
        return [*written, *([self._list(serving)] if serving else [])]

    @staticmethod
    def _ours(room: Room) -> bool:
        handed_on = room.name in exports(room.path.parent).values()
        general = any(page.startswith("appendix/") for page in room.pages)
        return handed_on or (general and not room.name.endswith(("_exercises", "_study")))

    def _room(self, room: Room, handed_on: dict[str, str]) -> nodes.section:
        section = _section(f"{room.path.parent.name}.{room.name}", room.name)
        section += described(room.doc)
        section += nodes.paragraph("", "", *self._doors(room))
        if room.entries:
            section += _code("\n".join(_imports(room, handed_on)))
        section += [_entry(entry, f"{room.path.parent.name}.{room.name}") for entry in room.entries]
        return section

    def _doors(self, room: Room) -> list[nodes.Node]:
        path = room.path.relative_to(LAB.parent).as_posix()
        source = self._source(room, path)
        shown: list[nodes.Node] = [nodes.Text("Source: "), source, nodes.Text(". ")]
        shown.append(nodes.Text("Chapters: " if len(room.pages) > 1 else "Chapter: "))
        for page in room.pages:
            shown += [self._link(page), nodes.Text(", ")]
        return [*shown[:-1], nodes.Text(".")]

    def _source(self, room: Room, shown: str) -> nodes.Node:
        target = "/" + Path(relpath(room.path, self.env.srcdir)).as_posix()
        link = download_reference(refdoc=self.env.docname, reftarget=target, refexplicit=True)
        link += nodes.literal("", shown)
        return link

    def _link(self, page: str) -> nodes.Node:
        if page not in self.env.found_docs:  # a book of a few pages
            return nodes.literal("", page)
        return link_to(page, here=self.env.docname)

    def _list(self, rooms: list[Room]) -> nodes.section:
        section = _section("rooms-of-one-chapter", "Rooms of one chapter")
        intro = "What is run, recorded or checked for a single chapter stands in a room of its own."
        section += nodes.paragraph("", intro)
        lines = nodes.bullet_list()
        for room in rooms:
            pages = [each for page in room.pages for each in (nodes.Text(", "), self._link(page))]
            first = described(room.doc)[0].astext().split(". ")[0].rstrip(".")
            said = [
                self._source(room, room.name),
                nodes.Text(f": {first}"),
                *pages,
                nodes.Text("."),
            ]
            lines += nodes.list_item("", nodes.paragraph("", "", *said))
        section += lines
        return section


def setup(app: Sphinx) -> None:
    """Add the directive, and see that rooms which come or go are noticed."""
    app.add_directive("api", Api)
    app.connect("env-get-outdated", outdated)


def outdated(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """Name the pages whose floor has other rooms than at the last build."""
    pages = NbMetadataCollector.get_doc_data(env).items()
    kept = {page: data["api"] for page, data in pages if data.get("api") and page in env.all_docs}
    return [page for page, files in kept.items() if files != files_of(LAB / files[0])]


def files_of(floor: Path) -> list[str]:
    """Return the name of a floor and those of its files."""
    return [floor.name, *sorted(path.name for path in floor.glob("*.py"))]


def _imports(room: Room, handed_on: dict[str, str]) -> list[str]:
    floor = f"metaxai_lab.{room.path.parent.name}"
    ours = [each.name for each in room.entries if handed_on.get(each.name) == room.name]
    rest = [each.name for each in room.entries if each.name not in ours]
    lines = [(floor, ours), (f"{floor}.{room.name}", rest)]
    return [f"from {home} import {', '.join(names)}" for home, names in lines if names]


def _entry(entry: Entry, room: str) -> nodes.section:
    section = _section(f"{room}.{entry.name}", entry.name)
    section += [_code(entry.signature), *described(entry.doc)]
    for member in entry.members:
        dot = "" if member.name == "__call__" else "."
        shown = member.signature.replace("__call__", entry.name.lower(), 1)
        section += nodes.container("", _code(dot + shown), *described(member.doc))
    return section


def _section(anchor: str, title: str) -> nodes.section:
    return nodes.section("", nodes.title("", title), ids=[anchor], classes=["api"])


def _code(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language="python")
