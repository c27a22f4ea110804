"""What leaving each group out gave, stored: the long run of the experiment on real tables.

`python benchmarks/real_tables.py --store` makes the record; the page runs a part of it anew and
compares. Chapter: book/importance/on_real_tables.ipynb.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.classroom.guiding_study import first
from metaxai_lab.classroom.tables_rivals import (
    Rivals,
    everyone,
    forest_errors,
    rivals,
)
from metaxai_lab.classroom.tables_study import Cut, Fold, leave, train
from metaxai_lab.core import Episode, seeded
from metaxai_lab.learners import SharedStart

PLACE = Path(__file__).parents[2] / "book" / "importance" / "real_tables_study.json"
N_JUDGED = 200  # draws of support and query from the group left out
N_FORESTS = 12  # the first of them: on these a forest is grown
ROWS = (5, 10, 20, 40)
WITH_FORESTS = (10, 20)
Errors = Mapping[str, Float[Tensor, " draw"]]


@dataclass(frozen=True)
class Marks:
    """The errors on one table: for each number of rows and each method, one for each group.

    Args:
        rows: the numbers of support rows.
        groups: the groups left out that have enough rows, by number of rows.
        errors: by number of rows, method and group, mean over draws and over seeds.
        seconds: of processor time to train one fold once, the mean.
    """

    rows: tuple[int, ...]
    groups: dict[str, list[str]]
    errors: dict[str, dict[str, list[float]]]
    seconds: float

    def of(self, method: str, k: int) -> Float[Tensor, " group"]:
        """Return the error of a method with `k` rows for each group."""
        return torch.tensor(self.errors[str(k)][method])

    def lead(self, over: str, k: int) -> Float[Tensor, " group"]:
        """Return by how much the guided learner's error is below that of another method."""
        return self.of(over, k) - self.of("guided", k)


def judge(fold: Fold, found: Rivals, learners: Sequence[SharedStart], k: int) -> Errors:
    """Return the errors of all lines on the same draws; of the guided one, the mean over seeds.

    Raises:
        ValueError: if the group has too few rows.
    """
    judged = drawn(fold, k)
    lines = everyone(found, k)(judged.support)
    errors = {name: line.errors(judged.query) for name, line in lines.items()}
    with torch.no_grad():
        each = [one.adapt(judged.support).errors(judged.query) for one in learners]
    return errors | {"guided": torch.stack(each).mean(0)}


def forests(fold: Fold, k: int) -> Float[Tensor, " draw"]:
    """Return the errors of forests of `k` rows, on the first of the draws that judge the lines."""
    return forest_errors(first(drawn(fold, k), N_FORESTS), generator=seeded(k))


def drawn(fold: Fold, k: int) -> Episode:
    """Draw the tasks of the group left out that all are judged on."""
    return fold.draw(fold.out, k, N_JUDGED, seeded(1000 + k))


def enough(fold: Fold, k: int) -> bool:
    """Return whether a task of the group left out has rows for `k` and for being judged."""
    return max(int(fold.table.counts[task]) for task in fold.out) >= k + fold.n_query


def study(whole: Cut, *, seeds: Sequence[int], clock: Callable[[], float] = process_time) -> Marks:
    """Leave out one group after another, train with each seed, and judge."""
    groups: dict[str, list[str]] = {str(k): [] for k in ROWS}
    errors: dict[str, dict[str, list[float]]] = {str(k): {} for k in ROWS}
    seconds = list[float]()
    for number, group in enumerate(whole.judged):
        fold = leave(whole, group)
        found, begun = rivals(fold), float(clock())
        learners = [
            train(fold, found.pooled, found.others, seed=100 * number + seed) for seed in seeds
        ]
        seconds.append((float(clock()) - begun) / len(learners))
        for k in ROWS:
            if not enough(fold, k):
                continue
            groups[str(k)].append(group)
            marks = dict(judge(fold, found, learners, k))
            if k in WITH_FORESTS:
                marks["own forest"] = forests(fold, k)
            for name, values in marks.items():
                errors[str(k)].setdefault(name, []).append(round(float(values.mean()), 5))
    return Marks(ROWS, groups, errors, round(sum(seconds) / len(seconds), 2))


def write(path: Path, tables: Mapping[str, Marks]) -> None:
    """Store the marks of several tables."""
    kept = {name: asdict(marks) for name, marks in tables.items()}
    path.write_text(json.dumps(kept, indent=1) + "\n", "utf8")


def read(path: Path | str = PLACE) -> dict[str, Marks]:
    """Return the stored marks of each table."""
    stored = json.loads(Path(path).read_text("utf8"))
    return {name: Marks(**{**m, "rows": tuple(m["rows"])}) for name, m in stored.items()}
