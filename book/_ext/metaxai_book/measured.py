"""How long a chapter takes: minutes to read are counted, seconds to run are measured.

Every notebook has one line below its title, without asking for it, for JupyterLab does not know our
directives; a page of Markdown asks by `{measured}`. `{measured-table}` lists the chapters that ran,
and with the option `:all:` every page that has cells, and their sum.
The seconds are those of the run that made the page, as myst-nb recorded them.
Chapter: book/appendix/architecture.md.
"""

import math
from collections.abc import Callable, Iterable
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from metaxai_book.page_links import link_to
from metaxai_book.side_by_side import cores_each

WORDS_A_MINUTE = 180
CODE_LINES_A_MINUTE = 20


class MeasuredNode(nodes.General, nodes.Element):
    """Stands for the times of a page until all pages have run."""


class Measured(SphinxDirective):
    """`{measured}`: minutes to read and seconds to run of this page."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the line, and note that this page is a chapter."""
        NbMetadataCollector.set_doc_data(self.env, self.env.docname, "measured", True)
        return [MeasuredNode(table=False)]


class MeasuredTable(SphinxDirective):
    """`{measured-table}`: minutes to read and seconds to run of every chapter that ran.

    With the option `:all:`, of every page that has cells, and then all together.
    """

    option_spec: ClassVar[dict[str, Callable]] = {"all": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Leave a place for the table, and note that this page changes when a chapter does."""
        NbMetadataCollector.set_doc_data(self.env, self.env.docname, "measured_table", True)
        return [MeasuredNode(table=True, all="all" in self.options)]


class FillMeasured(SphinxPostTransform):
    """Write lines and tables once the times are known."""

    default_priority = 8  # before references are resolved

    def run(self, **kwargs: object) -> None:
        """Replace each place by its line or table."""
        for place in list(self.document.findall(MeasuredNode)):
            write = table(self.env, all_pages=place["all"]) if place["table"] else line(self.env)
            place.replace_self(write)


def setup(app: Sphinx) -> None:
    """Add the directives and what fills them."""
    app.add_node(MeasuredNode)
    app.add_directive("measured", Measured)
    app.add_directive("measured-table", MeasuredTable)
    app.add_post_transform(FillMeasured)
    app.connect("doctree-read", count)
    app.connect("env-updated", outdated)


def count(app: Sphinx, document: nodes.document) -> None:
    """Remember the minutes that a page takes to read, and give a notebook its line."""
    env = app.env
    title = document.next_node(nodes.title)
    if env.doc2path(env.docname).endswith(".ipynb") and title is not None:
        title.parent.insert(title.parent.index(title) + 1, MeasuredNode(table=False))
        NbMetadataCollector.set_doc_data(env, env.docname, "measured", True)
    NbMetadataCollector.set_doc_data(env, env.docname, "minutes", minutes_to_read(document))


def outdated(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Name the pages with a table if a chapter ran again."""
    pages = NbMetadataCollector.get_doc_data(env).items()
    fresh = NbMetadataCollector.new_exec_data(env)
    return [name for name, data in pages if fresh and data.get("measured_table")]


def minutes_to_read(document: nodes.document) -> int:
    """Return minutes for prose at 180 words and for code at 20 lines a minute, rounded up."""
    words = sum(len(text.astext().split()) for text in document.findall(nodes.paragraph))
    code = [block for block in document.findall(nodes.literal_block) if _is_input(block)]
    lines = sum(len(block.astext().splitlines()) for block in code)
    return math.ceil(words / WORDS_A_MINUTE + lines / CODE_LINES_A_MINUTE)


def line(env: BuildEnvironment) -> nodes.paragraph:
    """Return the line of one page."""
    text = sentence(**_times(NbMetadataCollector.get_doc_data(env)[env.docname]))
    return nodes.paragraph("", text, classes=["measured"])


def sentence(minutes: int, seconds: float | None) -> str:
    """Say both times in words."""
    read = f"About {_count(minutes, 'minute')} to read"
    if seconds is None:
        return f"{read}; its cells were not run to the end when this page was built."
    cores = _count(cores_each(), "core")
    run = "under a second" if seconds < 1 else _count(round(seconds), "second")
    return f"{read}, {run} to run (measured on {cores} when it was last run)."


def table(env: BuildEnvironment, *, all_pages: bool = False) -> nodes.Node:
    """Return the times of every chapter that ran, in the order of the book.

    Args:
        all_pages: also of pages that are no chapters but have cells, and the sum of all.
    """
    ran = {
        name: _times(data)
        for name, data in NbMetadataCollector.get_doc_data(env).items()
        if (all_pages or data.get("measured")) and name in env.all_docs
    }
    ran = {name: times for name, times in ran.items() if times["seconds"] is not None}
    if not ran:
        return nodes.paragraph("", "No chapter was run in this build.")
    order = list(env.toctree_includes.get(env.config.root_doc, []))
    names = sorted(ran, key=lambda name: (order.index(name) if name in order else len(order), name))
    titles = {name: env.titles[name].astext() for name in names}
    links = [link_to(name, here=env.docname, title=titles[name]) for name in names]
    rows = [_row(link, *_cells(**ran[name])) for link, name in zip(links, names, strict=True)]
    if all_pages:
        whole = {of: sum(times[of] for times in ran.values()) for of in ("minutes", "seconds")}
        rows.append(_row(nodes.Text(f"{_count(len(ran), 'page')} together"), *_cells(**whole)))
    return _table(_row(*map(nodes.Text, ("Chapter", "To read", "To run"))), rows)


def _times(data: dict) -> dict:
    record = data.get("exec_data")
    ran = record and record["succeeded"]
    return {"minutes": data.get("minutes", 0), "seconds": record["runtime"] if ran else None}


def _cells(minutes: int, seconds: float | None) -> tuple[nodes.Text, nodes.Text]:
    run = "–" if seconds is None else _count(max(1, round(seconds)), "second")
    return nodes.Text(_count(minutes, "minute")), nodes.Text(run)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _is_input(block: nodes.literal_block) -> bool:
    return "cell_input" in getattr(block.parent, "attributes", {}).get("classes", [])


def _row(*cells: nodes.Node) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        row += nodes.entry("", nodes.paragraph("", "", cell))
    return row


def _table(head: nodes.row, rows: list[nodes.row]) -> nodes.table:
    columns = [nodes.colspec(colwidth=width) for width in (2, 1, 1)]
    body = [*columns, nodes.thead("", head), nodes.tbody("", *rows)]
    return nodes.table("", nodes.tgroup("", *body, cols=len(columns)))
