"""Chapters run side by side before Sphinx reads them, each with its share of the cores.

myst-nb runs a page with cells when it reads it, one after the other, and most keep one core busy.
So what has to run is run here first, into the same cache, where myst-nb finds it. A chapter that
fails is left out of the cache: myst-nb then runs it again and says what is wrong. Pages are written
side by side, too; they are read in a row, since not every extension says that it can do without.
Chapter: book/appendix/running_it.md.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from jupyter_core.utils import ensure_event_loop
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

MOST_AT_ONCE = 4  # a chapter may take 2 GB
THREADS = "OMP_NUM_THREADS"  # read by torch, numpy and scikit-learn as they start
LOG = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Run chapters once it is known which pages will be read; write pages once all were read."""
    app.connect("env-before-read-docs", run_ahead)
    app.connect("env-updated", write_side_by_side)


def run_ahead(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Run the notebooks among the pages to be read, as far as the cache lacks them."""
    if app.config.nb_execution_mode == "cache":
        chapters = with_cells(env, [Path(env.doc2path(name)) for name in names])
        fill(app.config.nb_execution_cache_path, chapters, timeout=app.config.nb_execution_timeout)


def write_side_by_side(app: Sphinx, env: BuildEnvironment) -> None:
    """Let Sphinx write on all cores; Jupyter Book has no option for it."""
    app.parallel = at_once()


def with_cells(env: BuildEnvironment, paths: list[Path]) -> dict[Path, NotebookNode]:
    """Return the pages that are notebooks, be they Markdown, as myst-nb will read them."""
    found, configs = {}, (env.myst_config, env.mystnb_config)
    for path in paths:
        text = path.read_text("utf8")
        if reader := create_nb_reader(str(path), *configs, text):
            found[path] = reader.read(text)
    return found


def fill(folder: str | Path, chapters: dict[Path, NotebookNode], *, timeout: int) -> list[Path]:
    """Run notebooks that the cache lacks, several at once; return those that ran, as they ended."""
    cache, ran = get_cache(folder), []
    lacking = [path for path, notebook in chapters.items() if not _has(cache, notebook)]
    with share_of_cores(), ThreadPoolExecutor(at_once()) as pool:
        started = {pool.submit(_run, path, chapters[path], timeout): path for path in lacking}
        for ended, run in enumerate(as_completed(started), start=1):
            path, result = started[run], run.result()
            said = "failed, and is run again" if result.err else "ran"
            where = (ended, len(lacking), path.stem)
            LOG.info("chapter %d of %d: %s %s after %.0f seconds", *where, said, result.time)
            if result.err is None:
                keep(cache, path, result.nb, seconds=result.time)
                ran.append(path)
    return ran


def at_once() -> int:
    """Return how many chapters run side by side on this machine."""
    return min(MOST_AT_ONCE, os.cpu_count() or 1)


def cores_each() -> int:
    """Return how many cores a chapter has to itself."""
    return (os.cpu_count() or 1) // at_once()


@contextmanager
def share_of_cores() -> Iterator[None]:
    """Let kernels that start inside have no more threads than cores, whoever set another number."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = str(cores_each())
    try:
        yield
    finally:
        del os.environ[THREADS]
        if before is not None:
            os.environ[THREADS] = before


def _has(cache: JupyterCacheAbstract, notebook: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _run(path: Path, notebook: NotebookNode, timeout: int) -> ExecutionResult:
    with closing(ensure_event_loop()):  # this thread's own, which nbclient would leave open
        return single_nb_execution(notebook, str(path.parent), timeout, allow_errors=False)


def keep(
    cache: JupyterCacheAbstract, path: Path, notebook: NotebookNode, *, seconds: float
) -> None:
    """Put a notebook that ran into the cache, with the seconds that it took."""
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
