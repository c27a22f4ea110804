"""What a reader has passed, kept in one small file of plain JSON on the reader's own machine.

Two notebooks may note at once: a lock makes them take turns. The file is written aside and moved
into place, so nobody ever reads half of it. A file that cannot be understood is kept under another
name and never overwritten. Nothing is sent anywhere. Chapter: book/appendix/progress.md.
"""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic, sleep
from typing import Any

from platformdirs import user_data_path

VARIABLE = "METAXAI_PROGRESS"
WHAT, FORMAT = "progress in Learning to Explain", 1
LARGEST = 1_000_000  # bytes; every exercise of the book needs a tenth of it
PATIENCE = 2.0  # seconds to wait for another notebook
NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)  # a file system without them


class NotOursError(ValueError):
    """A file that should hold progress and does not, or holds more than this lab understands."""


def place() -> Path | None:
    """Return the file: `METAXAI_PROGRESS`, else the user's data folder; None where it is "off"."""
    named = os.environ.get(VARIABLE, "")
    if named.lower() in ("off", "0"):
        return None
    own = user_data_path("metaxai_lab") / "progress.json"
    return (Path(named).expanduser() if named else own).resolve()


def passed(file: Path | None) -> dict[str, str]:
    """Return when each exercise was first passed, in UTC as ISO 8601; nothing without a file.

    Raises:
        NotOursError: if the file holds something else.
        OSError: if it cannot be read.
    """
    kept = _read(file)["passed"] if file is not None else {}
    return {name: entry["first"] for name, entry in kept.items()}


def note(name: str, file: Path, *, now: datetime | None = None) -> str:
    """Remember that an exercise was passed, and return the sentence to show; it never raises.

    Args:
        now: the time that is kept; that of the clock if None.
    """
    try:
        _refuse_what_is_no_file(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        with _turn(file):
            return _noted(name, file, now or datetime.now(UTC))
    except (OSError, NotOursError) as error:
        return f"It could not be noted in your progress: {error}"


def _noted(name: str, file: Path, now: datetime) -> str:
    said = ""
    try:
        kept = _read(file)
    except NotOursError as error:
        said = f"{error} It lies now at {_put_aside(file)}, and a new one was begun. "
        kept = _read(file)
    before = kept["passed"].setdefault(name, {"first": now.isoformat(timespec="seconds")})
    before["times"] = before.get("times", 0) + 1
    _write(kept, file)
    return f"{said}Noted in your progress: {len(kept['passed'])} passed so far."


def _read(file: Path) -> dict[str, Any]:
    """Return what a file keeps, checked; what is not understood in an entry stays in it."""
    _refuse_what_is_no_file(file)
    if not file.exists():
        return {"what": WHAT, "format": FORMAT, "passed": {}}
    if file.stat().st_size > LARGEST:
        raise NotOursError(f"{file} is far larger than progress can be.")
    try:
        kept = json.loads(file.read_text("utf8"))
    except ValueError as error:
        raise NotOursError(f"{file} is not the JSON it should be ({error}).") from None
    if not isinstance(kept, dict) or kept.get("what") != WHAT:
        raise NotOursError(f"{file} does not hold progress in this book.")
    if kept.get("format") != FORMAT:
        newer = f"{file} has format {kept.get('format')!r}, and this lab knows {FORMAT}."
        raise OSError(f"{newer} Take the newer lab, or set {VARIABLE} to another file.")
    entries = kept.get("passed")
    if not isinstance(entries, dict) or not all(map(_is_entry, entries.values())):
        raise NotOursError(f"{file} holds entries that are damaged.")
    return kept


def _refuse_what_is_no_file(file: Path) -> None:
    """Leave folders, pipes and devices alone: no lock beside them, no other name for them."""
    if file.exists() and not file.is_file():
        raise OSError(f"{file} is no ordinary file. Set {VARIABLE} to one, or to off.")


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("times", 0), int):
        return False
    try:
        datetime.fromisoformat(entry["first"])
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _write(kept: dict[str, Any], file: Path) -> None:
    """Write the whole file or nothing: a full disk leaves the old one."""
    with NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False) as part:
        aside = Path(part.name)
        try:
            json.dump(kept, part, indent=1, sort_keys=True)
            part.flush()
            os.fsync(part.fileno())
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)


def _put_aside(file: Path) -> Path:
    """Give a file another name that nothing has, and return it."""
    for number in range(1, 1000):
        free = file.with_name(f"{file.name}.kept-{number}")
        if not free.exists():
            return file.rename(free)
    raise OSError(f"{file.parent} holds too many kept files of this name. Look through them.")


@contextmanager
def _turn(file: Path) -> Iterator[None]:
    """Hold the lock of a file; it goes with the block or with the process, however that ends."""
    with file.with_name(f"{file.name}.lock").open("a") as lock:
        end = monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if monotonic() > end:
                    raise TimeoutError(f"another process holds {lock.name}. Try again.") from None
                sleep(0.02)
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise
                break
        yield
