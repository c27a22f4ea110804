"""What Sphinx and the theme leave to be mended for every reader; axe finds nothing serious then.

Chapter: book/appendix/architecture.md.
"""

from docutils import nodes
from sphinx.application import Sphinx

# A list may hold list items only; the role that docutils gives to citations has been retired.
ROLES = {'role="doc-biblioentry"': 'role="listitem"'}


def setup(app: Sphinx) -> None:
    """Mend each page before it is written."""
    app.connect("html-page-context", mend, priority=900)


def mend(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give citations the role of list items; follow the reader's system in light or dark."""
    context.setdefault("default_mode", "auto")  # without it the theme logs an error on each page
    for found, wanted in ROLES.items():
        context["body"] = context.get("body", "").replace(found, wanted)
