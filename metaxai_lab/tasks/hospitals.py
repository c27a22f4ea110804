"""Hospitals made from the patients of one table: who is sent there, how they measure, and what not.

A patient's body is the same everywhere; it is taken from real patients. Hospitals differ in three
ways, drawn by code and so known: sicker or healthier patients are sent there, one laboratory value
is read by another method (on another scale, from another zero), and some columns are never
measured. Troubles of this kind in real hospitals: Detrano et al. (1989); how a model is carried
over: Steyerberg et al. (2004). Chapter: book/applications/medicine.ipynb.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from metaxai_lab.tasks.bundled_tables import breast_cancer, diabetes
from metaxai_lab.tasks.task_table import TaskTable

WORSE = 140.0  # of the diabetes table's progression: about half of the patients lie above
KNOWN = {"diabetes": 2, "breast_cancer": 0}  # first columns that every hospital has: age, body mass
N_MEANS = 10  # columns of breast cancer that are means; the others are spreads and extremes


@dataclass(frozen=True)
class Shifts:
    """How far hospitals may differ; with nought everywhere they are alike.

    Args:
        referral: deviation, between hospitals, of the log-odds with which ill patients come there.
        offset: the largest distance of a laboratory's zero, in deviations of the column.
        scale: deviation of the logarithm of a laboratory's scale.
        unmeasured: the chance that a laboratory column is not measured at all.
        turned: the chance that a column counts the other way round; a half tosses a coin for it.
    """

    referral: float = 1.5
    offset: float = 2.0
    scale: float = 0.4
    unmeasured: float = 0.15
    turned: float = 0.0


@dataclass(frozen=True, eq=False)
class Hospitals:
    """Tasks, one for each hospital, and what is known of them.

    Args:
        table: a cell that was not measured is NaN.
        plain: the same patients, all columns measured as in the table they come from.
        assay: of each hospital the column that is read by another method.
        offset: by how many deviations its zero is moved.
        measured: which columns a hospital measures.
        patient: who of the whole table a row is; patients may lie in several hospitals.
    """

    table: TaskTable
    plain: Float[Tensor, "row feature"]
    assay: Int[Tensor, " task"]
    offset: Float[Tensor, " task"]
    measured: Bool[Tensor, "task feature"]
    patient: Int[Tensor, " row"]


@cache
def patients(name: Literal["diabetes", "breast_cancer"]) -> TaskTable:
    """Return all patients of a bundled table as one task, ill or not.

    Diabetes: did the disease get worse than `WORSE` within a year? Breast cancer: is the lump
    malignant, by the ten means of 30 measurements?
    """
    whole = diabetes() if name == "diabetes" else breast_cancer()
    ill = whole.y > WORSE if name == "diabetes" else whole.y == 0
    n_columns = N_MEANS if name == "breast_cancer" else whole.x.shape[1]
    return TaskTable(
        x=whole.x[:, :n_columns],
        y=ill.long(),
        task=torch.zeros_like(whole.task),
        feature_names=tuple(map(str, whole.feature_names[:n_columns])),
        task_names=(name,),
        target_name="ill",
        class_names=("no", "yes"),
    )


def hospitals(
    whole: TaskTable,
    pool: Int[Tensor, " patient"],
    *,
    n: int,
    size: int,
    shifts: Shifts,
    first: int = 0,
    apart: bool = False,
    generator: Generator,
) -> Hospitals:
    """Send patients of `pool` to hospitals, and measure them there.

    Args:
        whole: all patients; deviations are theirs.
        n: how many hospitals.
        size: patients of each.
        first: the first column that may be read otherwise, or not at all.
        apart: no patient goes to two of these hospitals.

    Raises:
        ValueError: if the pool has too few patients.
    """
    if len(pool) < size * (n if apart else 1):
        raise ValueError(
            f"{n} hospitals of {size} patients need {size * (n if apart else 1)} of them; the "
            f"pool has {len(pool)}. Ask for fewer, or let hospitals share patients."
        )
    rows = _sent(whole.y[pool], n, size, shifts.referral, apart, generator)
    rows = pool[rows].flatten()
    task = torch.arange(n).repeat_interleave(size)
    turned = torch.rand(n, whole.x.shape[1], generator=generator) < shifts.turned
    plain = _standing(whole, rows) * (1 - 2 * turned[task].float())
    assay = torch.randint(first, whole.x.shape[1], (n,), generator=generator)
    offset = shifts.offset * (2 * torch.rand(n, generator=generator) - 1)
    scale = (shifts.scale * torch.randn(n, generator=generator)).exp()
    measured = torch.rand(n, whole.x.shape[1], generator=generator) >= shifts.unmeasured
    measured[:, :first] = True
    seen, own = plain.clone(), assay[task, None]
    read = plain.gather(1, own) * scale[task, None] + offset[task, None]
    seen = seen.scatter(1, own, read).where(measured[task], torch.nan)
    mean, size_of = whole.x.mean(0), whole.x.std(0, correction=0)
    names = tuple(f"hospital {number}" for number in range(n))
    table = replace(whole, x=seen * size_of + mean, y=whole.y[rows], task=task, task_names=names)
    return Hospitals(table, plain * size_of + mean, assay, offset, measured, rows)


def together(one: Hospitals, other: Hospitals, *, named: str = "new") -> Hospitals:
    """Return both as one table; a column "... missing" says of each cell whether it was empty."""
    a, b, n = one.table, other.table, len(one.table.task_names)
    x = torch.cat([a.x, b.x])
    empty = x.isnan()
    some = empty.any(0).nonzero()[:, 0].tolist()
    names = [a.feature_names[column] for column in some]
    table = replace(
        a,
        x=torch.cat([x, empty[:, some].float()], 1),
        y=torch.cat([a.y, b.y]),
        task=torch.cat([a.task, b.task + n]),
        feature_names=(*a.feature_names, *(f"{name} missing" for name in names)),
        task_names=(*a.task_names, *(f"{named} {name}" for name in b.task_names)),
        missing={
            name: int(empty[:, column].sum()) for name, column in zip(names, some, strict=True)
        },
    )
    rest = (
        torch.cat([getattr(one, part), getattr(other, part)])
        for part in ("plain", "assay", "offset", "measured", "patient")
    )
    return Hospitals(table, *rest)


def _standing(whole: TaskTable, rows: Int[Tensor, " row"]) -> Float[Tensor, "row feature"]:
    return (whole.x[rows] - whole.x.mean(0)) / whole.x.std(0, correction=0)


def _sent(
    ill: Int[Tensor, " patient"],
    n: int,
    size: int,
    referral: float,
    apart: bool,
    generator: Generator,
) -> Int[Tensor, "hospital sent"]:
    """Choose patients without putting back, ill ones with other odds in each hospital.

    Where hospitals are to be apart, they take turns, one patient each, in an order drawn anew.
    """
    odds = (referral * torch.randn(n, 1, generator=generator) * ill).exp()
    keys = torch.rand(n, len(ill), generator=generator).log() / odds
    if not apart:
        return keys.topk(size).indices
    chosen = torch.zeros(n, size, dtype=torch.long)
    for place in range(size):
        for hospital in torch.randperm(n, generator=generator).tolist():
            chosen[hospital, place] = keys[hospital].argmax()
            keys[:, chosen[hospital, place]] = -torch.inf
    return chosen
