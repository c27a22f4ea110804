"""A folder of checkpoints has one writer: a lock that dies with its process, however that ends.

The lock is the operating system's (flock), held on a small file that stays in the folder and names
the last writer. Chapter: book/appendix/running_it.md.
"""

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "writer.lock"


class FolderInUseError(ValueError):
    """Another run writes its checkpoints to the same folder at this moment."""


@contextmanager
def sole_writer(folder: Path | None) -> Iterator[None]:
    """Hold `folder` for one run, and make it where it is missing; with None there is nothing to do.

    The lock goes with the block, or with the process: no killed run leaves one behind. Two
    computers that share a folder see each other's lock as far as its file system carries it.

    Raises:
        FolderInUseError: if another run holds the folder. Nothing in it was touched.
    """
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise FolderInUseError(
                f"the checkpoint folder {folder} is being written by another run "
                f"({file.read().strip() or 'it has just begun'}). Wait until it ends or stop it to "
                "go on from there, or give this run a folder of its own."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {platform.node()}\n")
        file.flush()
        yield
