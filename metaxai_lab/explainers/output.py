"""The one number of each row that is explained: the output of the target, and what it starts from.

Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.influence import Target

Explained = Callable[[Float[Tensor, "*tasks row feature"]], Float[Tensor, "*tasks row"]]


def explained(model: Model, target: Target) -> Explained:
    """Return the function from rows to the output that is explained.

    Args:
        target: an output column, or one for each row.

    Raises:
        ValueError: by that function, if `target` is not an output column, or counts other rows.
    """

    def output(x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row"]:
        return chosen(model(x), target)

    return output


def in_one_batch(
    model: Model, target: Target, like: Float[Tensor, "*tasks row feature"]
) -> Callable[[Float[Tensor, "n feature"]], Float[Tensor, " n"]]:
    """Return the same for Captum, which knows rows only and may lay copies of them end to end.

    Args:
        like: rows of stacked tasks, which that function gets as one batch, once or several times.

    Raises:
        ValueError: as `explained` does.
    """

    def output(rows: Float[Tensor, "n feature"]) -> Float[Tensor, " n"]:
        copies = rows.reshape(-1, *like.shape[:-1], rows.shape[-1])
        outputs = model(copies.movedim(0, -3).flatten(-3, -2))
        return chosen(outputs.unflatten(-2, (len(copies), -1)).movedim(-3, 0), target).flatten()

    return output


def added_up(
    model: Model, target: Target, like: Float[Tensor, "*tasks row feature"]
) -> Callable[[Float[Tensor, "n feature"]], Float[Tensor, "1"]]:
    """Return the sum of what `in_one_batch` gives, whose slope in a row is that of its own output.

    Captum splits outputs into one tensor for each row, which costs more than a small model.

    Raises:
        ValueError: as `explained` does.
    """
    output = in_one_batch(model, target, like)
    return lambda rows: output(rows).sum().unsqueeze(0)


def chosen(outputs: Float[Tensor, "*more row class"], target: Target) -> Float[Tensor, "*more row"]:
    """Return the outputs of the target, or of each row's own.

    Raises:
        ValueError: if `target` is not an output column, or counts other rows.
    """
    column, n = torch.as_tensor(target, device=outputs.device), outputs.shape[-1]
    rows = outputs.shape[:-1]
    if column.ndim and column.shape != rows[len(rows) - column.ndim :]:
        raise ValueError(
            f"targets are one output, or one for each row of {tuple(rows)}; found "
            f"{tuple(column.shape)}."
        )
    if not bool(((column >= 0) & (column < n)).all()):
        found = target if isinstance(target, int) else sorted(set(column.flatten().tolist()))
        raise ValueError(f"this model has the outputs 0 to {n - 1}; target {found} is none.")
    return outputs.gather(-1, column.expand(rows).unsqueeze(-1)).squeeze(-1)


def absent(
    x: Float[Tensor, "*tasks row feature"], baseline: Float[Tensor, " column"] | None
) -> Float[Tensor, "1 feature"]:
    """Return the row that stands for "nothing is there": `baseline`, or a blank one of zeros.

    Raises:
        ValueError: if the baseline has other columns than `x`.
    """
    row = x.new_zeros(x.shape[-1]) if baseline is None else baseline.to(x)
    if row.shape != x.shape[-1:]:
        raise ValueError(
            f"the baseline is one row like those of x, with {x.shape[-1]} columns; it has "
            f"{row.shape[-1]}."
        )
    return row.unsqueeze(0)
