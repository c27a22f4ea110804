"""On which rows was a surrogate fitted? It should say so, and say when it is asked elsewhere.

What is kept is how many rows there were and the range of each column. A row inside all ranges may
still be unlike any row seen: the corners of the box are mostly empty.
Chapter: book/global/trees_and_rules.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Tensor


@dataclass(frozen=True)
class Seen:
    """How many rows something was fitted on, and the range of each of their columns."""

    n_rows: int
    low: Float[Tensor, " feature"]
    high: Float[Tensor, " feature"]

    def outside(self, x: Float[Tensor, "*batch row feature"]) -> Bool[Tensor, "*batch row"]:
        """Mark the rows with a value beyond the range of its column, or with a NaN.

        Raises:
            ValueError: if the rows have other columns.
        """
        return self._beyond(x).any(-1)

    def refuse(self, x: Float[Tensor, "*batch row feature"], who: str) -> None:
        """Refuse rows that cannot be read: of other columns, or with a NaN.

        Raises:
            ValueError: if they are so; the message begins with `who` reads them.
        """
        if x.shape[-1] != len(self.low) or bool(x.isnan().any()):
            raise ValueError(
                f"{who} rows of {len(self.low)} columns without NaN; found {x.shape[-1]} columns, "
                f"and NaN in {int(x.isnan().any(-1).sum())} rows."
            )

    def says(self, x: Float[Tensor, "row feature"], names: Sequence[str] = ()) -> str:
        """Say in a sentence how many of the rows lie outside, and which column takes most out.

        Raises:
            ValueError: if the rows have other columns, or the names do not count them.
        """
        beyond, fitted = self._beyond(x), f"Fitted on {self.n_rows} rows"
        if not bool(beyond.any()):
            return f"{fitted}; all {len(x)} rows asked lie within their ranges."
        worst = int(beyond.sum(0).argmax())
        name = column_names(names, x.shape[-1])[worst]
        low, high = float(self.low[worst]), float(self.high[worst])
        return (
            f"{fitted}; {int(beyond.any(1).sum())} of {len(x)} rows asked lie outside them, most "
            f"often by {name}, seen from {low:.3g} to {high:.3g}."
        )

    def _beyond(self, x: Tensor) -> Tensor:
        if x.shape[-1] != len(self.low):
            raise ValueError(
                f"it was fitted on rows of {len(self.low)} columns; these have {x.shape[-1]}."
            )
        return ~((x >= self.low.to(x)) & (x <= self.high.to(x)))


def seen_in(x: Float[Tensor, "row feature"]) -> Seen:
    """Note the rows that something is fitted on.

    Raises:
        ValueError: if there is no row or no column, or a cell is NaN or infinite.
    """
    if not x.numel():
        raise ValueError(f"a surrogate is fitted on rows with columns; found {tuple(x.shape)}.")
    bad = ~x.isfinite()
    if bool(bad.any()):
        row, column = bad.nonzero()[0].tolist()
        raise ValueError(
            f"row {row}, column {column} holds {float(x[row, column])}, one of {int(bad.sum())} "
            "cells that are NaN or infinite. Fill them, or leave their rows out."
        )
    return Seen(len(x), x.detach().amin(0), x.detach().amax(0))


def column_names(names: Sequence[str], n_columns: int) -> tuple[str, ...]:
    """Return the names, or "column 0" and so on where there are none.

    Raises:
        ValueError: if there are names, and they do not count the columns.
    """
    if names and len(names) != n_columns:
        raise ValueError(f"{n_columns} columns need as many names or none; found {len(names)}.")
    return tuple(names) or tuple(f"column {i}" for i in range(n_columns))


def counted(n_rows: int) -> str:
    """Write a number of rows in words."""
    return "1 row" if n_rows == 1 else f"{n_rows} rows"
