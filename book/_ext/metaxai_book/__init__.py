"""The Sphinx extension of the book: pages that need no network, measured times, the ledger.

Chapter: book/appendix/architecture.md.
"""

from sphinx.application import Sphinx

from metaxai_book import measured, offline


def setup(app: Sphinx) -> dict[str, object]:
    """Add every room of the extension to the Sphinx application."""
    for room in (offline, measured):
        room.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
