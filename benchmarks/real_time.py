"""Time explainers of single items on three models, watch streams drift, and refit after a change.

It makes the record of outlook/in_real_time.

    python benchmarks/real_time.py --store

Without --store it prints. With --only, parts that are not asked for keep their stored numbers.
"""

from pathlib import Path

import torch

from metaxai_lab.classroom import real_time_record as record
from metaxai_lab.classroom.record import remake

ROOMS = Path(record.__file__).parents[1]


def main() -> None:
    """Run the parts that are asked for."""
    torch.set_num_threads(1)
    names = ("explainers", "trained", "drift", "readapt", "record")
    files = [ROOMS / f"classroom/real_time_{name}.py" for name in names]
    files += [ROOMS / f"{name}.py" for name in ("tasks/streams", "evaluation/drift_alarms")]
    remake(record.PARTS, record.PLACE, record.COMMAND, [*files, ROOMS / "evaluation/latency.py"])


if __name__ == "__main__":
    main()
