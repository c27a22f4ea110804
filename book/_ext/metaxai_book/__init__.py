"""The Sphinx extension of the book: offline pages, fresh ones, times, the ledger, the glossary.

Each room has its own `setup`. Chapter: book/appendix/architecture.md.
"""

from pybtex.backends import plaintext
from pybtex.plugin import register_plugin
from sphinx.application import Sphinx

from metaxai_book import (
    accessible,
    api,
    fresh,
    glossary,
    glossary_links,
    ledger_page,
    measured,
    offline,
    promises,
    reading_paths,
    side_by_side,
    worlds_page,
)


def setup(app: Sphinx) -> dict[str, object]:
    """Add every room of the extension to the Sphinx application."""
    for room in (
        offline,
        accessible,
        fresh,
        side_by_side,
        measured,
        ledger_page,
        worlds_page,
        glossary,
        glossary_links,
        promises,
        reading_paths,
        api,
    ):
        room.setup(app)
    # pybtex would look through all installed packages for it, anew for each citation
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend, force=True)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
