"""The pooled line where hospitals share patients: chosen on patients that a line has not seen.

Hospitals are made of the same patients again and again. Who leaves one of them out has still seen
nearly all of its patients in the others. So what is chosen on a hospital is chosen with a line of
the other *patients*: rows of its own patients are left out wherever they are.
Source: Stone (1974), choice by leaving out. Chapter: book/applications/medicine.ipynb.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.classroom.tables_rivals import Rivals, penalised, with_one
from metaxai_lab.classroom.tables_study import Fold, rows_of

PENALTIES = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)


def patients_apart(fold: Fold, patient: Int[Tensor, " row"]) -> Rivals:
    """Fit the pooled ridge; its penalty, and the line of the others, see no patient twice.

    Args:
        patient: who each row of the table is.
    """
    rows = rows_of(fold.table, fold.trained)
    x = with_one(fold.table.x[rows].double())
    y, patient = fold.table.y[rows].double(), patient[rows]
    held = torch.stack([rows_of(fold.table, tasks)[rows] for tasks in fold.by.values()])
    seen = torch.stack([~torch.isin(patient, patient[here]) for here in held])
    left = seen[..., None] * x
    squares, products, free = left.mT @ x, left.mT @ y, penalised(x.shape[1])

    def lines(penalty: float) -> Float[Tensor, "group feature_and_one"]:
        return torch.linalg.solve(squares + penalty * free, products)

    def error(penalty: float) -> float:
        wrong = (lines(penalty) @ x.mT - y).square()
        return float((wrong * held).sum() / held.sum())

    best = min(PENALTIES, key=error)
    whole, target = x.mT @ x + best * free, x.mT @ y
    kind = fold.table.x.dtype
    others = dict(zip(fold.by, lines(best).to(kind), strict=True))
    return Rivals(fold, torch.linalg.solve(whole, target).to(kind), others, (whole, target))
