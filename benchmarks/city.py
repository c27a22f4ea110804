"""Leave out every station of Beijing and every hour of bicycles: the record of applications/city.

    python benchmarks/city.py --store

Without --store it prints. With --only, parts that are not asked for keep their stored numbers.
"""

from pathlib import Path

import torch

from metaxai_lab.classroom import city_record as record
from metaxai_lab.classroom.record import remake

ROOMS = Path(record.__file__).parents[1]


def main() -> None:
    """Run the parts that are asked for."""
    torch.set_num_threads(1)
    files = [ROOMS / f"classroom/city_{name}.py" for name in ("study", "places", "record")]
    remake(record.PARTS, record.PLACE, record.COMMAND, [*files, ROOMS / "tasks/time_order.py"])


if __name__ == "__main__":
    main()
