"""Built pages need no network: widgets and mathematics are served from the book's own folder.

Widgets are anywidgets and `host.js` is their host, so neither RequireJS nor the html-manager is
loaded; myst-nb puts it on the pages that have widgets. MathJax comes out of the package
sphinx-mathjax-offline. Jupyter Book would put a `<script>` for each `*.js` below `book/_static` on
every page, so both are served from a folder that is registered here, after its scan.
Chapter: book/appendix/architecture.md.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent
STATE = "application/vnd.jupyter.widget-state+json"
MATHJAX = "tex-svg-full.js"  # the bundle that draws its own glyphs: no font files, no parts to load


def setup(app: Sphinx) -> None:
    """Serve what pages need from the book itself, and drop what would ask the network."""
    app.connect("config-inited", serve_locally, priority=900)
    app.add_css_file("offline/book.css", priority=900)
    app.connect("html-page-context", clean, priority=900)


def serve_locally(app: Sphinx, config: Config) -> None:
    """Put the host, the style and MathJax where pages can reach them, and point Sphinx there."""
    served = Path(app.outdir).parent / ".served"
    (served / "offline").mkdir(parents=True, exist_ok=True)
    for name in ("host.js", "book.css"):
        shutil.copy(HERE / name, served / "offline")
    with as_file(files("sphinx-mathjax-offline") / "static" / "mathjax" / MATHJAX) as mathjax:
        shutil.copy(mathjax, served / "offline")
    config.html_static_path.append(str(served))
    config.mathjax_path = f"offline/{MATHJAX}"
    config.nb_ipywidgets_js = {"offline/host.js": {"defer": "defer"}}


def clean(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Drop repeated scripts and those of thebe, which loads from a CDN; make widget states safe."""
    kept = {}
    for script in context["script_files"]:
        body = script.attributes.get("body") or ""
        if "thebe" in f"{script.filename} {body[:80]}":
            continue
        if script.attributes.get("type") == STATE:  # `</SCRIPT>` in a caption must not end it
            script.attributes["body"] = body.replace("<", r"\u003c")
        kept.setdefault((script.filename, body), script)
    context["script_files"] = list(kept.values())
