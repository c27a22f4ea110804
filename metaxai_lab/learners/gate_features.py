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
    found += [_even_ridge(x, y, share).abs() * (1 + 2 * share) for share in RIDGES]
    noises = y.new_tensor(NOISES).view(-1, *[1] * (y.ndim - 1))
    sparse = sparse_bayes(x, y, noises)
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
    noise: float | Float[Tensor, "*noises"],
    *,
    rounds: int = ROUNDS,
) -> tuple[Float[Tensor, "*each feature"], Float[Tensor, "*each feature"]]:
    """Return the mean of each weight given the rows, and the variance it had before them.

    Args:
        noise: the variance of the targets that no column explains; for all tasks, for each, or,
            with an axis in front of those of the tasks, several for each.
    """
    unexplained = torch.as_tensor(noise, dtype=y.dtype, device=y.device)
    shape = torch.broadcast_shapes(y.shape[:-1], unexplained.shape)
    weights = variances = y.new_full((*shape, x.shape[-1]), 0.1)
    wide = x.shape[-1] > x.shape[-2]  # then rows are fewer unknowns
    with torch.autocast(x.device.type, enabled=False):
        solve = ridge_and_doubt if wide else _by_columns
        rows = x.expand(*shape, *x.shape[-2:]), y.expand(*shape, y.shape[-1])
        each = rows if wide else (x.mT @ x, (x.mT @ y[..., None])[..., 0])
        for _ in range(rounds):
            weights, doubt = solve(*each, variances, unexplained)
            variances = weights.square() + variances * doubt
    return weights, variances


def _even_ridge(
    x: Float[Tensor, "*tasks row feature"], y: Float[Tensor, "*tasks row"], share: float
) -> Float[Tensor, "*tasks feature"]:
    """Return ridge's weights, by as many unknowns as there are rows or columns, what is fewer."""
    penalty = share * y.shape[-1]
    if x.shape[-1] > x.shape[-2]:
        return adaptive_ridge(x, y, torch.ones_like(x[..., 0, :]), y.new_tensor(penalty))
    with torch.autocast(x.device.type, enabled=False):
        system = x.mT @ x + penalty * torch.eye(x.shape[-1]).to(x)
        return torch.cholesky_solve(x.mT @ y[..., None], torch.linalg.cholesky(system))[..., 0]


def _by_columns(
    products: Float[Tensor, "*#tasks feature feature"],
    with_target: Float[Tensor, "*#tasks feature"],
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
