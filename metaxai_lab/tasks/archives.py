"""Files of a set, read where they lie: loose in a folder, in its zips, or in a zip within a zip.

An archive is read in place and never unpacked, so nothing in it can land outside a folder; one
that tries all the same (a path that climbs, a link), or claims to hold more than any set of ours,
is refused. Chapter: book/appendix/running_it.md.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath

MOST_BYTES = 4 * 2**30  # of all that one archive holds
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class DamagedFileError(ValueError):
    """A file is there, and is not what it should be."""


def read_parts(folder: Path, pattern: str) -> dict[str, bytes]:
    """Return the content of all files whose name matches `pattern`, by path, in order of the path.

    Files that lie loose come before those in archives: where there are any, no archive is opened.

    Raises:
        DamagedFileError: if an archive cannot be read, or is not to be trusted.
    """
    return dict(sorted(each_part(folder, pattern)))


def each_part(folder: Path, pattern: str) -> Iterator[tuple[str, bytes]]:
    """Yield the same one by one, for files that are too many or too large for the memory."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    loose = [path for path in files if fnmatchcase(path.name, pattern)]
    for path in loose:
        yield path.relative_to(folder).as_posix(), path.read_bytes()
    if not loose:
        for path in files:
            if path.suffix in (".zip", ".npz"):
                yield from _in_zip(path, path, pattern, depth=2)


def _in_zip(
    opened: Path | BytesIO, path: Path, pattern: str, *, depth: int
) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(opened) as archive:
            _check(archive, path)
            for member in archive.infolist():
                name = PurePosixPath(member.filename).name
                if fnmatchcase(name, pattern) and not member.is_dir():
                    yield member.filename, archive.read(member)
                elif name.endswith(".zip") and depth > 1:
                    inner = BytesIO(archive.read(member))
                    yield from _in_zip(inner, path, pattern, depth=depth - 1)
    except UNREADABLE as error:
        raise DamagedFileError(
            f"the archive {path} cannot be read ({error}). Nothing was changed. Fetch it again, "
            "or put a whole copy in its place."
        ) from error


def _check(archive: zipfile.ZipFile, path: Path) -> None:
    for member in archive.infolist():
        if _escapes(member.filename) or stat.S_ISLNK(member.external_attr >> 16):
            raise DamagedFileError(
                f"the archive {path} holds {member.filename!r}, which leads out of its folder. "
                "It is not opened. Fetch the set from its public address."
            )
    size = sum(member.file_size for member in archive.infolist())
    if size > MOST_BYTES:
        raise DamagedFileError(
            f"the archive {path} claims to hold {size / 2**30:.0f} GB; no set of the lab has more "
            f"than {MOST_BYTES / 2**30:.0f}. It is not opened."
        )


def _escapes(name: str) -> bool:
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    climbs = ".." in posix.parts or ".." in windows.parts
    return climbs or posix.is_absolute() or bool(windows.drive or windows.root)
