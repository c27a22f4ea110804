"""The ledger on its page: `{ledger}` writes what the chapters found about each statement.

The chapters are read, and so run, before every other page; then their claims lie in the cache of
this build. A ledger that may not be printed is a warning, and warnings stop the build; so is one
that lacks a verdict, unless its page says that it is partial.
Chapter: book/appendix/claims.md.
"""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from metaxai_lab.classroom import ledger

LOGGER = logging.getLogger(__name__)


class Ledger(SphinxDirective):
    """`{ledger}`: every statement, its state, and what measured it.

    A book that does not measure all of them says so by the option `:partial:`.
    """

    option_spec: ClassVar[dict[str, Callable]] = {"partial": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Write the ledger of this build, and warn of what it must not print."""
        here = self.env.docname
        NbMetadataCollector.set_doc_data(self.env, here, "ledger", True)
        notebooks, cache = chapters(self.env), Path(self.config.nb_execution_cache_path).resolve()
        found = ledger.read(notebooks, cache=cache)
        missing = [] if "partial" in self.options else ledger.lacking(found)
        for problem in ledger.problems(found) + missing:
            LOGGER.warning("the ledger: %s", problem, location=here)
        box = nodes.container(classes=["ledger"])
        text = warning(ledger.unfinished(notebooks, cache=cache))
        lines = (text + ledger.markdown(found, here=here)).splitlines()
        self.state.nested_parse(StringList(lines, here), self.content_offset, box)
        return [box]


def setup(app: Sphinx) -> None:
    """Add the directive, and see that it is read after the chapters."""
    app.add_directive("ledger", Ledger)
    app.connect("env-before-read-docs", chapters_first)
    app.connect("env-get-outdated", outdated)


def warning(pages: list[str]) -> str:
    """Return MyST text that names the pages whose run did not finish; nothing if all did."""
    if not pages:
        return ""
    names = "\n".join(f"- {page}" for page in pages)
    return f":::{{warning}}\nNot counted, for in this build they failed:\n\n{names}\n:::\n\n"


def chapters(env: BuildEnvironment) -> list[Path]:
    """Return the notebooks of the book by name."""
    paths = [Path(env.doc2path(name)) for name in sorted(env.found_docs)]
    return [path for path in paths if path.suffix == ".ipynb"]


def chapters_first(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Read notebooks before pages: pages may tell what notebooks found."""
    names.sort(key=lambda name: not str(env.doc2path(name)).endswith(".ipynb"))


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages with a ledger if any page of the book changed."""
    if not added | changed | removed:
        return []
    pages = NbMetadataCollector.get_doc_data(env).items()
    return [name for name, data in pages if data.get("ledger") and name in env.all_docs]
