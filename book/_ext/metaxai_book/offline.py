"""Built pages need no network: widgets and mathematics are served from the page's own folder.

Widgets are anywidgets and `host.js` is their host, so neither RequireJS nor the html-manager is
loaded. MathJax comes out of the package sphinx-mathjax-offline. Jupyter Book puts a `<script>` for
each `*.js` below `book/_static` on every page; both files therefore lie elsewhere and are added
here, and myst-nb puts the host only where there are widgets. Chapter: book/appendix/architecture.md.
"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

STATE = "application/vnd.jupyter.widget-state+json"
MATHJAX = "tex-svg-full.js"  # draws glyphs as SVG: no font files


def setup(app: Sphinx) -> None:
    """Serve hosts locally, before a page is written drop what would ask the network."""
    app.connect("config-inited", serve_locally, priority=900)
    app.connect("html-page-context", clean_scripts, priority=900)


def serve_locally(app: Sphinx, config: Config) -> None:
    """Put the widget host and MathJax where the pages can reach them, and point Sphinx there."""
    served = Path(app.outdir).parent / ".served"
    (served / "offline").mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).parent / "host.js", served / "offline")
    with as_file(files("sphinx-mathjax-offline") / "static" / "mathjax" / MATHJAX) as mathjax:
        shutil.copy(mathjax, served / "offline")
    config.html_static_path.append(str(served))
    config.mathjax_path = f"offline/{MATHJAX}"
    config.nb_ipywidgets_js = {"offline/host.js": {"defer": "defer"}}


def clean_scripts(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Drop repeated scripts and those of thebe, which would load from a CDN; make states safe."""
    kept = {}
    for script in context["script_files"]:
        body = script.attributes.get("body") or ""
        if "thebe" in f"{script.filename}{body}":
            continue
        if script.attributes.get("type") == STATE:
            script.attributes["body"] = body.replace("<", r"\u003c")
        kept.setdefault((script.filename, body), script)
    context["script_files"] = list(kept.values())
    context.setdefault("default_mode", "auto")  # without it the theme logs an error on each page
