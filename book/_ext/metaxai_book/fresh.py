"""A page is never older than the lab: chapters run again when the code they may call has changed.

jupyter-cache looks at a notebook's cells alone, and Sphinx forgets the warnings of pages that it
does not read again. So the cache lives in a folder named after the lab's code, the scale and the
versions, and the memory of a build that warned is thrown away. Docstrings and comments do not
count. Outputs stored in a notebook are for nbval: a page shows what its own build measured, so they
are taken away before the cells run. Chapter: book/appendix/architecture.md.
"""

import ast
import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

import metaxai_lab
from metaxai_lab.core import scale

MATTERS = ("torch", "numpy", "matplotlib", "anywidget")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def setup(app: Sphinx) -> None:
    """Name the cache before the build, and judge the build after it."""
    app.connect("config-inited", name_cache, priority=900)
    app.connect("source-read", without_outputs)
    app.connect("build-finished", forget_warnings)


def name_cache(app: Sphinx, config: Config) -> None:
    """Keep what ran beside the pages."""
    config.nb_execution_cache_path = str(cache_folder(Path(app.outdir).parent))


def cache_folder(build: Path) -> Path:
    """Return `.jupyter_cache/<fingerprint>` in the folder of a build, for the lab as it is now."""
    lab = Path(metaxai_lab.__file__).parent
    versions = [platform.python_version(), *map(version, MATTERS)]
    return build / ".jupyter_cache" / fingerprint(lab, [scale(), *versions])


def without_outputs(app: Sphinx, name: str, source: list[str]) -> None:
    """Let a page show nothing that its own run has not measured."""
    if app.env.doc2path(name).endswith(".ipynb"):
        notebook = json.loads(source[0])
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        source[0] = json.dumps(notebook)


def forget_warnings(app: Sphinx, failure: Exception | None) -> None:
    """Read every page again after a build that warned: a second build must warn as well."""
    if failure or app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def fingerprint(folder: Path, words: list[str]) -> str:
    """Return 16 letters that change with the code in `folder` or with `words`."""
    digest = hashlib.sha256("\n".join(words).encode())
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".js", ".css", ".toml"):
            digest.update(f"\n{path.relative_to(folder)}\n".encode())
            digest.update(code_of(path).encode())
    return digest.hexdigest()[:16]


def code_of(path: Path) -> str:
    """Return what a file does: for Python its syntax tree without docstrings."""
    text = path.read_text("utf8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)
