"""The gradient, plain and times the input: what the slope of the output says of each column.

Captum does the work; it takes absolute values unless it is told not to, and here signs stay.
Source: Simonyan, Vedaldi & Zisserman (2014), section 3; Shrikumar et al. (2016) for the product.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

import torch
from captum.attr import InputXGradient, Saliency
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import absent, added_up, explained


def gradient(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    baseline: Float[Tensor, " feature"] | None = None,
) -> Attribution:
    """Give each column the slope of the output along it, in log-odds for a step of 1.

    A slope is no part of the output, so `gap` says nothing about it.

    Args:
        target: an output column, or one for each row.
        baseline: the row that means "nothing is there", for `reference`; blank where it is None.

    Raises:
        ValueError: if `target` is not an output column, or the baseline has other columns.
    """
    values = _read(Saliency, model, x, target, abs=False)
    return _attribution(model, x, values, target, baseline, "log-odds for a step of 1")


def gradient_times_input(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    baseline: Float[Tensor, " feature"] | None = None,
) -> Attribution:
    """Give each column its slope times its value, in log-odds.

    Of a linear model the values add up to the output less that of a blank row; in general they need
    not. What is blank gets nothing, whatever the model makes of it.

    Args:
        target: as for `gradient`.
        baseline: as for `gradient`; it does not move the values.

    Raises:
        ValueError: as `gradient` does.
    """
    values = _read(InputXGradient, model, x, target)
    return _attribution(model, x, values, target, baseline, "log-odds")


def _read(
    method: type[Saliency] | type[InputXGradient],
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    target: Target,
    **knobs: bool,
) -> Float[Tensor, "*tasks row feature"]:
    rows = x.detach().flatten(0, -2).requires_grad_()
    found = method(added_up(model, target, x)).attribute(rows, **knobs)
    return found.detach().reshape(x.shape)


def _attribution(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    values: Float[Tensor, "*tasks row feature"],
    target: Target,
    baseline: Float[Tensor, " feature"] | None,
    unit: str,
) -> Attribution:
    output, blank = explained(model, target), absent(x, baseline)
    with torch.no_grad():
        return Attribution(values, x, output(x), output(blank.expand_as(x)), unit=unit)
