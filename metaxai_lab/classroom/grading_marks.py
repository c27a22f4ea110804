"""Words in an answer that a teacher should look at: they could reach for the grader itself.

What runs in one Python can, with enough effort, forge what that Python says of it; no list of words
stops that. So these are remarks and cost no points. Chapter: book/appendix/grading.md.
"""

import ast
from collections.abc import Iterator, Sequence

OPENED = {"builtins", "ctypes", "gc", "inspect", "atexit", "subprocess", "socket", "signal"}
OPENED |= {"urllib", "requests", "linecache", "multiprocessing", "importlib", "mmap", "cffi"}
CALLED = {"exec", "eval", "compile", "open", "exit", "quit", "setattr", "__import__", "globals"}
REACHED = {"__builtins__", "__globals__", "__closure__", "__code__", "__subclasses__", "_exit"}
REACHED |= {"_getframe", "_current_frames", "f_back", "f_globals", "f_locals", "tb_frame"}
REACHED |= {"gi_frame", "settrace", "setprofile", "addaudithook", "fork", "kill", "get_objects"}
PARTS = ("/proc", "grading", "HIDDEN TESTS", "grade_id", *REACHED)


def suspicious(sources: Sequence[str]) -> tuple[str, ...]:
    """Return one remark that names what should be looked at; none if there is nothing."""
    found = sorted({word for source in sources for word in _words(source)})
    return (f"look at the code: it uses {', '.join(found)}.",) if found else ()


def _words(source: str) -> Iterator[str]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from OPENED & {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=module, names=names):
                yield from OPENED & {(module or "").partition(".")[0]}
                yield from REACHED & {alias.name for alias in names}
            case ast.Name(id=name):
                yield from (CALLED | REACHED) & {name}
            case ast.Attribute(value=ast.Name(id="sys"), attr="modules" | "exit" as name):
                yield f"sys.{name}"
            case ast.Attribute(attr=name) if name in REACHED:
                yield name
            case ast.Attribute(value=value, attr=name, ctx=ast.Store()):
                if not (isinstance(value, ast.Name) and value.id == "self"):
                    yield f"an assignment to .{name}"
            case ast.Constant(value=str(text)):
                yield from (repr(part) for part in PARTS if part in text)
