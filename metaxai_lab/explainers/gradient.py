"""The gradient, plain and times the input: what the slope of the output says of each column.

Captum does the work; it takes absolute values unless it is told not to, and here signs stay.
Source: Simonyan, Vedaldi & Zisserman (2014), section 3; Shrikumar et al. (2016) for the product.
Chapter: book/attention/is_attention_an_explanation.ipynb.
"""

from collections.abc import Callable

import torch
from captum.attr import InputXGradient, Saliency
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Attribution, Model
from metaxai_lab.explainers.output import absent, explained


def gradient(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: int,
    baseline: Float[Tensor, " feature"] | None = None,
) -> Attribution:
    """Give each column the slope of the output along it, in log-odds for a step of 1.

    A slope is no part of the output, so `gap` says nothing about it.

    Args:
        baseline: the row that means "nothing is there", for `reference`; blank where it is None.

    Raises:
        ValueError: if `target` is not an output column, or the baseline has other columns.
    """

    def slopes(total: Callable[..., Tensor], rows: Tensor) -> Tensor:
        return Saliency(total).attribute(rows, abs=False)

    return _read(model, x, target, baseline, slopes, "log-odds for a step of 1")


def gradient_times_input(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: int,
    baseline: Float[Tensor, " feature"] | None = None,
) -> Attribution:
    """Give each column its slope times its value, in log-odds.

    Of a linear model the values add up to the output less that of a blank row; in general they need
    not. What is blank gets nothing, whatever the model makes of it.

    Args:
        baseline: as for `gradient`; it does not move the values.

    Raises:
        ValueError: as `gradient` does.
    """

    def products(total: Callable[..., Tensor], rows: Tensor) -> Tensor:
        return InputXGradient(total).attribute(rows)

    return _read(model, x, target, baseline, products, "log-odds")


def _read(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    target: int,
    baseline: Float[Tensor, " feature"] | None,
    reading: Callable[[Callable[..., Tensor], Tensor], Tensor],
    unit: str,
) -> Attribution:
    output, blank = explained(model, target), absent(x, baseline)
    rows = (
        x.detach().movedim(-2, 0).clone().requires_grad_()
    )  # Captum wants rows first, tasks after

    def total(rows: Tensor) -> Tensor:
        return output(rows.movedim(0, -2)).movedim(-1, 0).reshape(len(rows), -1).sum(1)

    with torch.enable_grad():
        values = reading(total, rows).detach().movedim(0, -2)
    with torch.no_grad():
        said = output(x)
        return Attribution(values, x, said, output(blank.expand_as(x)), unit=unit)
