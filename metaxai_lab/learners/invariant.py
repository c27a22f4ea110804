"""What holds in every environment: a price for each column, learned from how fits carry over.

A task is an environment. The inner learner fits `adaptive_ridge` in one environment; the outer one
moves the price of each column, so that a fit from some rows of one environment predicts in every
other, and no worse than that environment's own fit does. A column whose relation to the target
differs from place to place makes fits that do not travel, and its price goes up. Sources: Peters,
Bühlmann & Meinshausen (2016) for invariance; Krueger et al. (2021) for a penalty on what differs
between environments; adaptive penalties: see `adaptive_ridge`.
Chapter: book/outlook/causes_and_logic.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Examples
from metaxai_lab.learners.adaptive_ridge import adaptive_ridge

JITTER = 1e-9
STARTS = (3.0, 0.0, -3.0)  # logarithms of the freedom of all columns: from open to closed


@dataclass(frozen=True)
class Moments:
    """All that squared error needs to know of rows: means of products, centred, in each table.

    Args:
        gram: of the columns with each other.
        cross: of the columns with the target.
        power: of the target with itself.
    """

    gram: Float[Tensor, "*tasks feature feature"]
    cross: Float[Tensor, "*tasks feature"]
    power: Float[Tensor, "*tasks"]

    def error(self, weights: Float[Tensor, "*#tasks feature"]) -> Float[Tensor, "*tasks"]:
        """Return the mean squared error of linear weights on these rows."""
        squares = torch.einsum("...i,...ij,...j->...", weights, self.gram, weights)
        return self.power - 2 * (weights * self.cross).sum(-1) + squares

    def fit(
        self, freedom: Float[Tensor, "*#tasks feature"], *, penalty: float = 1.0
    ) -> Float[Tensor, "*tasks feature"]:
        """Return ridge weights; a column costs `penalty` / freedom per square of its weight.

        As many made-up rows as columns have the same moments, so the system stays small.
        """
        own = torch.eye(self.gram.shape[-1], dtype=self.gram.dtype, device=self.gram.device)
        root = torch.linalg.cholesky(self.gram + JITTER * own)
        y = torch.linalg.solve_triangular(root, self.cross[..., None], upper=False)[..., 0]
        free, y = torch.broadcast_tensors(freedom, y)
        return adaptive_ridge(root.mT.expand(*y.shape, -1), y, free, freedom.new_tensor(penalty))

    def pooled(self) -> "Moments":
        """Return the moments of all environments (the last axis of tasks) thrown together."""
        return Moments(self.gram.mean(-3), self.cross.mean(-2), self.power.mean(-1))


def moments_of(rows: Examples) -> Moments:
    """Return the moments of each table, its own means taken out.

    Raises:
        ValueError: if a table has fewer than two rows, or a value is NaN or infinite.
    """
    if rows.y.shape[-1] < 2 or not bool(rows.x.isfinite().all() & rows.y.isfinite().all()):
        raise ValueError(
            f"each environment needs two rows or more of finite numbers; found "
            f"{rows.y.shape[-1]} rows, and NaN or infinity in "
            f"{int((~rows.x.isfinite()).sum() + (~rows.y.isfinite()).sum())} cells."
        )
    x = rows.x - rows.x.mean(-2, keepdim=True)
    y = (rows.y - rows.y.mean(-1, keepdim=True)).to(x.dtype)
    n = y.shape[-1]
    return Moments(x.mT @ x / n, (x.mT @ y[..., None])[..., 0] / n, y.square().mean(-1))


def learn_freedom(
    fitted: Moments,
    judged: Moments,
    *,
    strict: float,
    steps: int = 200,
    learning_rate: float = 0.2,
) -> Float[Tensor, "*models feature"]:
    """Learn how free each column is, across the environments of each model.

    Args:
        fitted: of the rows that fits are made from, (*models, environment).
        judged: of other rows of the same environments.
        strict: how much it counts that a fit from elsewhere is worse than an environment's own.

    Raises:
        ValueError: if there are fewer than two environments.
    """
    *models, n_environments = fitted.power.shape
    if n_environments < 2:
        raise ValueError(
            f"what is the same in all environments is learned from two or more; found "
            f"{n_environments}."
        )
    starts = fitted.cross.new_tensor(STARTS)[:, None].expand(-1, fitted.cross.shape[-1])
    lead = (len(STARTS), *(1,) * len(models), -1)
    logs = starts.view(lead).repeat(1, *models, 1).requires_grad_()
    optimiser = torch.optim.Adam([logs], lr=learning_rate)
    with torch.enable_grad():
        for _ in range(steps):
            optimiser.zero_grad()
            travel_loss(fitted, judged, logs.exp(), strict=strict).sum().backward()
            optimiser.step()
            with torch.no_grad():
                logs.clamp_(-12.0, 8.0)
    found = logs.detach().exp()
    best = travel_loss(fitted, judged, found, strict=strict).argmin(0)
    return found.gather(0, best[None, ..., None].expand(1, *found.shape[1:]))[0]


def travel_loss(
    fitted: Moments,
    judged: Moments,
    freedom: Float[Tensor, "*models feature"],
    *,
    strict: float,
) -> Float[Tensor, "*models"]:
    """Return the error of fits where they were not made, and how much worse they are than own."""
    weights = fitted.fit(freedom[..., None, :])
    there = Moments(
        judged.gram[..., None, :, :, :], judged.cross[..., None, :, :], judged.power[..., None, :]
    )
    error = there.error(weights[..., :, None, :])  # fitted in (row), judged in (column)
    n = error.shape[-1]
    own = error.diagonal(dim1=-2, dim2=-1)
    away = (error.sum((-2, -1)) - own.sum(-1)) / (n * (n - 1))
    return away.log() + strict * (away / own.mean(-1) - 1)
