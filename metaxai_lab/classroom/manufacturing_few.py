"""A new mode of failure from a few runs: what made modes share, and whether the sensors are named.

Two sensors are left out at a time: no training mode was decided by both together. Chapter:
book/applications/manufacturing.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.left_out import LEARNED, drawn
from metaxai_lab.classroom.manufacturing_study import named
from metaxai_lab.classroom.tables_rivals import everyone, rivals
from metaxai_lab.classroom.tables_study import Cut, leave, train
from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable
from metaxai_lab.tasks.fault_modes import fault_modes

NAMERS = (LEARNED, "own ridge", "own lasso")
ROWS = (5, 50)  # that training tasks have at least, and at most


def cut(table: TaskTable, judged: int | None = None) -> Cut:
    """Return made modes cut into pairs of sensors, which are left out one after the other.

    Args:
        judged: how many of the pairs are left out; all where it is None.
    """
    groups: dict[str, tuple[int, ...]] = {}
    for task, name in enumerate(table.task_names):
        pair = name.rpartition(",")[0]
        groups[pair] = (*groups.get(pair, ()), task)
    plain = replace(table, responsible=None)
    return Cut(plain, groups, tuple(groups)[:judged], rows=ROWS)


def made(seed: int, *, sharing: bool = True) -> TaskTable:
    """Draw the made modes of this page."""
    return fault_modes(sharing=sharing, generator=seeded(seed))


def naming(
    table: TaskTable, pairs: Sequence[str], *, size: int = 5, seed: int, steps: int | None = None
) -> Mapping[str, Float[Tensor, " mode"]]:
    """Return for each mode left out how often an account names its two sensors, by whose it is.

    The account of a straight line is the size of its weights, times the sensor's deviation.
    """
    whole = cut(table)
    shares: dict[str, list[Tensor]] = {name: [] for name in NAMERS}
    for number, pair in enumerate(pairs):
        fold = leave(whole, pair)
        found = rivals(fold)
        learner = train(fold, found.pooled, found.others, seed=seed + number, steps=steps)
        judged = drawn(fold, fold.out, size, seed=seed)
        lines = everyone(found, size)(judged.support)
        with torch.no_grad():
            lines[LEARNED] = learner.adapt(judged.support)
        truth = _truth(table, fold.out, len(judged.support.y))
        for name in NAMERS:
            hit = named(lines[name].weights * fold.sizes, truth).float()
            shares[name].append(hit.view(len(fold.out), -1).mean(1))
    return {name: torch.cat(each) for name, each in shares.items()}


def _truth(table: TaskTable, tasks: Sequence[int], n: int) -> Bool[Tensor, "row sensor"]:
    known = table.responsible
    if known is None:
        raise ValueError("naming is judged by the deciding sensors; this table does not know them.")
    return known[list(tasks)].repeat_interleave(n // len(tasks), 0)
