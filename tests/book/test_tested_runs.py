"""What nbval ran is what a build would have run, and only a chapter that passed whole is kept."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache

from metaxai_book.side_by_side import cores_each, fill

ROOT = Path(__file__).parents[2]
SAYS = [
    "import ipywidgets, warnings\nprint('one'); print('two')\n6 * 7",
    "ipywidgets.IntSlider(5, description='how many')",
    "from IPython.display import Image, clear_output\nprint('gone'); clear_output(); print('here')",
    "import base64\nImage(base64.b64decode('iVBORw0KGgo='))",
    "raise KeyError('meant')",
]
CONFTEST = """
import sys; sys.path.append({ext!r})
from pathlib import Path
import importlib.util
spec = importlib.util.spec_from_file_location("book_conftest", {book!r})
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
module.cache_folder = lambda build: Path({cache!r})
pytest_runtest_setup = module.pytest_runtest_setup
pytest_runtest_makereport = module.pytest_runtest_makereport
"""


def notebook(path: Path, cells: list[str]) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A page")])
    made.cells += [nbformat.v4.new_code_cell(source) for source in cells]
    made.cells[-1].metadata["tags"] = ["raises-exception"]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)
    return path


def nbval(folder: Path, *, threads: int | None = None) -> Path:
    """Run nbval over a folder with the conftest of the book; return where runs are kept."""
    cache = folder / "kept"
    words = {"ext": str(ROOT / "book" / "_ext"), "book": str(ROOT / "book" / "conftest.py")}
    (folder / "conftest.py").write_text(CONFTEST.format(**words, cache=str(cache)))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax"]
    environment = {"OMP_NUM_THREADS": str(threads or cores_each()), "PATH": "/usr/bin:/bin"}
    options = ["--nbval-current-env", "--rootdir", str(folder), "-c", "/dev/null", str(folder)]
    subprocess.run([*command, *options], cwd=folder, env=environment, capture_output=True)
    return cache


def found(cache: Path, path: Path) -> nbformat.NotebookNode:
    return get_cache(cache).merge_match_into_notebook(nbformat.read(path, as_version=4))[1]


def plain(run: nbformat.NotebookNode) -> list:
    """Return outputs without what differs between any two runs: ids and tracebacks."""
    said = []
    for cell in run.cells:
        for output in cell.get("outputs", ()):
            shown = {k: v for k, v in output.items() if k != "traceback"}
            if "application/vnd.jupyter.widget-view+json" in shown.get("data", {}):
                shown["data"] = sorted(shown["data"])
            said.append(shown)
    return said


def states(run: nbformat.NotebookNode) -> list:
    """Return the states of the widgets, without the names of their models."""
    models = run.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    shown = [(model["model_name"], model["state"].get("description")) for model in models]
    return sorted(shown, key=str)


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Path:
    """Return a folder with a page, two that fail, and what was kept of the three."""
    folder = tmp_path_factory.mktemp("pages")
    notebook(folder / "page.ipynb", SAYS)
    notebook(folder / "fails_first.ipynb", ["1 / 0", "1", "1"])
    notebook(folder / "fails_later.ipynb", ["1", "1 / 0", "1"])
    nbval(folder)
    return folder


def test_nbval_keeps_what_a_build_would_have_run(ran):
    page = ran / "page.ipynb"
    chapter = nbformat.read(page, as_version=4)
    fill(ran / "built", {page: chapter}, timeout=100)
    by_build, by_nbval = found(ran / "built", page), found(ran / "kept", page)
    assert len(plain(by_nbval)) == 6
    assert plain(by_nbval) == plain(by_build)
    assert states(by_nbval) == states(by_build)
    assert ("IntSliderModel", "how many") in states(by_nbval)
    assert fill(ran / "kept", {page: chapter}, timeout=100) == []


@pytest.mark.parametrize("name", ["fails_first", "fails_later"])
def test_a_chapter_with_a_cell_that_failed_is_not_kept(ran, name):
    with pytest.raises(KeyError):
        found(ran / "kept", ran / f"{name}.ipynb")


def test_a_run_with_other_cores_than_a_build_gives_is_not_kept(tmp_path):
    page = notebook(tmp_path / "page.ipynb", ["1", "2"])
    with pytest.raises(KeyError):
        found(nbval(tmp_path, threads=cores_each() + 1), page)
