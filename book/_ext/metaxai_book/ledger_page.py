"""The ledger on its page: `{ledger}` writes what the chapters found about each statement.

`{ledger-summary}` writes the same on one page.

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

from metaxai_lab.classroom import ledger, summary
from metaxai_lab.classroom.claims import Record

LOGGER = logging.getLogger(__name__)


class FromRecords(SphinxDirective):
    """A page's part that is written from what the chapters found."""

    def found(self) -> list[Record]:
        """Return the records of this build, and see that the page is written again with them."""
        NbMetadataCollector.set_doc_data(self.env, self.env.docname, "ledger", True)
        return ledger.read(chapters(self.env), cache=self.cache)

    @property
    def cache(self) -> Path:
        """The folder of the build's runs."""
        return Path(self.config.nb_execution_cache_path).resolve()

    def warn(self, problems: list[str]) -> None:
        """Stop a strict build for each problem."""
        for problem in problems:
            LOGGER.warning("the ledger: %s", problem, location=self.env.docname)

    def write(self, text: str, name: str) -> list[nodes.Node]:
        """Return MyST text as nodes, in a box of a class."""
        box = nodes.container(classes=[name])
        lines = StringList(text.splitlines(), self.env.docname)
        self.state.nested_parse(lines, self.content_offset, box)
        return [box]


class Ledger(FromRecords):
    """`{ledger}`: every statement, its state, and what measured it.

    A book that does not measure all statements says so by the option `:partial:`.
    """

    option_spec: ClassVar[dict[str, Callable]] = {"partial": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Write the ledger of this build, and warn of what it must not print or lacks."""
        found, here = self.found(), self.env.docname
        self.warn(ledger.problems(found))
        if "partial" not in self.options:
            self.warn(ledger.lacking(found))
        failed = ledger.unfinished(chapters(self.env), cache=self.cache)
        return self.write(warning(failed) + ledger.markdown(found, here=here), "ledger")


class Summary(FromRecords):
    """`{ledger-summary}`: the ledger on one page, a line for each statement."""

    def run(self) -> list[nodes.Node]:
        """Write the summary of this build, and warn of lines written for another verdict."""
        found = self.found()
        self.warn(summary.outdated(found))
        return self.write(summary.markdown(found, here=self.env.docname), "ledger-summary")


def setup(app: Sphinx) -> None:
    """Add the directives, and see that they are read after the chapters."""
    app.add_directive("ledger", Ledger)
    app.add_directive("ledger-summary", Summary)
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
