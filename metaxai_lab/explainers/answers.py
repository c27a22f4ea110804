"""What a model answers, looked at before it is used: one finite number for each row and output.

Chapter: book/local/shapley_and_lime.ipynb.
"""

from typing import Any

from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Model


class ModelFailedError(RuntimeError):
    """The model that is explained raised an error."""


def answered(
    model: Model, asked: Float[Tensor, "*tasks row feature"]
) -> Float[Tensor, "*tasks row output"]:
    """Return the outputs of a model for rows that an explainer made up.

    Raises:
        ModelFailedError: if the model raises an error, which is the cause of this one.
        ValueError: if it returns something else than a finite number for each row and output.
    """
    try:
        outputs = model(asked)
    except Exception as error:
        raise ModelFailedError(
            f"the model failed on a table of the shape {tuple(asked.shape)}, its last axis the "
            f"columns, with {type(error).__name__}: {error}."
        ) from error
    _refuse_outputs(outputs, asked)
    return outputs


def _refuse_outputs(outputs: Any, asked: Tensor) -> None:
    rows = tuple(asked.shape[:-1])
    if not isinstance(outputs, Tensor) or outputs.shape[:-1] != rows:
        found = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
        raise ValueError(
            f"a model answers rows {rows} by a tensor {(*rows, 'outputs')}, one column per output; "
            f"found {found}. A model of one output still has an axis for it: unsqueeze(-1)."
        )
    bad = ~outputs.isfinite().flatten(0, -2).all(-1)
    if bool(bad.any()):
        first = asked.flatten(0, -2)[bad][0]
        raise ValueError(
            f"the model returned NaN or infinity for {int(bad.sum())} of {bad.numel()} rows, first "
            f"for {first.tolist()}. Rows mix the explained row with the background, and the model "
            "has to answer all of them: look for empty cells, and for what it does out of range."
        )
