"""What is run of a submission, within which limits, and how it went.

Chapter: book/appendix/grading.md.
"""

import re
from dataclasses import dataclass

MAGIC = re.compile(r"^(\s*)[%!].*$")


@dataclass(frozen=True)
class Limits:
    """What one submission may take.

    Args:
        cell: seconds for one cell; `whole` for the whole notebook, all its starts together.
        memory: bytes of memory; `printed` of text in one cell; `disk` in its own folder.
    """

    cell: float = 30.0
    whole: float = 300.0
    memory: int = 4 << 30
    printed: int = 10 << 20
    disk: int = 50 << 20


@dataclass(frozen=True)
class Step:
    """One code cell of the merged notebook.

    Args:
        kind: "given" (the course's own), "answer" (the student's), or "test".
        free: the names that the instructor's own answers bind, and so the students' may.
        title: the heading above it; `hints` those that were folded below that heading.
    """

    kind: str
    name: str
    source: str
    points: float = 0.0
    free: tuple[str, ...] = ()
    title: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ran:
    """How a cell went.

    Args:
        ok: it ran to its end without an error.
        error: the name of the error, "stopped" if a limit or the end of the process stopped it,
            or "not run" if no time was left; "" if it went well.
        line: the line of the cell where it failed; 0 if that is not known.
        culprit: the function of an answer in which it failed; "" if that is not known.
    """

    ok: bool
    error: str = ""
    sentence: str = ""
    line: int = 0
    culprit: str = ""
    printed: str = ""
    seconds: float = 0.0


def without_magic(source: str) -> str:
    """Return the source of a cell without lines for the notebook itself, such as `%matplotlib`.

    Raises:
        SyntaxError: if what is left is no Python.
    """
    lines = source.split("\n")
    while True:
        try:
            compile("\n".join(lines), "<cell>", "exec", dont_inherit=True)
            return "\n".join(lines)
        except SyntaxError as error:
            at = (error.lineno or 0) - 1
            if not (0 <= at < len(lines) and MAGIC.match(lines[at])):
                raise
            lines[at] = MAGIC.sub(r"\1pass", lines[at])
