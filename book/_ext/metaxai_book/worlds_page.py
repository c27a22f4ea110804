"""The comparison on its page: `{five-worlds}` writes what the five applications found.

Notebooks are read, and so run, before every other page; `ledger_page` sees to that, and to reading
this page again when a chapter changed. Chapter: book/appendix/five_worlds.md.
"""

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from metaxai_book.ledger_page import chapters
from metaxai_lab.classroom import five_worlds


class FiveWorlds(SphinxDirective):
    """`{five-worlds}`: leads, rows until safe, quality of the explanation, and cost."""

    def run(self) -> list[nodes.Node]:
        """Write the comparison of this build."""
        here = self.env.docname
        NbMetadataCollector.set_doc_data(self.env, here, "ledger", True)  # read again as that is
        cache = Path(self.config.nb_execution_cache_path).resolve()
        ran = NbMetadataCollector.get_doc_data(self.env).items()
        seconds = {
            name: data["exec_data"]["runtime"]
            for name, data in ran
            if (data.get("exec_data") or {}).get("runtime") is not None
        }
        worlds = five_worlds.read(chapters(self.env), cache=cache, seconds=seconds)
        box = nodes.container(classes=["five-worlds"])
        lines = five_worlds.markdown(worlds).splitlines()
        self.state.nested_parse(StringList(lines, here), self.content_offset, box)
        return [box]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("five-worlds", FiveWorlds)
