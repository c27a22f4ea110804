"""The system calls that a walled process may not make, as a seccomp filter.

No process or program can be started, no socket opened, no mark of a file changed (Landlock leaves
modes, owners and times open), no other process signalled, traced or limited. What is newer than
Linux 5.13 answers "not there", and so do the calls of other architectures. Threads are allowed:
torch needs them. Sources: the manual pages seccomp(2) and bpf-helpers of Linux; linux/filter.h;
asm/unistd_64.h. Chapter: book/appendix/grading.md.
"""

import ctypes
import os
import struct
from typing import Any

X86_64, NEWEST, SECCOMP = 0xC000003E, 447, 317
LOAD, EQUAL, AT_LEAST, ANY_BIT, GIVE = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL_PROCESS, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NOT_PERMITTED, NOT_THERE = FAIL | 1, FAIL | 38
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
CLONE, CLONE3, CLONE_THREAD = 56, 435, 0x10000

PROCESSES = {"fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "unshare": 272, "setns": 308}
NETWORK = {"socket": 41, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
MARKS = {"chmod": 90, "fchmod": 91, "fchmodat": 268, "chown": 92, "fchown": 93, "lchown": 94}
MARKS |= {"fchownat": 260, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190, "truncate": 76}
MARKS |= {"removexattr": 197, "lremovexattr": 198, "fremovexattr": 199, "utime": 132}
MARKS |= {"utimes": 235, "futimesat": 261, "utimensat": 280}
OTHERS = {"ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312}
OTHERS |= {"tkill": 200, "pidfd_send_signal": 424, "pidfd_open": 434, "pidfd_getfd": 438}
OTHERS |= {"setpriority": 141, "sched_setparam": 142, "sched_setscheduler": 144}
OTHERS |= {"sched_setaffinity": 203, "sched_setattr": 314, "ioprio_set": 251, "setrlimit": 160}
OTHERS |= {"rt_tgsigqueueinfo": 297, "migrate_pages": 256, "move_pages": 279}
MEMORY = {"memfd_create": 319, "shmget": 29, "shmat": 30, "msgget": 68, "semget": 64}
MEMORY |= {"mq_open": 240, "userfaultfd": 323, "perf_event_open": 298, "bpf": 321}
SYSTEM = {"mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "reboot": 169}
SYSTEM |= {"add_key": 248, "request_key": 249, "keyctl": 250, "open_by_handle_at": 304}
SYSTEM |= {"personality": 135, "syslog": 103, "inotify_add_watch": 254, "fanotify_init": 300}
CLOSED = PROCESSES | NETWORK | MARKS | OTHERS | MEMORY | SYSTEM
ONLY_ITSELF = {"kill": 62, "tgkill": 234, "rt_sigqueueinfo": 129, "prlimit64": 302}


def program(own: int) -> bytes:
    """Return the filter for the process number `own`, in the kernel's form, 8 bytes a line."""
    lines = [_line(LOAD, ARCHITECTURE), _line(EQUAL, X86_64, 1, 0), _line(GIVE, KILL_PROCESS)]
    lines += [_line(LOAD, NUMBER), _line(AT_LEAST, NEWEST, 0, 1), _line(GIVE, NOT_THERE)]
    lines += [_line(EQUAL, CLONE3, 0, 1), _line(GIVE, NOT_THERE)]
    for number in CLOSED.values():
        lines += [_line(EQUAL, number, 0, 1), _line(GIVE, NOT_PERMITTED)]
    lines += _if_called(CLONE, _line(ANY_BIT, CLONE_THREAD, 0, 1))
    for name, number in ONLY_ITSELF.items():
        lines += _if_called(number, _line(EQUAL, own, 0, 1), zero=name == "prlimit64")
    return b"".join([*lines, _line(GIVE, ALLOW)])


def close_calls(libc: Any) -> None:
    """Lay the filter on every thread of this process, for good.

    Raises:
        OSError: if the kernel refuses.
    """
    lines = program(os.getpid())
    kept = ctypes.create_string_buffer(lines, len(lines))
    head = struct.pack("HxxxxxxQ", len(lines) // 8, ctypes.addressof(kept))
    if libc.syscall(SECCOMP, 1, 1, ctypes.create_string_buffer(head, len(head))):
        raise OSError(ctypes.get_errno(), "the kernel refuses a seccomp filter")


def _if_called(number: int, fits: bytes, *, zero: bool = False) -> list[bytes]:
    """Allow a call where its first argument fits, and where it is 0 if that means the caller."""
    inside = [_line(LOAD, FIRST_ARGUMENT)]
    inside += [_line(EQUAL, 0, 0, 1), _line(GIVE, ALLOW)] if zero else []
    inside += [fits, _line(GIVE, ALLOW), _line(GIVE, NOT_PERMITTED)]
    return [_line(EQUAL, number, 0, len(inside)), *inside]


def _line(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
