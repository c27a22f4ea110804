"""Turbofan engines run to failure: each engine is a task, its cycles are rows.

Set: Saxena et al. (2008), C-MAPSS, part FD001: one fault, one condition of flight. Sensors that
never change are left out. Chapter: book/applications/manufacturing.ipynb.
"""

from pathlib import Path

from metaxai_lab.tasks.archives import read_parts
from metaxai_lab.tasks.sources import find_set
from metaxai_lab.tasks.table_columns import cut_into_tasks, expect, read_frame
from metaxai_lab.tasks.task_table import TaskTable

SETTINGS = ("setting_1", "setting_2", "setting_3")
MEASURED = tuple(f"s{number}" for number in range(1, 22))
COLUMNS = ("engine", "cycle", *SETTINGS, *MEASURED)
CHANGING = ("s2", "s3", "s4", "s7", "s8", "s9", "s11", "s12", "s13", "s14", "s15", "s17")
CHANGING += ("s20", "s21")


def turbofan(folder: Path | str | None = None) -> TaskTable:
    """Return "how many cycles are left?" of 20,631 cycles; a task is one of 100 engines.

    Rows of an engine stand cycle by cycle; the first column is the cycle.
    """
    files = read_parts(find_set("cmapss", folder=folder), "train_FD001.txt")
    frame = read_frame("cmapss", files, sep=r"\s+", header=None)
    expect("cmapss", columns=(frame.shape[1], len(COLUMNS)))
    frame.columns = COLUMNS
    expect("cmapss", rows=(len(frame), 20631), engines=(frame["engine"].nunique(), 100))
    life = frame.groupby("engine")["cycle"].transform("max")
    frame = frame.assign(left=life - frame["cycle"])
    numbers = ["cycle", *CHANGING]
    return cut_into_tasks(frame, task="engine", target="left", numbers=numbers)
