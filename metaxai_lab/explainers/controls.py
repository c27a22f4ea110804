"""Explanations that know nothing, or not enough: what a judge must tell from the real ones.

Source: Adebayo et al. (2018) for the habit of judging by controls.
Chapter: book/attention/from_equations.ipynb.
"""

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from metaxai_lab.core import Attribution, Explainer, Model
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import absent, explained
from metaxai_lab.learners.pictures import picture_side


def uniform(model: Model, x: Float[Tensor, "*tasks row feature"], *, target: Target) -> Attribution:
    """Share the output less that of a blank row evenly among all columns, in log-odds.

    Raises:
        ValueError: if `target` is not an output column.
    """
    output = explained(model, target)
    with torch.no_grad():
        said, reference = output(x), output(absent(x, None).expand_as(x))
    share = (said - reference) / x.shape[-1]
    return Attribution(share.unsqueeze(-1).expand_as(x), x, said, reference)


def shuffled(
    model: Model,
    x: Float[Tensor, "*tasks row feature"],
    *,
    target: Target,
    explain: Explainer,
    generator: Generator,
    cell: int = 1,
) -> Attribution:
    """Explain with `explain`, then put the values of each row in a random order.

    The values stay, and what they say about places is lost.

    Args:
        cell: side in pixels of the squares that move as one; with 1, columns move, which need not
            be pixels.

    Raises:
        ValueError: if the squares do not tile the picture.
    """
    found = explain(model, x, target=target)
    parts = _squares(found.values, cell)
    order = torch.rand(parts.shape[:-1], generator=generator).argsort(-1).to(parts.device)
    moved = parts.gather(-2, order.unsqueeze(-1).expand_as(parts))
    return replace(found, values=_joined(moved, cell))


def of_another_row(
    model: Model, x: Float[Tensor, "*tasks row feature"], *, target: Target, explain: Explainer
) -> Attribution:
    """Explain with `explain`, then give each row the values of the next one, the last the first's.

    What holds for any row stays, such as a liking for the middle; what is about this row is lost.

    Raises:
        ValueError: if there is one row only.
    """
    if x.shape[-2] < 2:
        raise ValueError(f"of_another_row needs two rows or more to swap; found {x.shape[-2]}.")
    found = explain(model, x, target=target)
    return replace(found, values=found.values.roll(-1, dims=-2))


def _squares(
    values: Float[Tensor, "*tasks row feature"], cell: int
) -> Float[Tensor, "*tasks row part within"]:
    if cell == 1:
        return values.unsqueeze(-1)
    side = picture_side(values.shape[-1])
    if cell < 1 or side % cell:
        raise ValueError(f"cells must tile the picture: {cell} does not divide the side {side}.")
    n = side // cell
    squares = values.unflatten(-1, (n, cell, n, cell)).transpose(-3, -2)
    return squares.flatten(-2).flatten(-3, -2)


def _joined(
    parts: Float[Tensor, "*tasks row part within"], cell: int
) -> Float[Tensor, "*tasks row feature"]:
    if cell == 1:
        return parts.squeeze(-1)
    n = picture_side(parts.shape[-2])
    squares = parts.unflatten(-1, (cell, cell)).unflatten(-3, (n, n))
    return squares.transpose(-3, -2).flatten(-4)
