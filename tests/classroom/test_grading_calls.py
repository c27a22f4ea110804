"""The filter is read here by a small machine of our own, call by call."""

import re
import struct
from pathlib import Path

import pytest

from metaxai_lab.classroom.grading_calls import (
    ALLOW,
    CLONE,
    CLONE3,
    CLOSED,
    KILL_PROCESS,
    NOT_PERMITTED,
    NOT_THERE,
    ONLY_ITSELF,
    X86_64,
    close_calls,
    program,
)

ME, OTHER = 4321, 1
HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")


def answer(number, first=0, architecture=X86_64):
    """Return what the filter answers to a call."""
    seen = {0: number, 4: architecture, 16: first}
    lines, at, held = list(struct.iter_unpack("HBBI", program(ME))), 0, 0
    tests = {0x15: lambda a, b: a == b, 0x35: lambda a, b: a >= b, 0x45: lambda a, b: bool(a & b)}
    while True:
        code, then, otherwise, value = lines[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = seen[value]
        else:
            at += then if tests[code](held, value) else otherwise


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_call_is_not_permitted(name):
    assert answer(CLOSED[name]) == answer(CLOSED[name], ME) == NOT_PERMITTED


@pytest.mark.parametrize("number", [0, 1, 9, 39, 53, 157, 202, 231, 257, 318, 334])
def test_what_a_program_lives_on_is_allowed(number):
    assert answer(number) == ALLOW


def test_a_thread_may_begin_and_a_process_may_not():
    assert answer(CLONE, 0x3D0F00) == ALLOW  # as glibc begins a thread
    assert answer(CLONE, 0x1200011) == NOT_PERMITTED  # as glibc forks
    assert answer(CLONE3) == NOT_THERE


@pytest.mark.parametrize("name", ONLY_ITSELF)
def test_a_process_may_speak_of_itself_only(name):
    number = ONLY_ITSELF[name]
    assert answer(number, ME) == ALLOW
    assert answer(number, OTHER) == answer(number, 0xFFFFFFFF) == NOT_PERMITTED
    assert answer(number, 0) == (ALLOW if name == "prlimit64" else NOT_PERMITTED)


def test_new_calls_and_other_ways_to_call_are_closed():
    assert answer(447) == answer(10_000) == NOT_THERE
    assert answer(0x40000000 | 57) == NOT_THERE  # the x32 way
    assert answer(57, architecture=0x40000003) == KILL_PROCESS  # the 32-bit way


@pytest.mark.skipif(not HEADER.is_file(), reason="needs the kernel's header asm/unistd_64.h")
def test_numbers_are_those_of_the_kernel():
    theirs = dict(re.findall(r"#define __NR_(\w+) (\d+)", HEADER.read_text()))
    ours = CLOSED | ONLY_ITSELF | {"clone": CLONE, "clone3": CLONE3}
    assert {name: int(theirs[name]) for name in ours} == ours


def test_a_kernel_that_refuses_is_told():
    class Refusing:
        def syscall(self, *arguments):
            return -1

    with pytest.raises(OSError, match="refuses a seccomp filter"):
        close_calls(Refusing())
