"""Chapters keep what they said: run each one, and store only what nbval compares.

    python -m metaxai_lab.classroom.store book/attention/*.ipynb            # run, then rewrite
    python -m metaxai_lab.classroom.store --check book/attention/*.ipynb    # look, change nothing

nbval passes over pictures and widget views, so they are left out of the file and a diff stays
small. It also compares nothing in a cell that was never run; `--check` finds those, and whatever
else would make a comparison hollow. Source: nbval 0.11, `IPyNbFile.skip_compare`.
Chapter: book/appendix/running_it.md.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbclient
import nbformat
from nbformat import NotebookNode

PICTURES = ("image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json")
ESCAPES = {"nbval-skip", "nbval-ignore-output", "pytest-validate-ignore-output"}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
DIFFERS_EACH_RUN = (
    (re.compile(r"0x[0-9a-fA-F]{6,16}"), "0xADDR"),
    (re.compile(r"/(?:tmp|var/folders/[^ ]*)/ipykernel_\d+/\d+(?:\.py)?"), "CELL"),
)


def run(path: Path, *, timeout: int = 1800) -> NotebookNode:
    """Run a notebook from its own folder and return it with its new outputs.

    Args:
        timeout: seconds that one cell may take.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell fails; the file is left as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = nbclient.NotebookClient(
        notebook, timeout=timeout, record_timing=False, resources=resources
    )
    return client.execute()


def slim(notebook: NotebookNode) -> NotebookNode:
    """Take out, in place, what differs from run to run or is never compared; return the same."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.update(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = _scrub(output["text"])
            data = output.get("data", {})
            for kind in [kind for kind in data if kind in PICTURES]:
                del data[kind]
            data.update({k: _scrub(text) for k, text in data.items() if isinstance(text, str)})
    return notebook


def faults(notebook: NotebookNode) -> list[str]:
    """Say in sentences what would make strict nbval compare less than the page shows."""
    found = []
    if "widgets" in notebook.metadata:
        found.append("the notebook stores the state of its widgets.")
    if notebook.metadata.get("kernelspec", {}).get("name") != KERNEL["name"]:
        found.append(f"the notebook does not name the kernel {KERNEL['name']!r}.")
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip():
            found += [f"cell {number} {fault}" for fault in _faults_of_cell(cell)]
    return found


def save(notebook: NotebookNode, path: Path) -> None:
    """Write the whole notebook or nothing: a full disk leaves the old file."""
    beside = path.with_suffix(".ipynb.new")
    nbformat.write(notebook, beside)
    os.replace(beside, path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run or check the named notebooks; return 1 if one has a fault, else 0."""
    parser = argparse.ArgumentParser(prog="python -m metaxai_lab.classroom.store")
    parser.add_argument("--check", action="store_true", help="look only, change nothing")
    parser.add_argument("--timeout", type=int, default=1800, help="seconds for one cell")
    parser.add_argument("notebooks", nargs="+", type=Path)
    asked = parser.parse_args(arguments)
    clean = True
    for path in asked.notebooks:
        if not asked.check:
            save(slim(run(path, timeout=asked.timeout)), path)
        for fault in faults(nbformat.read(path, as_version=4)):
            clean = False
            print(f"{path}: {fault}")
    return int(not clean)


def _faults_of_cell(cell: NotebookNode) -> Iterator[str]:
    if cell.execution_count is None:
        yield "was never run, and nbval compares nothing there. Run `make store`."
    if cell.source.rstrip().endswith(";"):
        yield "ends in a semicolon, which nbval does not see. Give the value a name: `_ = ...`."
    if escapes := ESCAPES & _tags(cell):
        yield f"escapes the comparison by {', '.join(sorted(escapes))}. Print what is stable."
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in _tags(cell):
            yield f"stores an error ({output.ename}). Mend it, or tag it raises-exception."
        if output.get("name") == "stderr":
            yield "writes to stderr, which differs from run to run (a progress bar, a warning?)."
        if kept := [kind for kind in output.get("data", {}) if kind in PICTURES]:
            yield f"stores {', '.join(kept)}, which is never compared. Run `make store`."


def _tags(cell: NotebookNode) -> set[str]:
    marks = re.findall(
        r"^\s*#+\s*((?:NBVAL|PYTEST_VALIDATE)_\w+)\s*$", cell.source, flags=re.MULTILINE
    )
    return {*cell.metadata.get("tags", []), *(m.lower().replace("_", "-") for m in marks)}


def _scrub(text: str) -> str:
    for pattern, stand_in in DIFFERS_EACH_RUN:
        text = pattern.sub(stand_in, text)
    return text


if __name__ == "__main__":
    sys.exit(main())
