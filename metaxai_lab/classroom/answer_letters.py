"""Answers with reasons from an exported file; it needs no lab, and for ONNX no PyTorch either.

    python answer.py < question.json

A question holds the pictures of a task ("past"), their "classes" and "new" pictures; it may name a
"format", how many "repeats" to time, and pictures to time "beside" the first new one. The files
lie beside this program. A `.pt2` file may hold pickled parts, and opening one can run code; so no
file is opened before its fingerprint was compared with the card's.
Chapter: book/attention/repair_and_deploy.ipynb.
"""

import json
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any
from zipfile import ZipFile

import numpy as np

VERSION = 1  # raise it when what goes in or comes out changes its meaning
PARTS = {"past": np.float32, "classes": np.int64, "new": np.float32}  # of a question
FILES = {"pt2": "letters.pt2", "onnx": "letters.onnx"}
Answer = Callable[[Any, Any, Any], tuple[np.ndarray, np.ndarray]]


class RefusedFileError(ValueError):
    """An exported file that is not opened: it is missing, changed, or of another version."""


def opened(folder: Path, kind: str) -> Answer:
    """Return the function that answers, once the file was found to be the right one.

    Raises:
        RefusedFileError: if the file is missing, is not the card's, or has another version.
    """
    if kind not in FILES:
        raise RefusedFileError(f"the formats are {', '.join(FILES)}; found {kind!r}.")
    file, card = folder / FILES[kind], folder / "card.json"
    if not (file.is_file() and card.is_file()):
        raise RefusedFileError(f"{file.name} or card.json is missing in {folder}. Export again.")
    told = json.loads(card.read_text("utf8"))
    if sha256(file.read_bytes()).hexdigest() != told["sha256"][file.name]:
        raise RefusedFileError(f"{file.name} is not the file that its card describes.")
    return {"pt2": _pt2, "onnx": _onnx}[kind](file)


def refuse_other_version(file: Path, found: object) -> None:
    """Let a file of this version through.

    Raises:
        RefusedFileError: if the file has another version, or none.
    """
    if str(found) != str(VERSION):
        raise RefusedFileError(
            f"{file.name} has version {found}, and this program reads version {VERSION}. Export it "
            "anew, or answer with the program that was exported beside it."
        )


def answers(ask: Answer, question: dict[str, Any], *, repeats: int = 0) -> dict[str, Any]:
    """Answer a question; with `repeats`, also say the median milliseconds of one new picture.

    Pictures "beside" it, about which a rival asks all at once, are timed a hundredth as often.
    """
    past, classes, new = (np.array(question[name], dtype=kind) for name, kind in PARTS.items())
    beside = np.array(question.get("beside", []), dtype=np.float32)
    outputs, reasons = ask(past, classes, new)
    said: dict[str, Any] = {"outputs": outputs.tolist(), "reasons": reasons.tolist()}
    if repeats:
        said["milliseconds"] = _median_of(repeats, lambda: ask(past, classes, new[:1]))
        if len(beside):
            few = max(1, repeats // 100)
            said["beside"] = _median_of(few, lambda: ask(past, classes, beside))
    return said


def _median_of(repeats: int, call: Callable[[], object]) -> float:
    """Return the median milliseconds of a call."""
    times = []
    for _ in range(repeats):
        begun = perf_counter()
        call()
        times.append(1000 * (perf_counter() - begun))
    return float(np.median(times))


def _pt2(file: Path) -> Answer:
    refuse_other_version(file, _stamp(file).get("version"))
    import torch  # after the version was read, for a refusal needs none of it

    model = torch.export.load(file).module()

    def ask(*parts: Any) -> tuple[np.ndarray, np.ndarray]:
        with torch.no_grad():
            outputs, reasons = model(*map(torch.from_numpy, parts))
        return outputs.numpy(), reasons.numpy()

    return ask


def _stamp(file: Path) -> dict[str, Any]:
    """Return what was stamped on a `.pt2` file, a zip archive; nothing of it is unpickled."""
    with ZipFile(file) as archive:
        stamps = [name for name in archive.namelist() if name.endswith("/extra/stamp")]
        return json.loads(archive.read(stamps[0])) if stamps else {}


def _onnx(file: Path) -> Answer:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    found = session.get_modelmeta().custom_metadata_map.get("letters.version")
    refuse_other_version(file, found)
    names = [each.name for each in session.get_inputs()]

    def ask(*parts: Any) -> tuple[np.ndarray, np.ndarray]:
        outputs, reasons = session.run(None, dict(zip(names, parts, strict=True)))
        return np.asarray(outputs), np.asarray(reasons)

    return ask


def main() -> None:
    """Answer the question on standard input, on one core."""
    os.environ["OMP_NUM_THREADS"] = "1"  # read when torch is imported, which is later
    question = json.load(sys.stdin)
    try:
        ask = opened(Path(__file__).parent, question.get("format", "onnx"))
    except RefusedFileError as refused:
        sys.exit(str(refused))
    print(json.dumps(answers(ask, question, repeats=question.get("repeats", 0))))


if __name__ == "__main__":
    main()
