"""What a reader may be shown in place of exact shares: slope, LIME, and an additive surrogate.

The surrogate is a sum of bent lines, one for each column, fitted to the box's outputs: it knows
nothing of what columns do together. Chapter: book/judging/judges.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Model, seeded
from metaxai_lab.explainers import gradient, lime

KNOTS = (-0.7, 0.0, 0.7)
Rows = Float[Tensor, "task row feature"]
Table = Float[Tensor, "task known feature"]


def lesson_rivals(model: Model, x: Rows, table: Table) -> dict[str, Rows]:
    """Explain rows by each rival.

    Args:
        x: the rows that are explained.
        table: rows that may be asked of the box, for LIME and the surrogate.
    """
    return {
        "slope": _slope(model, x),
        "LIME": lime(model, x, target=0, background=table, generator=seeded(0)).values,
        "additive": additive_shares(model, x, table),
    }


def _slope(model: Model, x: Rows) -> Rows:
    if not model(x.detach().requires_grad_()).requires_grad:
        return torch.zeros_like(x)  # trees are flat almost everywhere
    return gradient(model, x, target=0).values


def additive_shares(model: Model, x: Rows, table: Table) -> Rows:
    """Return what each column adds in a sum of bent lines fitted to the box's outputs."""
    lines = _lines(table, table).flatten(-2)
    known = torch.cat([torch.ones_like(lines[..., :1]), lines], -1).double()
    ridge = 0.3 * torch.eye(known.shape[-1]).to(known)
    said = known.mT @ model(table)[..., :1].to(known)
    weights = torch.linalg.solve(known.mT @ known + ridge, said)[:, 1:, 0].to(x)
    parts = _lines(x, table)
    return (parts * weights.unflatten(-1, parts.shape[-2:]).unsqueeze(1)).sum(-1)


def _lines(x: Rows, table: Table) -> Float[Tensor, "task row feature line"]:
    z = (x - table.mean(1, keepdim=True)) / table.std(1, keepdim=True).clamp_min(1e-3)
    z = z.unsqueeze(-1)
    return torch.cat([z, (z - z.new_tensor(KNOTS)).relu()], -1)
