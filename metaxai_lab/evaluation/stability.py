"""Does a small change of the row change the explanation a little, or a lot?

The largest change in a small ball, relative to the explanation. It says nothing of the model: an
explanation that is the same for all rows has the best mark, 0. Source: Yeh et al. (2019), as
Captum's `sensitivity_max` estimates it. Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Explainer, Model, Score
from metaxai_lab.explainers.influence import Target


def stability(
    explain: Explainer,
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    radius: float,
    n_draws: int = 10,
    generator: Generator,
) -> Score:
    """Score how far the values move at most, as a share of their length; lower is better.

    The draws are uniform in a box of half-width `radius` around each row. An explanation of length
    0 is not divided by.

    Args:
        target: a class, or one for each row.
        radius: of the box, in the unit of `x`.
        n_draws: changed rows for each row.

    Raises:
        ValueError: if `radius` is not above 0 and finite, `n_draws` is below 1, or the values do
            not fit the rows or are not finite.
    """
    if not 0 < radius < float("inf"):
        raise ValueError(f"a ball needs a radius above 0; found {radius}.")
    if n_draws < 1:
        raise ValueError(f"stability draws n_draws changes, one or more; found {n_draws}.")
    drawn = torch.rand(n_draws, *x.shape, generator=generator).to(x)
    near = x + radius * (2 * drawn - 1)
    at = _values(explain, model, x, target)
    around = torch.stack([_values(explain, model, one, target) for one in near])
    length = at.norm(dim=-1)
    change = (around - at).norm(dim=-1).amax(0) / length.where(length > 0, 1)
    return Score("stability", change, higher_is_better=False, sensitive_to=("radius", "n_draws"))


def _values(
    explain: Explainer, model: Model, x: Float[Tensor, "*tasks row feature"], target: Target
) -> Float[Tensor, "*tasks row feature"]:
    values = explain(model, x, target=target).values.detach()
    if values.shape != x.shape:
        raise ValueError(
            f"the explainer was given rows of {tuple(x.shape)} and gave values of "
            f"{tuple(values.shape)}; stability needs a value for each column."
        )
    if not bool(values.isfinite().all()):
        raise ValueError("an explanation needs finite values; the explainer gave others.")
    return values
