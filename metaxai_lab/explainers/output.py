"""The one number of each row that is explained: the output of the target, and what it starts from.

Chapter: book/attention/from_equations.ipynb.
"""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor

from metaxai_lab.core import Model

Explained = Callable[[Float[Tensor, "*tasks row feature"]], Float[Tensor, "*tasks row"]]


def explained(model: Model, target: int) -> Explained:
    """Return the function from rows to the output that is explained.

    Raises:
        ValueError: by that function, if `target` is not an output column.
    """

    def output(x: Float[Tensor, "*tasks row feature"]) -> Float[Tensor, "*tasks row"]:
        outputs = model(x)
        n = outputs.shape[-1]
        if not 0 <= target < n:
            raise ValueError(f"this model has the outputs 0 to {n - 1}; target {target} is none.")
        return outputs[..., target]

    return output


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
