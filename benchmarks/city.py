"""Leave out every station of Beijing, every hour of bicycles; draw fifteen small cities.

It makes the record of applications/city.

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
    names = ("study", "places", "record", "drift", "mending", "roads")
    files = [ROOMS / f"classroom/city_{name}.py" for name in names]
    files += [ROOMS / f"tasks/{name}.py" for name in ("time_order", "small_city")]
    remake(record.PARTS, record.PLACE, record.COMMAND, files)


if __name__ == "__main__":
    main()
