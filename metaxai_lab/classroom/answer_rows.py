"""Answers with reasons for rows of a table, from an exported file; numpy and onnxruntime, no lab.

    python answer_rows.py < question.json

A question holds "rows", each a value for every column by its name. Out come, for each row, the
"answer", what each column adds to it, and "notes": sentences about a value outside the range that
training rows had, and about columns that were ignored. A row without a column, or with a value that
is no finite number, is refused with a sentence. The files lie beside this program, and the model is
not opened before its fingerprint was compared with the card's.
Chapter: book/applications/medicine.ipynb.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

VERSION = 1  # raise it when what goes in or comes out changes its meaning
FILES = {"pt2": "rows.pt2", "onnx": "rows.onnx"}
LARGEST = 3e38  # of 32 bits
Card = dict[str, Any]
Ask = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


class RefusedError(ValueError):
    """A question that gets no answer, or a file that is not opened; the message says why."""


def opened(folder: Path) -> tuple[Ask, Card]:
    """Return the function that answers rows of numbers, and the card.

    Raises:
        RefusedError: if a file is missing, is not the card's, or has another version.
    """
    file, place = folder / FILES["onnx"], folder / "card.json"
    if not (file.is_file() and place.is_file()):
        raise RefusedError(f"{file.name} or card.json is missing in {folder}. Send it out again.")
    card = json.loads(place.read_text("utf8"))
    if card.get("version") != VERSION:
        raise RefusedError(
            f"card.json has version {card.get('version')}, and this program reads version "
            f"{VERSION}. Answer with the program that was sent out beside it."
        )
    if sha256(file.read_bytes()).hexdigest() != card["sha256"][file.name]:
        raise RefusedError(f"{file.name} is not the file that its card describes.")
    return _session(file), card


def answers(ask: Ask, card: Card, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Answer each row with its reasons and notes.

    Raises:
        RefusedError: if there is no row, or a row is not what the card describes.
    """
    if not rows:
        raise RefusedError("no row was asked. Ask one row or more.")
    checked = [_checked(card, row, number) for number, row in enumerate(rows, 1)]
    said, reasons = ask(np.array([values for values, _ in checked], dtype=np.float32))
    if not (np.isfinite(said).all() and np.isfinite(reasons).all()):
        raise RefusedError("the model gave no finite answer. See whether the values are possible.")
    names = [column["name"] for column in card["columns"]]
    return [
        {
            "answer": float(said[number]),
            "reasons": dict(zip(names, map(float, reasons[number]), strict=True)),
            "notes": notes,
        }
        for number, (_, notes) in enumerate(checked)
    ]


def _checked(card: Card, row: Any, number: int) -> tuple[list[float], list[str]]:
    """Return the numbers of a row in the card's order, and what is to be said about them."""
    columns = card["columns"]
    if not isinstance(row, Mapping):
        raise RefusedError(f"row {number} is no list of columns with their values; found {row!r}.")
    lacking = [column["name"] for column in columns if column["name"] not in row]
    if lacking:
        raise RefusedError(f"row {number} needs a value for {', '.join(lacking)}; found none.")
    values = [_number(column, row[column["name"]], number) for column in columns]
    notes = [
        _note(column, value)
        for column, value in zip(columns, values, strict=True)
        if not _inside(column, value)
    ]
    more = [str(name) for name in row if name not in {column["name"] for column in columns}]
    if more:
        notes.append(f"Ignored, for the model does not know it: {', '.join(more)}.")
    return values, notes


def _number(column: Card, value: Any, number: int) -> float:
    """Return a value as a number: a category by its place, and nothing that is not finite."""
    where, levels = f"row {number}, {column['name']}", column["levels"]
    if levels:
        if value not in levels:
            raise RefusedError(f"{where}: known are {', '.join(levels)}; found {value!r}.")
        return float(levels.index(value))
    if not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        raise RefusedError(
            f"{where}: needs a finite number, in {column['unit']}; found {value!r}. What was not "
            "measured is not guessed here."
        )
    return float(value)


def _inside(column: Card, value: float) -> bool:
    if column["levels"]:
        return True
    little = 1e-6 * max(abs(column["low"]), abs(column["high"]), 1e-30)  # 32 bits round so far
    return column["low"] - little <= value <= column["high"] + little


def _note(column: Card, value: float) -> str:
    return (
        f"{column['name']} is {value:g}; training rows had {column['low']:g} to "
        f"{column['high']:g} ({column['unit']}). If that is another unit, convert it; if not, the "
        "answer reaches beyond what was learned."
    )


def _session(file: Path) -> Ask:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])

    def ask(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        said, reasons = session.run(None, {"rows": rows})
        return np.asarray(said), np.asarray(reasons)

    return ask


def main() -> None:
    """Answer the question on standard input."""
    try:
        ask, card = opened(Path(__file__).parent)
        found = answers(ask, card, json.load(sys.stdin)["rows"])
    except RefusedError as refused:
        sys.exit(str(refused))
    print(json.dumps({"rows": found}))


if __name__ == "__main__":
    main()
