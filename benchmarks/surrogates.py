"""Try what else reads trees from few questions: the record of book/global/meta_learned_surrogates.

    python benchmarks/surrogates.py --store

Without --store it prints. With --only, parts that are not asked for keep their stored numbers.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch

from metaxai_lab.classroom import surrogate_study as study
from metaxai_lab.classroom.record import remake
from metaxai_lab.classroom.surrogate_record import COMMAND, PARTS, PLACE

ROOMS = Path(study.__file__).parents[1]


def main() -> None:
    """Run the parts that are asked for, from each seed."""
    torch.set_num_threads(1)
    parts = {name: partial(from_seeds, part) for name, part in PARTS.items()}
    remake(parts, PLACE, COMMAND, rooms())


def from_seeds(part: Callable[[int], dict[str, float]]) -> Iterator[tuple[str, list[float]]]:
    """Run a part from each seed; one number for each."""
    runs = [part(seed) for seed in study.SEEDS]
    yield from ((name, [run[name] for run in runs]) for name in runs[0])


def rooms() -> list[Path]:
    """Return the rooms that the record rests on."""
    used = ("heap_trees", "labeller", "labeller_kernel", "labeller_training", "soft_trees")
    files = [ROOMS / "explainers" / f"{name}.py" for name in (*used, "split_prior")]
    files += [ROOMS / "tasks/teachers.py", ROOMS / "classroom/surrogate_study.py"]
    return [*files, ROOMS / "classroom/surrogate_extras.py"]


if __name__ == "__main__":
    main()
