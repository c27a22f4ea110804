"""Ways through the book, with what they take: minutes are summed from the pages, never typed.

`{reading-path}` holds names of pages, one a line, and becomes a list of links below a line
that says how long it takes. `{contents-with-times}` lists every page of the book, part by part, as
`_toc.yml` has them, each with its promise and its minutes.
Chapter: book/appendix/architecture.md.
"""

from collections import Counter
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from metaxai_book.page_links import link_to
from metaxai_lab.classroom.progress_table import rows

LOGGER = logging.getLogger(__name__)
BOOK = Path(__file__).parents[2]


class PathNode(nodes.General, nodes.Element):
    """Stands for a list of pages until all have been read."""


class ReadingPath(SphinxDirective):
    """`{reading-path}`: pages in the order of a reader, and what they take together."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list; a page that the book does not have is a warning."""
        pages = [line.strip().strip("/") for line in self.content if line.strip()]
        for gone in [page for page in pages if page not in self.env.found_docs]:
            LOGGER.warning("a reading path has no page %r", gone, location=self.env.docname)
        return _place(self.env, [("", [page for page in pages if page in self.env.found_docs])])


class Contents(SphinxDirective):
    """`{contents-with-times}`: every part of the book with its pages."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for the lists."""
        root = self.env.external_site_map[self.config.root_doc]
        parts = [(tree.caption or "", tree.files()) for tree in root.subtrees]
        return _place(self.env, parts)


class FillPaths(SphinxPostTransform):
    """Write the lists once titles and minutes are known."""

    default_priority = 8  # before references are resolved

    def run(self, **kwargs: object) -> None:
        """Replace each place by its lists."""
        for place in list(self.document.findall(PathNode)):
            place.replace_self([node for part in place["parts"] for node in _part(self.env, *part)])


def setup(app: Sphinx) -> None:
    """Add the directives and what fills them."""
    app.add_node(PathNode)
    app.add_directive("reading-path", ReadingPath)
    app.add_directive("contents-with-times", Contents)
    app.add_post_transform(FillPaths)


def exercise_minutes() -> Counter[str]:
    """Return the minutes that the exercises of each page take, where a reader writes in it.

    The open tasks of the assignments are on no page: `appendix/teaching` only tells of them.
    """
    found: Counter[str] = Counter()
    for row in rows({}):
        if (BOOK / f"{row.page}.ipynb").is_file():
            found[row.page] += row.minutes
    return found


def taken(read: int, exercises: int, pages: int) -> str:
    """Say what a list of pages takes, in hours or minutes."""
    told = f"{pages} {'page' if pages == 1 else 'pages'}, about {spoken(read)} to read"
    return f"{told}; {spoken(exercises)} of exercises" if exercises else told


def spoken(minutes: int) -> str:
    """Say minutes as a reader would: from two hours on in hours, to the half."""
    if minutes < 120:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    halves = round(minutes / 30)
    return f"{halves // 2}{' ½' if halves % 2 else ''} hours"


def _place(env: BuildEnvironment, parts: list) -> list[nodes.Node]:
    NbMetadataCollector.set_doc_data(env, env.docname, "measured_table", True)  # read again as that
    return [PathNode(parts=parts)]


def _part(env: BuildEnvironment, caption: str, pages: list[str]) -> list[nodes.Node]:
    kept, own = NbMetadataCollector.get_doc_data(env), exercise_minutes()
    names = [page for page in pages if page in env.all_docs]
    read = sum(kept[page]["minutes"] for page in names)
    told = taken(read, sum(own[page] for page in names), len(names))
    line = nodes.paragraph("", f"{told}.", classes=["measured"])
    if caption:
        line = nodes.paragraph("", "", nodes.strong("", caption), nodes.Text(f": {told}."))
    items = [_item(env, page, kept[page], own[page], bool(caption)) for page in names]
    return [line, nodes.bullet_list("", *items)]


def _item(env: BuildEnvironment, page: str, kept: dict, exercises: int, full: bool) -> nodes.Node:
    link = link_to(page, here=env.docname, title=env.titles[page].astext())
    minutes = kept["minutes"] + exercises
    words, is_promise = kept.get("promise", ("", False))
    said = f" ({spoken(minutes)})" + (f": {words}" if full and is_promise else "")
    return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(said)))
