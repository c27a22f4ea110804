"""Values of a game on the way: what is asked, tile by tile, and what is already paid for.

Chapter: book/local/shapley_and_lime.ipynb.
"""

from collections.abc import Iterator

import torch
from jaxtyping import Bool, Float
from torch import Tensor


class PaidValues:
    """A sheet of values, one for each row and coalition, that fills up tile by tile.

    Args:
        room: values that a tile may hold.
    """

    def __init__(
        self,
        rows: Float[Tensor, "*tasks row feature"],
        masks: Bool[Tensor, "*each coalition feature"],
        *,
        room: int,
    ) -> None:
        self.rows, self.masks = rows, masks
        self.values = rows.new_empty(*rows.shape[:-1], masks.shape[-2])
        self._wide = max(1, min(room, masks.shape[-2]))
        self._high = max(1, room // self._wide)
        self._n_tiles, self._n_values = 0, 0

    def __str__(self) -> str:
        return (
            f"{self._n_values:,} of {self.values.numel():,} values are paid for and kept: ask the "
            "same game for the same rows and coalitions again, and it goes on there."
        )

    def is_for(self, rows: Tensor, masks: Tensor) -> bool:
        """Say whether these are the values of `rows` and `masks`."""
        same = self.rows.shape == rows.shape and self.masks.shape == masks.shape
        return same and torch.equal(self.rows, rows) and torch.equal(self.masks, masks)

    def open_tiles(self) -> Iterator[tuple[slice, slice]]:
        """Name rows and coalitions of each tile that is not paid for yet."""
        n_rows, n_masks = self.values.shape[-2:]
        tiles = [
            (slice(top, top + self._high), slice(left, left + self._wide))
            for top in range(0, n_rows, self._high)
            for left in range(0, n_masks, self._wide)
        ]
        yield from tiles[self._n_tiles :]

    def of(self, at_rows: slice, at_masks: slice) -> tuple[Tensor, Tensor]:
        """Return rows and masks of a tile."""
        masks = self.masks[..., at_masks, :]
        shared = masks.ndim == 2
        return self.rows[..., at_rows, :], masks if shared else masks[..., at_rows, :, :]

    def keep(self, found: Tensor, at_rows: slice, at_masks: slice) -> None:
        """Write down the values of a tile, the next one of `open_tiles`."""
        self.values[..., at_rows, at_masks] = found.to(self.values)
        self._n_tiles += 1
        self._n_values += found.numel()

    def own_copy(self) -> "PaidValues":
        """Return the same sheet with rows and masks that nobody else can change."""
        self.rows, self.masks = self.rows.clone(), self.masks.clone()
        return self
