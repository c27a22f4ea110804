"""Every domain left out once, three seeds, and every family of tables: a stored record.

The page leaves one domain out live and one family, with the same code; pictures are trained on for
longer here (`LONG`). `PICTURES` count; Quick, Draw! and Caltech 101 served to choose the settings.
Chapter: book/outlook/across_domains.ipynb.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from metaxai_lab.classroom.domains_gates import FAMILIES, judge_gates, three_gates
from metaxai_lab.classroom.domains_judges import by_others, by_pixels, judged
from metaxai_lab.classroom.domains_study import LONG, kept, three
from metaxai_lab.classroom.record import Part, Record, read
from metaxai_lab.evaluation.intervals import Interval, t_interval
from metaxai_lab.tasks.domain_drawing import FOUND, MADE

PLACE = Path(__file__).parents[2] / "book" / "outlook" / "domains_study.json"
COMMAND = "python benchmarks/domains.py --store"
SEEDS = (0, 1, 2)
N_TABLES = 100  # tasks of a family, for each seed
PICTURES = (*MADE, "omniglot", "gtsrb")
HEADS = ("left out", "transferred", "untrained", "to home")


def of_domain(name: str) -> Iterator[tuple[str, list[float]]]:
    """Leave out a domain of pictures: the marks of all tasks, one seed after the other."""
    found: dict[str, list[Tensor]] = {}
    for seed in SEEDS:
        learners = three(name, seed=seed, plan=LONG)
        tasks = kept(name, LONG.n_tasks, seed=seed, most=LONG.n_judged)
        found.setdefault(f"{name}, pixels, right", []).append(by_pixels(tasks))
        for who, learner in learners.items():
            for mark, values in vars(judged(learner, tasks, seed=seed)).items():
                found.setdefault(f"{name}, {who}, {mark}", []).append(values)
        others = {who: learners[who] for who in ("at home", "untrained")}
        for whose, values in by_others(learners["transferred"], others, tasks, seed=seed).items():
            found.setdefault(f"{name}, explained by {whose}, faithful", []).append(values)
    for key, values in found.items():
        yield key, torch.cat(values).tolist()


def of_family(name: str) -> Iterator[tuple[str, list[float]]]:
    """Leave out a family of tables: the marks of all tasks, one seed after the other."""
    found: dict[str, list[Tensor]] = {}
    for seed in SEEDS:
        for who, learner in three_gates(name, seed=seed).items():
            marks = judge_gates(learner, FAMILIES[name], n_tasks=N_TABLES, seed=seed)
            for mark, values in vars(marks).items():
                found.setdefault(f"{name}, {who}, {mark}", []).append(values)
    for key, values in found.items():
        yield key, torch.cat(values).tolist()


def whole(place: Path = PLACE) -> Record:
    """Return all that is stored, such as "digits, at home, right": one number for each task."""
    return read(place, COMMAND)


def over_tasks(record: Record, name: str, who: str, mark: str) -> Interval:
    """Return the mean of a mark over tasks of all seeds, with its 95 % interval."""
    return t_interval(torch.tensor(record[f"{name}, {who}, {mark}"]))


def by_seed(record: Record, name: str, who: str, mark: str) -> list[float]:
    """Return the mean of a mark over the tasks of each seed."""
    values = torch.tensor(record[f"{name}, {who}, {mark}"])
    return values.view(len(SEEDS), -1).mean(1).tolist()


def above(record: Record, name: str, mark: str) -> bool:
    """Say whether transferred is above the untrained learner's interval, in the mean over tasks."""
    mean = over_tasks(record, name, "transferred", mark).mean
    return mean > over_tasks(record, name, "untrained", mark).high


def way_home(record: Record, name: str, mark: str) -> float:
    """Return how far transfer leads from untrained (0) to at home (1).

    NaN where home leads by 0.01 or less: there is no way to speak of.
    """
    untrained, moved, home = (
        over_tasks(record, name, who, mark).mean for who in ("untrained", "transferred", "at home")
    )
    return (moved - untrained) / (home - untrained) if home - untrained > 0.01 else float("nan")


def rows(record: Record, names: Sequence[str], mark: str) -> list[list[str]]:
    """Return a row under `HEADS` for each name; the distance is home less transferred, by task."""
    table = []
    for name in names:
        moved, blank, home = (
            torch.tensor(record[f"{name}, {who}, {mark}"])
            for who in ("transferred", "untrained", "at home")
        )
        table.append([name, *(str(t_interval(each)) for each in (moved, blank, home - moved))])
    return table


PARTS: dict[str, Part] = {name: partial(of_domain, name) for name in (*MADE, *FOUND)}
PARTS |= {name: partial(of_family, name) for name in FAMILIES}
