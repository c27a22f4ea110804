"""What a page promises: its first sentence, kept for lists of pages and for its description.

A page opens with its title and one sentence in italics. Search engines and link previews show
`<meta name="description">`; it is that sentence, or else the first words of the page.
Chapter: book/appendix/architecture.md.
"""

from html import escape
from textwrap import shorten

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx

LONGEST = 300  # letters of a description
NAMED = {"genindex": "Index", "search": "Search"}  # pages that Sphinx makes


def setup(app: Sphinx) -> None:
    """Keep each page's promise, and write it into its head."""
    app.connect("doctree-read", keep)
    app.connect("html-page-context", describe)


def keep(app: Sphinx, document: nodes.document) -> None:
    """Remember the promise of a page, and whether it is one or only its first words."""
    found = promise(document)
    NbMetadataCollector.set_doc_data(app.env, app.env.docname, "promise", found)


def promise(document: nodes.document) -> tuple[str, bool]:
    """Return the first paragraph after the title, and whether all of it is in italics."""
    title = document.next_node(nodes.title)
    after = title.parent.children[1:] if title is not None else []
    for child in after:
        if isinstance(child, nodes.paragraph) and "measured" not in child["classes"]:
            inside = [each for each in child.children if each.astext().strip()]
            alone = len(inside) == 1 and isinstance(inside[0], nodes.emphasis)
            return " ".join(child.astext().split()), alone
    return "", False


def describe(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Write the description of a page; one that has no words of its own is named."""
    kept = NbMetadataCollector.get_doc_data(app.env).get(page, {}).get("promise", ("", False))[0]
    words = kept or f"{NAMED.get(page, page)}, {app.config.html_title}"
    said = escape(shorten(words, LONGEST, placeholder=" …"))
    context["metatags"] = (
        f'{context.get("metatags", "")}\n<meta name="description" content="{said}">'
    )
