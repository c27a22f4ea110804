"""What a process takes of memory and disk, looked up from outside.

Source: the manual page proc_pid_statm(5) of Linux. Chapter: book/appendix/grading.md.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DEEPEST = 1000  # characters of a path below the folder
TOO_MUCH = 1 << 60


def resident(number: int) -> int:
    """Return the bytes of memory that a process takes; 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{number}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def written(folder: Path) -> Iterator[int]:
    """Yield a growing count of the bytes below a folder, each entry counted as 4 kB or more.

    Folders within folders without end hide what they hold, so from `DEEPEST` on all is too much.
    """
    total, waiting = 0, [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                total += TOO_MUCH if len(entry.path) > len(str(folder)) + DEEPEST else 0
                total += max(4096, entry.stat(follow_symlinks=False).st_blocks * 512)
                yield total


def signal_name(number: int) -> str:
    """Return a signal's name, such as "SIGSEGV"."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def size(count: int) -> str:
    """Write a number of bytes: "50 MB", "4 GB"."""
    return f"{count >> 30} GB" if count >= 1 << 30 else f"{count / (1 << 20):g} MB"
