"""Integrated gradients: the slope of the output, averaged on the way from a baseline to the row.

Captum does the work. Source: Sundararajan, Taly & Yan (2017), section 3.
Chapter: book/attention/from_equations.ipynb.
"""

import torch
from captum.attr import IntegratedGradients
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import absent, added_up, explained


def integrated_gradients(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    baseline: Float[Tensor, " feature"] | None = None,
    n_steps: int = 32,
    at_once: int = 1024,
) -> Attribution:
    """Share the output less the reference among the columns, in log-odds.

    The shares add up as far as `n_steps` points follow the path: `gap` tells how far.

    Args:
        target: an output column, or one for each row.
        baseline: the row the path begins at; zeros where it is None.
        n_steps: points of the Gauss-Legendre rule along the path.
        at_once: rows in one call of the model, at least those of `x`.

    Raises:
        ValueError: if `n_steps` is below 1, `target` is not an output column, or the baseline has
            other columns.
    """
    if n_steps < 1:
        raise ValueError(
            f"integrated_gradients needs a point on its path; found n_steps {n_steps}."
        )
    output, blank = explained(model, target), absent(x, baseline)
    with torch.no_grad():
        outputs, reference = output(x), output(blank.expand_as(x))
    rows = x.detach().flatten(0, -2)
    values = IntegratedGradients(added_up(model, target, x)).attribute(
        rows,
        baselines=blank,
        n_steps=n_steps,
        method="gausslegendre",
        internal_batch_size=max(at_once, len(rows)),
    )
    return Attribution(values.detach().to(x.dtype).reshape(x.shape), x, outputs, reference)
