"""What Sphinx and the theme leave to be mended for every reader; axe finds nothing serious then.

Chapter: book/appendix/architecture.md.
"""

from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# A list may hold list items only; the role that docutils gives to citations has been retired.
LIST = ('role="doc-biblioentry"', 'role="listitem"')
VIEW = '<script type="application/vnd.jupyter.widget-view+json">'
NO_SCRIPT = '<noscript><p class="needs-kernel">This widget needs JavaScript.</p></noscript>'


def setup(app: Sphinx) -> None:
    """Mend each page before it is written."""
    app.connect("doctree-resolved", keep_together)
    app.connect("html-page-context", mend, priority=900)


def keep_together(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Let no line end between ≈ and its number."""
    for text in list(doctree.findall(nodes.Text)):
        if "≈ " in text:
            text.parent.replace(text, nodes.Text(text.replace("≈ ", "≈\N{NO-BREAK SPACE}")))


def mend(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give citations the role of list items; say where a widget would be; follow light or dark."""
    context.setdefault("default_mode", "auto")  # without it the theme logs an error on each page
    context["body"] = context.get("body", "").replace(*LIST).replace(VIEW, NO_SCRIPT + VIEW)
    if "generate_toctree_html" in context:
        context["generate_toctree_html"] = named(context["generate_toctree_html"])


def named(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Let what draws the sidebar say of each switch which pages it unfolds; it has an icon only."""

    def drawn(*args: object, **settings: object) -> Any:
        soup = draw(*args, **settings)
        for switch in soup.select("li > details > summary"):
            above = switch.find_parent("li").find("a")
            switch["aria-label"] = f"Pages below {above.get_text().strip() if above else 'this'}"
        return soup

    return drawn
