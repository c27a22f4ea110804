"""What trackers wrote is read back: the curves of an event file, and those of an offline run.

An offline run of Weights & Biases is a log in blocks of 32 KiB, as LevelDB writes it: a record has
a checksum, a length and a type, and one that meets the end of a block goes on in the next.
It is written by a process of its own, which ends a little later than `finish` returns.
Source: the formats of TensorBoard 2 and of wandb 0.19 and later.
Chapter: book/appendix/tools.ipynb.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

BLOCK, HEAD_OF_FILE, HEAD = 32_768, 7, 7
WHOLE, LAST = 1, 4
Curve = list[tuple[int, float]]


def event_curve(folder: Path | str, name: str) -> Curve:
    """Return the steps and values of one curve that TensorBoard would show.

    Raises:
        KeyError: if the folder holds no curve of that name.
    """
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder)).Reload()
    return [(point.step, point.value) for point in events.Scalars(name)]


def offline_curve(folder: Path | str, name: str, *, patience: float = 30.0) -> Curve:
    """Return the steps and values of one curve of the offline run below `folder`/wandb.

    Args:
        patience: seconds to wait for the last record of a run that has just ended.

    Raises:
        FileNotFoundError: if not exactly one run lies there.
        KeyError: if the run holds no curve of that name.
        TimeoutError: if the run has no end.
    """
    files = sorted(Path(folder).glob("wandb/offline-run-*/run-*.wandb"))
    if len(files) != 1:
        raise FileNotFoundError(
            f"one offline run is read from {folder}; found {len(files)}. Give each run a folder."
        )
    told = [dict(_items(record)) for record in _whole_run(files[0], patience)]
    curve = [(int(point["_step"]), float(point[name])) for point in told if name in point]
    if not curve:
        found = sorted({key for point in told for key in point if not key.startswith("_")})
        raise KeyError(f"the run has no curve {name!r}; it has {', '.join(found) or 'none'}.")
    return curve


def _whole_run(file: Path, patience: float) -> list[Any]:
    """Return the records of a run once the last one, its exit, is written."""
    from wandb.proto.wandb_internal_pb2 import Record  # pyright: ignore[reportAttributeAccessIssue]

    end = monotonic() + patience
    while True:
        records = [Record.FromString(record) for record in _records(file.read_bytes())]
        if any(record.HasField("exit") for record in records):
            return records
        if monotonic() > end:
            raise TimeoutError(
                f"the run in {file.parent} has {len(records)} records and no end after {patience:g}"
                " s. Close its tracker first; of a run that was killed the end is missing."
            )
        sleep(0.05)


def _items(record: Any) -> Iterator[tuple[str, float]]:
    """Return what a record tells of curves, name and value; nothing if it tells of other things."""
    for item in record.history.item:
        value = json.loads(item.value_json)
        if isinstance(value, int | float):
            yield (*item.nested_key, item.key)[0], value


def _records(content: bytes) -> Iterator[bytes]:
    """Return the records of a log, each whole."""
    at, parts = HEAD_OF_FILE, b""
    while at + HEAD <= len(content):
        left = BLOCK - at % BLOCK
        if left < HEAD:  # a head never crosses the end of a block
            at += left
            continue
        length, kind = int.from_bytes(content[at + 4 : at + 6], "little"), content[at + 6]
        parts += content[at + HEAD : at + HEAD + length]
        at += HEAD + length
        if kind in (WHOLE, LAST):
            yield parts
            parts = b""
