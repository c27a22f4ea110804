"""What the support rows of a task say about each column: a few numbers that simple methods give.

How strongly the column goes with the target by itself (correlation), and what ridge and sparse
Bayesian regression make of it beside the others. The latter gives the weight of each column a
variance of its own and finds those in a few rounds: most shrink to nothing, as under the lasso, and
the rest are hardly held. Only sizes count, so a column may change its sign or its unit. A column
that is constant has zeros. Tipping (2001), section 3; the rounds: expectation-maximisation.
Chapter: book/importance/gates.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.learners.adaptive_ridge import adaptive_ridge, ridge_and_doubt
from metaxai_lab.learners.standardised import Standardised

RIDGES = (0.3, 3.0)  # penalties, for each row
NOISES = (0.05, 0.5)  # shares of the target's variance that sparse regression leaves unexplained
ROUNDS = 16
N_GUIDED = 2
N_STATISTICS = 2 + len(RIDGES) + 2 * len(NOISES)


def column_statistics(rows: Standardised) -> Float[Tensor, "*tasks feature statistic"]:
    """Return the numbers of each column, with the target and the columns in units of their own.

    They are the size of the correlation r; n r^2 / 4 of n rows, which is about 1/4 on average for a
    column that says nothing, however many rows there are; the size of the weight under each ridge,
    times 1 + 2 share, so that a heavy penalty does not make all of them small; and, for each noise,
    the size of the sparse weight and the standard deviation that it had before the rows.
    """
    x, y = rows.x, rows.y
    together = (x.mT @ y[..., None])[..., 0] / y.shape[-1]
    found = [together.abs(), together.square() * y.shape[-1] / 4]
    free = torch.ones_like(together)
    for share in RIDGES:
        penalty = y.new_full(y.shape[:-1], share * y.shape[-1])
        found.append(adaptive_ridge(x, y, free, penalty).abs() * (1 + 2 * share))
    noises = y.new_tensor(NOISES).view(-1, *[1] * (y.ndim - 1))
    sparse = sparse_bayes(x.expand(len(NOISES), *x.shape), y.expand(len(NOISES), *y.shape), noises)
    for weights, variances in zip(*sparse, strict=True):
        found += [weights.abs(), variances.sqrt() * rows.varies]
    return torch.stack(found, -1)


def guided_statistics(
    rows: Standardised, free: Float[Tensor, "*tasks feature"]
) -> Float[Tensor, "*tasks feature statistic"]:
    """Return what ridge makes of each column if their weights are as free as `free` says.

    That is the size of the weight, and how much of its freedom the rows left it: 1 if they say
    nothing about it, 0 if they settle it.
    """
    noise = rows.y.new_tensor(NOISES[0] * rows.y.shape[-1])
    weights, doubt = ridge_and_doubt(rows.x, rows.y, free, noise)
    return torch.stack([weights.abs(), doubt], -1)


def sparse_bayes(
    x: Float[Tensor, "*tasks row feature"],
    y: Float[Tensor, "*tasks row"],
    noise: float | Float[Tensor, "*#tasks"],
    *,
    rounds: int = ROUNDS,
) -> tuple[Float[Tensor, "*tasks feature"], Float[Tensor, "*tasks feature"]]:
    """Return the mean of each weight given the rows, and the variance it had before them.

    Args:
        noise: the variance of the targets that no column explains; for all tasks, or for each.
    """
    unexplained = torch.as_tensor(noise, dtype=y.dtype, device=y.device)
    weights = variances = torch.full_like(x[..., 0, :], 0.1)
    with torch.autocast(x.device.type, enabled=False):
        products = x.mT @ x, (x.mT @ y[..., None])[..., 0]
        wide = x.shape[-1] > x.shape[-2]  # then rows are fewer unknowns
        for _ in range(rounds):
            each = (x, y) if wide else products
            solve = ridge_and_doubt if wide else _by_columns
            weights, doubt = solve(*each, variances, unexplained)
            variances = weights.square() + variances * doubt
    return weights, variances


def _by_columns(
    products: Float[Tensor, "*tasks feature feature"],
    with_target: Float[Tensor, "*tasks feature"],
    variances: Float[Tensor, "*tasks feature"],
    noise: Float[Tensor, "*#tasks"],
) -> tuple[Float[Tensor, "*tasks feature"], Float[Tensor, "*tasks feature"]]:
    """Return what `ridge_and_doubt` does, from a system with as many unknowns as columns."""
    free, alone = variances.sqrt(), torch.eye(variances.shape[-1]).to(variances)
    system = free[..., None] * products * free[..., None, :] + noise[..., None, None] * alone
    asked = torch.cat([alone.expand_as(system), (free * with_target)[..., None]], -1)
    both = torch.linalg.solve_triangular(torch.linalg.cholesky(system), asked, upper=False)
    inverse, told = both[..., :-1], both[..., -1:]
    weights = (inverse * told).sum(-2) * free
    return weights, noise[..., None] * inverse.square().sum(-2)
