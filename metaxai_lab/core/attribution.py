"""An attribution says how much of an output each column carries, in a stated unit.

Sundararajan, Taly & Yan (2017), section 3, for completeness.
Chapter: book/attention/from_equations.ipynb.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Attribution:
    """Signed shares of one explained output, row by row.

    Args:
        values: the share of each column, in `unit`.
        inputs: the rows that were explained.
        output: f(x) of the explained target.
        reference: f(columns absent): where the sum starts.
        feature_names: one name per column; empty where columns are pixels.
        unit: the unit of `values`, such as "log-odds" or "share of attention".
        spread: how unsure the method says each value is, as a standard deviation in `unit`; None
            where it says nothing.

    Raises:
        ValueError: if the names do not count the columns, or `spread` and `values` differ in shape.
    """

    values: Float[Tensor, "*batch feature"]
    inputs: Float[Tensor, "*batch feature"]
    output: Float[Tensor, "*batch"]
    reference: Float[Tensor, "*batch"]
    feature_names: tuple[str, ...] = ()
    unit: str = "log-odds"
    spread: Float[Tensor, "*batch feature"] | None = None

    def __post_init__(self) -> None:
        columns = self.values.shape[-1]
        if self.feature_names and len(self.feature_names) != columns:
            raise ValueError(
                f"an attribution over {columns} columns needs {columns} feature names or none; "
                f"found {len(self.feature_names)}."
            )
        if self.spread is not None and self.spread.shape != self.values.shape:
            raise ValueError(
                f"spread needs the shape of values, {tuple(self.values.shape)}; found "
                f"{tuple(self.spread.shape)}."
            )

    @property
    def gap(self) -> Float[Tensor, "*batch"]:
        """What the values leave unexplained: 0 where the explanation is additive."""
        return self.output - self.reference - self.values.sum(-1)
