"""From a frame of pandas to a table of numbers: choices one-hot, empty cells marked, all named.

Chapter: book/appendix/running_it.md.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import torch

from metaxai_lab.tasks.archives import DamagedFileError
from metaxai_lab.tasks.task_table import TaskTable

Frame = Any  # a pandas.DataFrame, which has no types for pyright


def cut_into_tasks(
    frame: Frame,
    *,
    task: str,
    target: str,
    numbers: Sequence[str],
    choices: Sequence[str] = (),
    class_names: tuple[str, ...] = (),
    task_names: Sequence[str] | None = None,
    decided_by: Mapping[str, Sequence[str]] | None = None,
) -> TaskTable:
    """Return the rows of a frame as a table, task by task.

    Args:
        task: the column that names the task of a row.
        target: the column to predict; rows where it is empty are left out.
        numbers: columns that are used as they are.
        choices: columns that become one column of zeros and ones for each value, "name=value".
        task_names: the tasks in order, of which those with rows stay; sorted where it is None.
        decided_by: for each task the names of the columns that decide, where that is known.
    """
    kept = frame[frame[target].notna()].reset_index(drop=True)
    present = set(kept[task])
    names = sorted(present) if task_names is None else [n for n in task_names if n in present]
    number = kept[task].map({name: place for place, name in enumerate(names)}).to_numpy()
    order = np.argsort(number, kind="stable")
    columns = _columns(kept, numbers, choices)
    y = torch.tensor(kept[target].to_numpy(dtype=np.int64 if class_names else np.float32)[order])
    features = tuple(columns)
    truth = None if decided_by is None else [[f in decided_by[n] for f in features] for n in names]
    return TaskTable(
        x=torch.tensor(np.stack(list(columns.values()), 1)[order]),
        y=y,
        task=torch.tensor(number[order], dtype=torch.int64),
        feature_names=features,
        task_names=tuple(map(str, names)),
        target_name=target,
        class_names=class_names,
        missing=_empty_cells(kept, [*numbers, *choices]),
        n_left_out=len(frame) - len(kept),
        responsible=None if truth is None else torch.tensor(truth),
    )


def expect(name: str, **found_and_wanted: tuple[object, object]) -> None:
    """Refuse content that is not that of the published set.

    Raises:
        DamagedFileError: with what differs.
    """
    wrong = {what: pair for what, pair in found_and_wanted.items() if pair[0] != pair[1]}
    if wrong:
        said = "; ".join(f"{what}: found {f}, expected {w}" for what, (f, w) in wrong.items())
        raise DamagedFileError(
            f"the files of {name} do not hold the published content ({said}). Nothing was changed. "
            f"`python -m metaxai_lab.tasks.fetch {name}` gets them anew."
        )


def read_frame(name: str, files: Mapping[str, bytes], **how: Any) -> Frame:
    """Read the one file of a set as a frame.

    Args:
        how: what `pandas.read_csv` is told.

    Raises:
        DamagedFileError: if there is not one file, or it is no table.
    """
    expect(name, files=(len(files), 1))
    try:
        return pd.read_csv(BytesIO(next(iter(files.values()))), low_memory=False, **how)
    except ValueError as error:
        expect(name, content=(str(error), "a table"))
        raise


def _columns(frame: Frame, numbers: Sequence[str], choices: Sequence[str]) -> dict[str, np.ndarray]:
    columns = dict[str, np.ndarray]()
    for name in numbers:
        columns[name] = frame[name].to_numpy(dtype=np.float32)
    for name in choices:
        for value in sorted(frame[name].dropna().unique()):
            columns[f"{name}={value}"] = (frame[name] == value).to_numpy(dtype=np.float32)
    for name in _empty_cells(frame, [*numbers, *choices]):
        columns[f"{name} missing"] = frame[name].isna().to_numpy(dtype=np.float32)
    return columns


def _empty_cells(frame: Frame, names: Sequence[str]) -> dict[str, int]:
    counts = {name: int(frame[name].isna().sum()) for name in names}
    return {name: count for name, count in counts.items() if count}
