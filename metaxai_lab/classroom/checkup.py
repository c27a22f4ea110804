"""What the doctor looks at: Python, device, data, cache, disk, browser.

The top imports only the standard library, so that this opens where half of the lab is missing.
Chapter: book/appendix/troubleshooting.md.
"""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHONS = ((3, 11), (3, 13))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DISK_GB = 1.0
INSTALL = "Run `make book`, or `pip install -c constraints.txt -e '.[book,test,track,grade]'`."
_PAGE = textwrap.TextWrapper(
    88, subsequent_indent=" " * 9, break_long_words=False, break_on_hyphens=False
)


@dataclass(frozen=True)
class Finding:
    """One thing the doctor looked at.

    Args:
        topic: what was looked at.
        level: "good", "note" (the chapters run all the same) or "problem".
        found: what there is.
        advice: what to do; empty where all is good.
    """

    topic: str
    level: str
    found: str
    advice: str = ""

    def __str__(self) -> str:
        lines = [f"{self.level:8} {self.topic}: {self.found}", f"{'':8} {self.advice}".rstrip()]
        return "\n".join(filter(None, map(_PAGE.fill, lines)))


def environment(root: Path = ROOT) -> Iterator[Finding]:
    """Look whether this is the Python that `make` set up; silent where it set up none."""
    own = root / ".venv" / "bin"
    if (own / "python").exists() and not own.samefile(Path(sys.executable).parent):
        advice = "Then ask it again: .venv/bin/python -m metaxai_lab.classroom.doctor"
        yield Finding("python", "note", "not the book's Python; use .venv/bin/python", advice)


def python() -> Iterator[Finding]:
    """Look at the version of Python."""
    here, (low, high) = sys.version_info[:2], PYTHONS
    version = ".".join(map(str, sys.version_info[:3]))
    if low <= here <= high:
        yield Finding("python", "good", version)
    else:
        advice = "The lab is tested with 3.11, 3.12 and 3.13: `make book PYTHON=python3.12`."
        yield Finding("python", "problem", version, advice)


def device() -> Iterator[Finding]:
    """Look at where the lab will compute."""
    try:
        import torch

        from metaxai_lab.core import pick_device, scale
    except (ImportError, OSError) as error:
        yield Finding("device", "problem", f"torch does not load ({error})", INSTALL)
        return
    try:
        place = pick_device()
        where = torch.cuda.get_device_name(place) if place.type == "cuda" else "CPU"
        yield Finding("device", "good", f"{where}, {os.cpu_count()} cores, scale {scale()}")
    except ValueError as error:
        yield Finding("device", "problem", str(error), "Correct the setting, or unset it.")
    except (RuntimeError, AssertionError):
        wanted = os.environ.get("METAXAI_DEVICE")
        found = f"METAXAI_DEVICE={wanted}, and torch {torch.__version__} finds no such device"
        advice = "Unset METAXAI_DEVICE to compute on the CPU, or install the driver of the GPU."
        yield Finding("device", "problem", found, advice)


def data() -> Iterator[Finding]:
    """Look at the folder of real data sets; the letters and the planted tasks need none."""
    folder = os.environ.get("METAXAI_DATA")
    if not folder:
        advice = "Cells that need a real data set are skipped. Set METAXAI_DATA to run them."
        yield Finding("data", "note", "METAXAI_DATA is not set", advice)
    elif not Path(folder).is_dir():
        advice = "Set METAXAI_DATA to a folder that exists, or unset it."
        yield Finding("data", "problem", f"METAXAI_DATA={folder} is no folder", advice)
    else:
        yield _sets(Path(folder))


def _sets(folder: Path) -> Finding:
    try:
        from metaxai_lab.tasks.catalogue import cards
    except ImportError as error:
        return Finding("data", "problem", f"metaxai_lab.tasks does not load ({error})", INSTALL)
    sets = [name for name, card in sorted(cards().items()) if card.lies_in(folder / name)]
    return Finding("data", "good", f"{len(sets)} sets in {folder}: {', '.join(sets)}")


def cache() -> Iterator[Finding]:
    """Look at the folder where made things are kept."""
    try:
        from metaxai_lab.tasks.cache import cache_folder
    except ImportError as error:
        yield Finding("cache", "problem", f"metaxai_lab.tasks does not load ({error})", INSTALL)
        return
    folder = cache_folder()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        advice = (
            "Set METAXAI_CACHE to a folder that can be written; without it things are made anew."
        )
        yield Finding("cache", "note", f"{folder} cannot be written", advice)
    else:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        yield Finding("cache", "good", f"{folder}, {size / 1e6:.0f} MB")


def disk(need_gb: float = DISK_GB) -> Iterator[Finding]:
    """Look at the free space where the book is built."""
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    if free >= need_gb:
        yield Finding("disk", "good", f"{free:.0f} GB free")
    else:
        advice = f"Free {need_gb:.0f} GB; `rm -rf _build` gives back what a build can make again."
        yield Finding("disk", "problem", f"{free:.1f} GB free", advice)


def browser() -> Iterator[Finding]:
    """Look for the browser that the tests of the pages drive."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        yield Finding("browser", "good", found)
    else:
        advice = "The tests of the pages are skipped. Debian, Ubuntu: apt-get install chromium."
        yield Finding("browser", "note", "no chromium", advice)
