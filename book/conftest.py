"""nbval leaves out cells that need a real data set where the set is not on this machine.

Such a cell is tagged `needs-data`, and with the names of its sets. A chapter of which every cell
ran and passed is kept for the build of the pages, which need not run it again.
"""

import sys
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from metaxai_lab.tasks import is_here
from metaxai_lab.tasks.catalogue import cards

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "book" / "_ext"))

from metaxai_book.fresh import cache_folder  # noqa: E402 (the path stands above)
from metaxai_book.tested_runs import TestedRun  # noqa: E402

RUN = pytest.StashKey[TestedRun]()


def pytest_collection_modifyitems(items):
    """Skip each cell of which a set is missing, and say which."""
    for item in items:
        tags = set(getattr(item, "cell", {}).get("metadata", {}).get("tags", ()))
        missing = [name for name in sorted(tags & set(cards())) if not is_here(name)]
        if "needs-data" in tags and missing:
            item.add_marker(pytest.mark.skip(reason=f"not on this machine: {', '.join(missing)}"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Take down what the kernel will say for this cell."""
    if isinstance(item, IPyNbCell):
        stash = item.parent.stash
        if RUN not in stash:
            stash[RUN] = TestedRun(item.parent)
        stash[RUN].begin(item.cell_num)


def pytest_runtest_makereport(item, call):
    """Keep the chapter when its last cell has passed, as all before it."""
    if isinstance(item, IPyNbCell) and call.when == "call":
        run = item.parent.stash[RUN]
        if run.judge(passed=call.excinfo is None):
            run.keep(cache_folder(ROOT / "_build"))
