"""The last step: weights and a small program in one file, and a process that knows no lab.

Python runs a zip archive that holds a `__main__.py` (Python Enhancement Proposal 441).
Chapter: book/concepts/five_steps.ipynb.
"""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from metaxai_lab.classroom import pipeline_served
from metaxai_lab.classroom.pipeline_artefacts import Card, put, take
from metaxai_lab.core import Examples

WITHOUT = ("metaxai_lab", "torch")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # no date, so that equal contents make equal files
_ALONE = """
import json, runpy, sys
sys.modules.update(dict.fromkeys(json.loads(sys.argv.pop(1))))  # to import these now fails
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


class NoAnswerError(RuntimeError):
    """The deployed file stopped; the message holds the last line of what it said."""


def deploy(folder: Path, file: str = "repaired.safetensors") -> Card:
    """Pack weights, their columns and the program into `answers.pyz`; return its card.

    Raises:
        ArtefactError: if the weights or what they were made from are missing or damaged.
    """
    weights, card = take(folder, file)
    parts = {
        "__main__.py": Path(pipeline_served.__file__).read_bytes(),
        "weights.safetensors": weights,
        "card.json": json.dumps({"columns": card["columns"]}).encode(),
    }
    archive = io.BytesIO()
    with ZipFile(archive, "w") as packed:
        for name, content in parts.items():
            packed.writestr(ZipInfo(name, _FIRST_DAY), content, ZIP_DEFLATED)
    about = {"step": 5, "what": "a program that answers", "columns": card["columns"]}
    return put(folder, "answers.pyz", archive.getvalue(), made_from=[file], **about)


def question(past: Examples, new: Examples) -> dict[str, Any]:
    """Return what is asked: cases whose class is known, and cases whose class is not."""
    return {"past": past.x.tolist(), "classes": past.y.tolist(), "new": new.x.tolist()}


def ask_alone(
    program: Path, asked: dict[str, Any], *, without: Sequence[str] = WITHOUT
) -> dict[str, Any]:
    """Run a program in a fresh Python in which some packages cannot be imported.

    Args:
        without: the names of those packages.

    Raises:
        NoAnswerError: if the program stops.
    """
    command = [sys.executable, "-c", _ALONE, json.dumps(list(without)), str(program)]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        raise NoAnswerError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return json.loads(done.stdout)
