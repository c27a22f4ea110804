"""A learner that other hospitals taught nothing: what is its lead, then?

Outcomes are dealt anew among the patients of each training hospital. What is left to learn is how
many are ill, and to be careful. The lead of such a learner over a model of few local patients is
no knowledge of what makes people ill. Source: Fisher (1935), chance made by dealing anew.
Chapter: book/applications/medicine.ipynb.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from jaxtyping import Shaped
from torch import Generator, Tensor

from metaxai_lab.classroom.medicine_rivals import patients_apart
from metaxai_lab.classroom.medicine_study import STEPS, Region
from metaxai_lab.classroom.tables_abreast import train_all
from metaxai_lab.classroom.tables_rivals import Rivals
from metaxai_lab.classroom.tables_study import rows_of
from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable


def untaught(regions: Sequence[Region], *, seeds: Sequence[int]) -> list[Region]:
    """Train the learners of regions anew, with outcomes dealt anew within training hospitals.

    Their rivals, and the new hospitals, stay as they are.
    """
    found = [_dealt(one, seed) for one, seed in zip(regions, seeds, strict=True)]
    learners = train_all(found, seeds=seeds, steps=STEPS)
    return [replace(one, learner=own) for one, own in zip(regions, learners, strict=True)]


def dealt(table: TaskTable, *, generator: Generator) -> Shaped[Tensor, " row"]:
    """Return the targets of a table, in another order within each task."""
    chance = torch.rand(len(table.y), generator=generator).double().to(table.y.device)
    order, place = (table.task + chance).argsort(), table.task.argsort(stable=True)
    return table.y.index_copy(0, place, table.y[order])


def _dealt(one: Region, seed: int) -> Rivals:
    table = one.fold.table
    y = dealt(table, generator=seeded(seed)).where(rows_of(table, one.fold.trained), table.y)
    fold = replace(one.fold, table=replace(table, y=y))
    return patients_apart(fold, one.made.patient)
