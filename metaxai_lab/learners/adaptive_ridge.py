"""Ridge with a penalty for each column, solved in closed form, all tasks side by side.

The weights minimise the sum of squared errors plus the sum over columns of
penalty / gate x (weight - start)^2: a gate near 0 holds its weight at its start, a larger one lets
it go. The system that is solved has as many unknowns as rows, so wide tables with few rows are
cheap, and gradients flow through it. Hoerl & Kennard (1970); the form with as many unknowns as
rows: Saunders, Gammerman & Vovk (1998). Chapter: book/importance/guiding_a_learner.ipynb.
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
    left = y if start is None else y - (x @ start[..., None])[..., 0]
    gated = x * gates[..., None, :]
    own = torch.eye(x.shape[-2], dtype=x.dtype, device=x.device)
    system = gated @ x.mT + penalty[..., None, None] * own
    factor = torch.linalg.cholesky(system)
    pull = torch.cholesky_solve(left[..., None], factor)
    moved = (gated.mT @ pull)[..., 0]
    return moved if start is None else start + moved
