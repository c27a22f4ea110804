"""A new mode of failure from a few runs: what made modes share, and whether the sensors are named.

Two sensors are left out at a time: no training mode was decided by both together. Chapter:
book/applications/manufacturing.ipynb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.classroom.left_out import LEARNED, SIZES, LeftOut, errors_of
from metaxai_lab.classroom.left_out_rounds import rounds
from metaxai_lab.classroom.manufacturing_study import named
from metaxai_lab.classroom.tables_study import Cut
from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable
from metaxai_lab.tasks.fault_modes import fault_modes

NAMERS = (LEARNED, "own ridge", "own lasso")
ROWS = (5, 50)  # that training tasks have at least, and at most


@dataclass(frozen=True)
class Judged:
    """Errors of everyone on modes left out, and how often the two sensors were named.

    Args:
        named: by whose account; the share of draws in which both sensors lead.
    """

    errors: LeftOut
    named: Mapping[str, Float[Tensor, "size mode"]]


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


def judged_modes(
    table: TaskTable, *, seed: int, judged: int | None = None, steps: int | None = None
) -> Judged:
    """Leave each pair of sensors out in turn; judge errors, and whose weights name the sensors.

    Every mode left out is one unit of the errors. The account of a straight line is the size of its
    weights, times the sensor's deviation.

    Args:
        judged: how many pairs are left out; all where it is None.
    """
    whole = cut(table, judged)
    asked = list(rounds(whole, SIZES, seed=seed, steps=steps))
    units = [task for pair in whole.judged for task in whole.groups[pair]]
    shares = {name: torch.zeros(len(SIZES), len(units)) for name in NAMERS}
    for place, one in asked:
        here = [units.index(task) for task in one.units]
        truth = _truth(table, one.units, len(one.rows.support.y))
        for name, share in shares.items():
            hit = named(one.lines[name].weights * one.fold.sizes, truth).float()
            share[place, here] = one.by_unit(hit)
    return Judged(errors_of(whole, asked), shares)


def _truth(table: TaskTable, tasks: Sequence[int], n: int) -> Bool[Tensor, "row sensor"]:
    known = table.responsible
    if known is None:
        raise ValueError("naming is judged by the deciding sensors; this table does not know them.")
    return known[list(tasks)].repeat_interleave(n // len(tasks), 0)
