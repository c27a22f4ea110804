"""Words in an answer that a teacher should look at: they could reach for the grader itself.

What runs in one Python can, with enough effort, forge what that Python says of it; no list of words
stops that. So these are remarks and cost no points. Of modules the usual ones are listed, since no
list of the others could be complete. Chapter: book/appendix/grading.md.
"""

import ast
from collections.abc import Iterator, Sequence

from metaxai_lab.classroom.grading_steps import without_magic

USUAL = {"torch", "numpy", "math", "cmath", "statistics", "random", "itertools", "functools"}
USUAL |= {"operator", "collections", "typing", "dataclasses", "fractions", "metaxai_lab"}
OPENED = {"builtins", "ctypes", "gc", "inspect", "atexit", "subprocess", "socket", "signal"}
OPENED |= {"urllib", "requests", "linecache", "multiprocessing", "importlib", "mmap", "cffi"}
OPENED |= {"os", "sys", "io", "threading", "contextlib", "pickle", "weakref", "ctypeslib"}
OPENED |= {"overrides", "library", "hub", "utils", "load"}  # of torch
CALLED = {"exec", "eval", "compile", "open", "exit", "quit", "setattr", "delattr", "getattr"}
CALLED |= {"vars", "globals", "locals"}
REACHED = {"_getframe", "_current_frames", "f_back", "f_globals", "f_locals", "f_builtins"}
REACHED |= {"gi_frame", "cr_frame", "ag_frame", "tb_frame", "tb_next", "settrace", "setprofile"}
REACHED |= {"addaudithook", "fork", "kill", "get_objects", "get_referrers", "attrgetter", "_exit"}
STRANGE = OPENED | REACHED | {"classroom"}
PARTS = ("/proc", "grading", "HIDDEN TESTS", "grade_id", "__", *sorted(REACHED))
OWN_METHODS = {"__init__", "__call__", "__len__", "__repr__", "__post_init__"}


def suspicious(sources: Sequence[str]) -> tuple[str, ...]:
    """Return one remark that names what should be looked at; none if there is nothing."""
    found = sorted({word for source in sources for word in _words(source)})
    return (f"look at the code: it uses {', '.join(found)}.",) if found else ()


def _words(source: str) -> Iterator[str]:
    try:
        nodes = list(ast.walk(ast.parse(without_magic(source))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if not _is_usual(alias.name))
            case ast.ImportFrom(module=module, names=names):
                whole = [f"{module}.{alias.name}" for alias in names]
                yield from (name for name in whole if not _is_usual(name))
            case ast.Name(id=name) if name in CALLED | REACHED or name.startswith("__"):
                yield name
            case ast.Attribute(value=value, attr=name):
                yield from _reached(node, value, name)
            case ast.FunctionDef(name=name) if name.startswith("__") and name not in OWN_METHODS:
                yield name
            case ast.Constant(value=str(text)):
                yield from (repr(part) for part in PARTS if part in text)


def _is_usual(name: str) -> bool:
    """Say whether a module, or a name in one, is what answers use; of the classroom, `check`."""
    first, *inside = name.split(".")
    if name == "metaxai_lab.classroom.check":
        return True
    return first in USUAL and not any(part in STRANGE or part[:1] == "_" for part in inside)


def _reached(node: ast.Attribute, value: ast.expr, name: str) -> Iterator[str]:
    own = isinstance(value, ast.Name) and value.id == "self"
    if isinstance(value, ast.Name) and value.id == "sys":
        yield f"sys.{name}"
    elif name in STRANGE or name.startswith("__" if own else "_"):
        yield name
    if isinstance(node.ctx, ast.Store) and not own:
        yield f"an assignment to .{name}"
