"""What the theme leaves to be mended for readers with a keyboard, a screen reader or a telephone.

Chapter: book/appendix/architecture.md.
"""

from docutils import nodes
from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Mend each page before it is written."""
    app.connect("html-page-context", mend, priority=900)


def mend(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Follow the reader's system in light or dark."""
    context.setdefault("default_mode", "auto")  # without it the theme logs an error on each page
