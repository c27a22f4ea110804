"""A learner that other hospitals taught nothing: what is its lead, then?

Outcomes are dealt anew among the patients of each training hospital. What is left to learn is how
many are ill, and to be careful. The lead of such a learner over a model of few local patients is
no knowledge of what makes people ill. Source: Fisher (1935), chance made by dealing anew.
Chapter: book/applications/medicine.ipynb.
"""

from dataclasses import replace

import torch
from jaxtyping import Shaped
from torch import Generator, Tensor

from metaxai_lab.classroom.medicine_rivals import patients_apart
from metaxai_lab.classroom.medicine_study import STEPS, Region
from metaxai_lab.classroom.tables_study import rows_of, train
from metaxai_lab.core import seeded
from metaxai_lab.tasks import TaskTable


def untaught(one: Region, *, seed: int) -> Region:
    """Train the learner of a region anew, with outcomes dealt anew within training hospitals.

    Its rivals, and the new hospitals, stay as they are.
    """
    table = one.fold.table
    y = dealt(table, generator=seeded(seed)).where(rows_of(table, one.fold.trained), table.y)
    fold = replace(one.fold, table=replace(table, y=y))
    rivals = patients_apart(fold, one.made.patient)
    learner = train(fold, rivals.pooled, rivals.others, seed=seed, steps=STEPS)
    return replace(one, learner=learner)


def dealt(table: TaskTable, *, generator: Generator) -> Shaped[Tensor, " row"]:
    """Return the targets of a table, in another order within each task."""
    chance = torch.rand(len(table.y), generator=generator).double().to(table.y.device)
    order, place = (table.task + chance).argsort(), table.task.argsort(stable=True)
    return table.y.index_copy(0, place, table.y[order])
