"""Two strong baselines that know no other task: ridge and lasso, all tasks of a stack side by side.

Ridge is the best linear guess if every column may matter a little; lasso believes that few columns
matter, and is not told which. `tune_penalty` chooses how strongly they believe it.
Hoerl & Kennard (1970); Tibshirani (1996); Beck & Teboulle (2009), section 4, for the steps (FISTA).
Chapter: book/concepts/learning_to_learn.ipynb.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Episode, Examples
from metaxai_lab.learners.linear_model import LinearModel

Fit = Callable[[Examples, float], Tensor]  # support rows and penalty -> weights of each task


def ridge(support: Examples, penalty: float) -> Float[Tensor, "*tasks feature"]:
    """Return the weights of least squared error, summed, plus `penalty` times their squares."""
    x, y = support.x, support.y[..., None]
    within = x @ x.mT + penalty * torch.eye(x.shape[-2], device=x.device, dtype=x.dtype)
    return (x.mT @ torch.linalg.solve(within, y))[..., 0]


def lasso(
    support: Examples, penalty: float, *, steps: int = 200
) -> Float[Tensor, "*tasks feature"]:
    """Return the weights of least half mean squared error plus `penalty` times their sizes."""
    return lasso_path(support, [penalty], steps=steps)[0]


def lasso_path(
    support: Examples, penalties: Sequence[float], *, steps: int = 200
) -> Float[Tensor, "penalty *tasks feature"]:
    """Return the weights of `lasso` at several penalties, which are rows of one system."""
    x, y = support.x, support.y[..., None, :]
    n_rows = x.shape[-2]
    length = n_rows / torch.linalg.matrix_norm(x, 2)[..., None, None].square().clamp_min(1e-12)
    down, most = length / n_rows * x, length * x.new_tensor(penalties)[:, None]
    columns = x.mT.contiguous()
    weights = ahead = x.new_zeros(*x.shape[:-2], len(penalties), x.shape[-1])
    wide = x.shape[-1] > 4 * n_rows  # else one product with a square is the faster
    rest = None if wide else torch.eye(x.shape[-1]).to(x) - columns @ down  # symmetric
    towards, pace = y @ down, 1.0
    for _ in range(steps):
        known = ahead - ahead @ columns @ down if rest is None else ahead @ rest
        moved = known + towards  # a step down the squared error
        new = moved - moved.clamp(-most, most)
        faster = (1 + (1 + 4 * pace**2) ** 0.5) / 2
        ahead = weights.lerp(new, 1 + (pace - 1) / faster)
        weights, pace = new, faster
    return weights.movedim(-2, 0)


def at_each(
    fit: Fit, support: Examples, penalties: Sequence[float]
) -> Float[Tensor, "penalty *tasks feature"]:
    """Return the weights of a fit at several penalties."""
    if fit is lasso:
        return lasso_path(support, penalties)
    return torch.stack([fit(support, penalty) for penalty in penalties])


def linear_errors(
    weights: Float[Tensor, "*tasks feature"], rows: Examples
) -> Float[Tensor, "*tasks"]:
    """Return the mean squared error of each task's weights on its rows."""
    return LinearModel(weights, torch.zeros_like(weights[..., 0])).errors(rows)


def tune_penalty(fit: Fit, validation: Episode, penalties: Sequence[float]) -> float:
    """Return the penalty with the lowest mean query error on validation tasks."""
    errors = [
        float(linear_errors(weights, validation.query).mean())
        for weights in at_each(fit, validation.support, penalties)
    ]
    return penalties[errors.index(min(errors))]
