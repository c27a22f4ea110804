"""Leave out every domain of pictures and every family of tables once, with three seeds.

It makes the record of outlook/across_domains. Omniglot, Quick, Draw!, Caltech 101 and GTSRB need
their files; leave them out with --only.

    python benchmarks/domains.py --store

Without --store it prints. With --only, parts that are not asked for keep their stored numbers.
"""

from pathlib import Path

import torch

from metaxai_lab.classroom import domains_record as record
from metaxai_lab.classroom.record import remake

ROOMS = Path(record.__file__).parents[1]


def main() -> None:
    """Run the parts that are asked for."""
    torch.set_num_threads(1)
    names = ("study", "judges", "gates", "record")
    files = [ROOMS / f"classroom/domains_{name}.py" for name in names]
    tasks = ("domains", "domain_drawing", "any_way", "varied")
    files += [ROOMS / f"tasks/{name}.py" for name in tasks]
    files.append(ROOMS / "learners/convolved.py")
    remake(record.PARTS, record.PLACE, record.COMMAND, files)


if __name__ == "__main__":
    main()
