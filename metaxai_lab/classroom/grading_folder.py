"""What was handed in: the notebooks of a folder, read without trusting any of them.

The layout is nbgrader's: STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb. Nothing is followed out of the
folder, nothing huge is read, and whatever cannot be graded is told and hinders nothing else.
Source: the manual of nbgrader 0.9, "Autograding". Chapter: book/appendix/grading.md.
"""

import json
import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 20 << 20  # bytes of a notebook
WRITABLE_NAME = 200  # characters


class UnreadableError(ValueError):
    """A notebook cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one assignment.

    Args:
        path: the notebook; None if there is none to grade.
        remarks: what the teacher should know of it, sentence by sentence.
    """

    student: str
    assignment: str
    path: Path | None
    remarks: tuple[str, ...] = ()


def submissions(folder: Path, known: Sequence[str]) -> list[Submission]:
    """Return every submission of a folder, student by student, also those that cannot be graded.

    Args:
        known: the names of the assignments.

    Raises:
        UnreadableError: if the folder is not there, or nothing was handed in.
    """
    if not folder.is_dir():
        raise UnreadableError(f"{folder} is no folder. It needs STUDENT/ASSIGNMENT/*.ipynb.")
    students = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    found = [one for student in students for one in _of_student(student, known)]
    if not found:
        raise UnreadableError(f"{folder} is empty. It needs STUDENT/ASSIGNMENT/*.ipynb.")
    alike = Counter(_plain(student.name) for student in students)
    return [_warned(one, alike) for one in found]


def read_notebook(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook; of each "cell_type", "source" and "metadata" are sound.

    Raises:
        UnreadableError: if the file is no notebook of format 4, too large, or no plain file.
    """
    content = _plain_bytes(path)
    try:
        told = json.loads(content.decode("utf8"))
    except (ValueError, RecursionError):
        raise UnreadableError(f"{path.name} is not JSON; is it half a file? Ask again.") from None
    if not isinstance(told, dict) or told.get("nbformat") != 4:
        raise UnreadableError(f"{path.name} is no notebook of format 4. Save it in JupyterLab.")
    cells = told.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError(f"{path.name} has no list of cells. Ask for it again.")
    return [_sound(cell) for cell in cells if isinstance(cell, dict)]


def mark_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what nbgrader says of a cell; empty if it says nothing."""
    mark = cell["metadata"].get("nbgrader")
    return mark if isinstance(mark, dict) and isinstance(mark.get("grade_id"), str) else {}


def _of_student(student: Path, known: Sequence[str]) -> list[Submission]:
    if student.is_symlink():
        return [Submission(student.name, "", None, ("a link, which is not followed.",))]
    if not student.is_dir():
        return [Submission(student.name, "", None, ("a file where a student's folder is needed.",))]
    inside = sorted(path for path in student.iterdir() if not path.name.startswith("."))
    if not inside:
        return [Submission(student.name, "", None, ("the folder is empty.",))]
    return [_of_assignment(student.name, folder, known) for folder in inside]


def _of_assignment(student: str, folder: Path, known: Sequence[str]) -> Submission:
    def refused(sentence: str) -> Submission:
        return Submission(student, folder.name, None, (sentence,))

    if folder.is_symlink():
        return refused("a link, which is not followed.")
    if not folder.is_dir():
        return refused("a file where a folder named for the assignment is needed.")
    if folder.name not in known:
        return refused(f"no such assignment; there are {', '.join(known)}.")
    wanted = folder / f"{folder.name}.ipynb"
    others = sorted(p.name for p in folder.glob("*.ipynb") if p != wanted)
    told = (f"also handed in, and not graded: {', '.join(others)}.",) if others else ()
    if not os.path.lexists(wanted):
        return refused(" ".join([f"{wanted.name} is missing.", *told]))
    if wanted.is_symlink():
        return refused("the notebook is a link, which is not followed.")
    return Submission(student, folder.name, wanted, told)


def _plain_bytes(path: Path) -> bytes:
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be opened: {error.strerror}.") from None
    with os.fdopen(opened, "rb") as file:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableError(f"{path.name} is no plain file.")
        if about.st_size > LARGEST:
            size = f"{about.st_size / (1 << 20):.0f} MB"
            raise UnreadableError(f"{path.name} has {size}; at most {LARGEST >> 20} are read.")
        return file.read(LARGEST)


def _sound(cell: dict[str, Any]) -> dict[str, Any]:
    source, about = cell.get("source", ""), cell.get("metadata")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return {
        "cell_type": cell.get("cell_type"),
        "source": source if isinstance(source, str) else "",
        "metadata": about if isinstance(about, dict) else {},
    }


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _warned(one: Submission, alike: Counter[str]) -> Submission:
    told = list(one.remarks)
    if alike[_plain(one.student)] > 1:
        told.append("two folders have this student's name, but for its letters' form.")
    if not one.student.isprintable() or len(one.student) > WRITABLE_NAME:
        told.append("the folder's name has characters that cannot be shown, or is very long.")
    return Submission(one.student, one.assignment, one.path, tuple(told))
