"""Try what else reads trees from few questions: the record of book/global/meta_learned_surrogates.

    python benchmarks/surrogates.py --store

Without --store it prints. With --only, parts that are not asked for keep their stored numbers.
"""

import argparse
import platform
from datetime import date
from hashlib import sha256
from pathlib import Path

import torch

from metaxai_lab.classroom import surrogate_study as study
from metaxai_lab.classroom.surrogate_record import (
    COMMAND,
    PARTS,
    PLACE,
    SurrogateRecord,
    store,
    stored_surrogates,
)

ROOMS = Path(study.__file__).parents[1]


def main() -> None:
    """Run the parts that are asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", action="store_true")
    asked.add_argument("--only", nargs="*", default=list(PARTS))
    told = asked.parse_args()
    torch.set_num_threads(1)
    kept = stored_surrogates() if PLACE.exists() else SurrogateRecord({}, {})
    made, numbers = dict(kept.made), dict(kept.numbers)
    for part in told.only:
        runs = [PARTS[part](seed) for seed in study.SEEDS]
        for name in runs[0]:
            numbers[name] = [round(run[name], 4) for run in runs]
            print(name, numbers[name], flush=True)
        if told.store:
            made |= {"command": COMMAND, "python": platform.python_version()}
            made |= {"torch": torch.__version__, f"part {part}": f"{date.today()}, rooms {rooms()}"}
            store(SurrogateRecord(made, numbers))


def rooms() -> str:
    """Return a digest of the rooms that the record rests on."""
    used = ("heap_trees", "labeller", "labeller_kernel", "labeller_training", "soft_trees")
    files = [ROOMS / "explainers" / f"{name}.py" for name in (*used, "split_prior")]
    files += [ROOMS / "tasks/teachers.py", ROOMS / "classroom/surrogate_study.py"]
    files += [ROOMS / "classroom/surrogate_extras.py"]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


if __name__ == "__main__":
    main()
