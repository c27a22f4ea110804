"""Walls round a process that runs code nobody has read: files by Landlock, calls by seccomp.

The process walls itself in before it runs a line of the code, and no walled process can undo it.
Sources: the manual pages landlock(7), setrlimit(2), capabilities(7) and prctl(2) of Linux.

What Landlock leaves open: a walled process can still ask whether a path exists, and how large the
file is. Chapter: book/appendix/grading.md.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from metaxai_lab.classroom.grading_calls import close_calls

CREATE, ADD, RESTRICT, CAPSET = 444, 445, 446, 126
READ_FILE, READ_DIR = 1 << 2, 1 << 3
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
OWN_FOLDER = ((1 << 15) - 1) & ~(1 | 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12)
TCP, SIGNALS_AND_SOCKETS = 0b11, 0b11
NO_NEW_PRIVILEGES, DIE_WITH_PARENT, KILL = 38, 1, 9
SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share", "/dev/null")
SYSTEM += ("/dev/urandom", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/mime.types")
SYSTEM += ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")


def landlock_version() -> int:
    """Return the version of Landlock that this kernel offers; 0 if it has none."""
    if sys.platform != "linux":
        return 0
    return max(0, _call(CREATE, None, 0, 1, refuse=False))


def missing() -> str | None:
    """Say in a sentence why no walls can be built on this machine; None if they can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return f"walls need Linux on x86_64; found {sys.platform} on {platform.machine()}."
    if not landlock_version():
        return "walls need Landlock (Linux 5.13 or newer, and not forbidden by a container)."
    return None


def wall_in(readable: Mapping[str, bool], own: Path) -> None:
    """Wall this process in for good, from one thread: `readable` to read, `own` to write, no more.

    Args:
        readable: paths; True opens all that lies below, False of a folder only its list of names.

    Raises:
        OSError: if a wall cannot be built; nothing may be run then.
    """
    if len(os.listdir("/proc/self/task")) > 1:
        raise OSError("a process with more than one thread cannot be walled in as a whole.")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(DIE_WITH_PARENT, KILL, 0, 0, 0)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refuses PR_SET_NO_NEW_PRIVS")
    _close_files(readable, own)
    _drop_powers()
    close_calls(libc)


def fits(readable: Mapping[str, bool], secret: Sequence[Path]) -> str | None:
    """Say which secret folder lies below a readable one, in a sentence; None if none does."""
    for path in [path for path, below in readable.items() if below]:
        for kept in secret:
            if kept.resolve().is_relative_to(Path(path).resolve()):
                return f"{kept} lies below {path}, which the answers may read. Move it elsewhere."
    return None


def _close_files(readable: Mapping[str, bool], own: Path) -> None:
    version = landlock_version()
    rights = RIGHTS[max(known for known in RIGHTS if known <= version)]
    handled = struct.pack("QQQ", rights, TCP, SIGNALS_AND_SOCKETS)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = _call(CREATE, ctypes.create_string_buffer(handled, 24), size, 0)
    for path, below in readable.items():
        _open(rules, path, READ_DIR if not below else READ_FILE | READ_DIR)
    _open(rules, str(own), OWN_FOLDER & rights)
    _call(RESTRICT, rules, 0)
    os.close(rules)


def _open(rules: int, path: str, rights: int) -> None:
    try:
        found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no door
    if not os.path.isdir(path):
        rights &= ~READ_DIR
    rule = struct.pack("=Qi", rights, found)
    _call(ADD, rules, 1, ctypes.create_string_buffer(rule, len(rule)), 0)
    os.close(found)


def _drop_powers() -> None:
    """Give up what root may do beyond other users."""
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _call(CAPSET, ctypes.create_string_buffer(header, 8), ctypes.create_string_buffer(none, 24))


def _call(number: int, *arguments: object, refuse: bool = True) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    answer = libc.syscall(ctypes.c_long(number), *passed)
    if answer < 0 and refuse:
        error = ctypes.get_errno()
        raise OSError(error, f"the kernel refuses call {number}: {os.strerror(error)}")
    return int(answer)
