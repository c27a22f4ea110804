"""A model's output as a game that its columns play: what is it worth to know these columns only?

v(S) is the mean output over the rows of a background, with the columns of S taken from the row that
is explained. Source: Lundberg & Lee (2017), section 4; Štrumbelj & Kononenko (2014), section 3.
Chapter: book/local/shapley_and_lime.ipynb.
"""

from collections.abc import Callable
from math import prod
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from metaxai_lab.core import Attribution, Explainer, Model
from metaxai_lab.explainers.answers import ModelFailedError, answered
from metaxai_lab.explainers.influence import Target
from metaxai_lab.explainers.output import chosen
from metaxai_lab.explainers.paid_values import PaidValues


class Game:
    """A model, a background and an output: the game that the columns of a row play.

    A background of one row makes it a game against that baseline. Where the background is equal to
    the explained row in a column, knowing that column changes nothing.

    Args:
        background: the rows that stand for "not known"; each task of a stack has its own.
        target: an output column, or one for each row that will be asked about.
        tile: model rows asked at once. A tile that fits the cache of the processor is answered
            several times faster, row for row, than one huge call.
        unit: of the output.

    Raises:
        ValueError: if the background has no row or no column, or `tile` is below 1.
    """

    def __init__(
        self,
        model: Model,
        background: Float[Tensor, "*tasks background feature"],
        *,
        target: Target = 0,
        tile: int = 8192,
        unit: str = "log-odds",
    ) -> None:
        if background.ndim < 2 or not prod(background.shape[-2:]):
            raise ValueError(
                "a background is a table of at least one row and one column; found the shape "
                f"{tuple(background.shape)}. For one baseline b, pass b[None]."
            )
        if tile < 1:
            raise ValueError(f"a tile needs at least one row; found {tile}.")
        self.model, self.background, self.target = model, background, target
        self.unit, self.n_queries, self._tile = unit, 0, tile
        self._unfinished: PaidValues | None = None

    @property
    def n_features(self) -> int:
        """How many columns play."""
        return self.background.shape[-1]

    @torch.no_grad()
    def values(
        self,
        rows: Float[Tensor, "*tasks row feature"],
        masks: Bool[Tensor, "*each coalition feature"],
    ) -> Float[Tensor, "*tasks row coalition"]:
        """Return v(S) of every row and coalition, and count each as a query.

        Where the model fails or is interrupted, what is paid for is kept: asked for the same values
        again, the game goes on where it stopped.

        Args:
            masks: the columns that are known: (coalition, feature) for all rows, or
                (*tasks, row, coalition, feature) row by row.

        Raises:
            ModelFailedError: if the model raises an error.
            ValueError: if shapes do not fit the background, or the model returns something else
                than a finite number for each row and output.
        """
        self._refuse_shapes(rows, masks)
        paid = self._taken_up(rows, masks)
        try:
            for at_rows, at_masks in paid.open_tiles():
                found = self._mean_output(*paid.of(at_rows, at_masks), at_rows)
                paid.keep(found, at_rows, at_masks)
                self.n_queries += found.numel()
        except BaseException as error:
            self._unfinished = paid.own_copy()
            if isinstance(error, ModelFailedError):
                raise ModelFailedError(f"{error} {paid}") from error.__cause__
            raise
        return paid.values

    def ends(
        self, rows: Float[Tensor, "*tasks row feature"]
    ) -> tuple[Float[Tensor, "*tasks row"], Float[Tensor, "*tasks row"]]:
        """Return v(no column) and v(all columns) of each row."""
        masks = torch.tensor([[False], [True]], device=rows.device).expand(2, self.n_features)
        empty, whole = self.values(rows, masks).unbind(-1)
        return empty, whole

    def shares(
        self,
        rows: Float[Tensor, "*tasks row feature"],
        values: Float[Tensor, "*tasks row feature"],
        ends: tuple[Float[Tensor, "*tasks row"], Float[Tensor, "*tasks row"]],
        spread: Float[Tensor, "*tasks row feature"] | None = None,
    ) -> Attribution:
        """Return shares of the output as an attribution, in the unit of this game."""
        return Attribution(values, rows, ends[1], ends[0], unit=self.unit, spread=spread)

    def _taken_up(self, rows: Tensor, masks: Tensor) -> PaidValues:
        """Return the values that were broken off if it was these, and a new sheet otherwise."""
        before = self._unfinished
        if before is not None and before.is_for(rows, masks):
            self._unfinished = None
            return before
        return PaidValues(rows, masks, room=self._tile // self.background[..., 0].numel())

    def _mean_output(
        self, rows: Tensor, masks: Tensor, at_rows: slice
    ) -> Float[Tensor, "*tasks row coalition"]:
        background = self.background[..., None, None, :, :]
        mixed = torch.where(masks[..., None, :], rows[..., None, None, :], background)
        shape = mixed.shape[:-1]
        outputs = answered(self.model, mixed.flatten(-4, -2))
        target = self.target
        if isinstance(target, Tensor) and target.ndim:
            target = target[..., at_rows, None, None].expand(shape).flatten(-3)
        else:
            target = int(target)
        return chosen(outputs, target).reshape(shape).mean(-1)

    def _refuse_shapes(self, rows: Tensor, masks: Tensor) -> None:
        n = self.n_features
        if rows.ndim < 2:
            raise ValueError(
                f"rows are a table; found the shape {tuple(rows.shape)}. For one row r: r[None]."
            )
        if rows.shape[-1] != n or masks.shape[-1] != n:
            raise ValueError(
                f"this game was built on a background of {n} columns; found rows of "
                f"{rows.shape[-1]} and masks of {masks.shape[-1]}. Build a game for this table."
            )
        if rows.shape[:-2] != self.background.shape[:-2]:
            raise ValueError(
                f"the background has the stack of tasks {tuple(self.background.shape[:-2])}, the "
                f"rows {tuple(rows.shape[:-2])}; they need the same."
            )
        if masks.ndim != 2 and masks.shape[:-2] != rows.shape[:-1]:
            raise ValueError(
                "masks are (coalition, feature) for all rows or (*tasks, row, coalition, feature); "
                f"found {tuple(masks.shape)} beside rows of {tuple(rows.shape)}."
            )


def explainer_of(
    estimate: Callable[..., Attribution],
    background: Float[Tensor, "*tasks background feature"],
    **knobs: Any,
) -> Explainer:
    """Return an estimator of this floor as an explainer, `(model, x, *, target)`.

    Args:
        estimate: from a game and rows to an attribution, such as `exact_shapley`.
        knobs: what `estimate` is told besides.
    """

    def explain(
        model: Model, x: Float[Tensor, "*tasks row feature"], *, target: Target
    ) -> Attribution:
        return estimate(Game(model, background, target=target), x, **knobs)

    return explain
