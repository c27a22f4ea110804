"""Ridge with a penalty for each column, solved in closed form, all tasks side by side.

The weights minimise the sum of squared errors plus the sum over columns of
penalty / gate x (weight - start)^2: a gate near 0 holds its weight at its start, a larger one lets
it go. The system that is solved has as many unknowns as rows, so wide tables with few rows are
cheap, and gradients flow through it. Where rows exceed columns, digits are lost as gates grow
beside the penalty: with 40 rows and 3 columns of variance 1, weights of 32 bits are right to 1e-3
at a gate of 400 times the penalty, and wrong in their first digits at 1e5. Hoerl & Kennard (1970);
the form with as many unknowns as rows: Saunders, Gammerman & Vovk (1998).
Chapter: book/importance/guiding_a_learner.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def adaptive_ridge(
    x: Float[Tensor, "*tasks row feature"],
    y: Float[Tensor, "*tasks row"],
    gates: Float[Tensor, "*tasks feature"],
    penalty: Float[Tensor, "*#tasks"],
    start: Float[Tensor, "*tasks feature"] | None = None,
) -> Float[Tensor, "*tasks feature"]:
    """Return the weights of each task.

    Args:
        gates: 0 or more; the larger, the freer the weight of the column.
        penalty: positive; one for all tasks, or one for each.
        start: what weights are held at; 0 if None.
    """
    with torch.autocast(x.device.type, enabled=False):  # a system of 16 bits cannot be solved
        left = y if start is None else y - (x @ start[..., None])[..., 0]
        gated = x * gates[..., None, :]
        pull = torch.cholesky_solve(left[..., None], _factor(gated, x, penalty))
        moved = (gated.mT @ pull)[..., 0]
        return moved if start is None else start + moved


def ridge_and_doubt(
    x: Float[Tensor, "*tasks row feature"],
    y: Float[Tensor, "*tasks row"],
    gates: Float[Tensor, "*tasks feature"],
    penalty: Float[Tensor, "*#tasks"],
) -> tuple[Float[Tensor, "*tasks feature"], Float[Tensor, "*tasks feature"]]:
    """Return the weights, and how much of its freedom the rows left to each.

    If gates are variances of the weights before the rows are seen, and `penalty` that of the noise,
    these are their means after, and the share of the variance that is left: 1 where the rows say
    nothing about a column, 0 where they settle it.
    """
    with torch.autocast(x.device.type, enabled=False):
        gated = x * gates[..., None, :]
        factor = _factor(gated, x, penalty)
        both = torch.linalg.solve_triangular(factor, torch.cat([x, y[..., None]], -1), upper=False)
        columns, targets = both[..., :-1], both[..., -1:]
        weights = (columns * targets).sum(-2) * gates
        return weights, (1 - columns.square().sum(-2) * gates).clamp_min(0)


def _factor(gated: Tensor, x: Tensor, penalty: Tensor) -> Float[Tensor, "*tasks row row"]:
    own = torch.eye(x.shape[-2], dtype=x.dtype, device=x.device)
    return torch.linalg.cholesky(gated @ x.mT + penalty[..., None, None] * own)
