"""What the support rows of a task say about each column: a few numbers that simple methods give.

How strongly the column goes with the target by itself (correlation), and what ridge and lasso make
of it beside the others. Only sizes count, so a column may change its sign or its unit. A column
that is constant has zeros. Steps of the lasso: Beck & Teboulle (2009), section 4.
Chapter: book/importance/gates.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.learners.adaptive_ridge import adaptive_ridge
from metaxai_lab.learners.standardised import Standardised

RIDGES = (0.3, 3.0)  # penalties, for each row
LASSOS = (0.1, 0.3)  # as shares of the penalty that leaves no column
N_STATISTICS = 2 + len(RIDGES) + len(LASSOS)
_STEPS = 20


def column_statistics(rows: Standardised) -> Float[Tensor, "*tasks feature statistic"]:
    """Return the numbers of each column, in standard deviations of the target."""
    x, y = rows.x, rows.y
    together = (x.mT @ y[..., None])[..., 0] / y.shape[-1]
    found = [together.abs(), together.square() * y.shape[-1] / 4]
    free = torch.ones_like(together)
    for share in RIDGES:
        penalty = y.new_full(y.shape[:-1], share * y.shape[-1])
        found.append(adaptive_ridge(x, y, free, penalty).abs() * (1 + 2 * share))
    most = together.abs().amax(-1, keepdim=True)
    shares = most[..., None, :] * y.new_tensor(LASSOS)[:, None]
    found += list(_lasso(x, y, shares).abs().unbind(-2))
    return torch.stack(found, -1)


def _lasso(
    x: Float[Tensor, "*tasks row feature"],
    y: Float[Tensor, "*tasks row"],
    penalties: Float[Tensor, "*tasks penalty 1"],
) -> Float[Tensor, "*tasks penalty feature"]:
    """Return the weights after a few steps, for several penalties side by side."""
    n_rows = y.shape[-1]
    within = x @ x.mT
    largest = within.square().sum((-2, -1)).sqrt()[..., None, None] + 1e-12
    length = n_rows / largest
    weights = ahead = x.new_zeros(*penalties.shape[:-1], x.shape[-1])
    pace = 1.0
    for _ in range(_STEPS):
        moved = ahead - length * ((ahead @ x.mT - y[..., None, :]) @ x) / n_rows
        new = moved.sign() * (moved.abs() - length * penalties).clamp_min(0)
        faster = (1 + (1 + 4 * pace**2) ** 0.5) / 2
        ahead = new + (pace - 1) / faster * (new - weights)
        weights, pace = new, faster
    return weights
