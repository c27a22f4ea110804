"""A link to a page of the book, which Sphinx resolves once it knows all pages.

Chapter: book/appendix/architecture.md.
"""

from docutils import nodes
from sphinx.addnodes import pending_xref


def link_to(page: str, *, here: str, title: str = "") -> pending_xref:
    """Return a link from the page `here`; it shows the other page's own title if none is given."""
    at = {"refdoc": here, "reftarget": f"/{page}", "reftype": "doc", "refdomain": "std"}
    link = pending_xref(**at, refexplicit=bool(title), refwarn=True)
    link += nodes.inline("", title or page)
    return link
