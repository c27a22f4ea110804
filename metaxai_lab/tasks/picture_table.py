"""Pictures of many classes in one tensor of bytes, standing class by class.

All that a sampler needs is how many pictures each class has: a picture is then a number, and a
batch is a gather. Classes may differ in size, and pictures may have colours. Classes turned by
quarters are new classes (Vinyals et al., 2016, section 4.1.1; Santoro et al., 2016, section 4.1).
Chapter: book/attention/from_equations.ipynb. Chapter: book/concepts/three_families.ipynb.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Int, UInt8
from torch import Tensor

GIB = 2**30


class TableTooLargeWarning(UserWarning):
    """The pictures do not fit into the memory of the device; they stay where they are."""


@dataclass(frozen=True)
class PictureTable:
    """Square pictures of many classes, resident in memory.

    Args:
        pixels: brightness from 0 to 255. The pictures of class 0 come first, then those of class 1;
            a picture is a row of channels * side * side pixels, folding to (channels, side, side).
        counts: pictures per class, on the CPU.
        names: one name per class.
        side: height and width of a picture, in pixels.
        channels: 1 for grey, 3 for red, green and blue.

    Raises:
        ValueError: if pictures are not channels x side x side bytes, or the counts and names do not
            account for all pictures and classes.
    """

    pixels: UInt8[Tensor, "picture feature"]
    counts: Int[Tensor, " class"]
    names: tuple[str, ...]
    side: int
    channels: int = 1

    def __post_init__(self) -> None:
        n_pixels, wanted = self.pixels.shape[-1], self.channels * self.side**2
        if n_pixels != wanted or self.pixels.dtype != torch.uint8:
            raise ValueError(
                f"pictures of side {self.side} and {self.channels} channel(s) need rows of "
                f"{wanted} uint8 pixels; found {n_pixels} of {self.pixels.dtype}. "
                "Resize the pictures, or give their own side and channels."
            )
        self._check_counts()

    def _check_counts(self) -> None:
        if len(self.names) != len(self.counts):
            raise ValueError(
                f"a table of {len(self.counts)} classes needs {len(self.counts)} names; "
                f"found {len(self.names)}."
            )
        if self.counts.device.type != "cpu" or int(self.counts.sum()) != len(self.pixels):
            raise ValueError(
                f"counts say on the CPU how the {len(self.pixels)} pictures fall into classes; "
                f"found {int(self.counts.sum())} counted, on {self.counts.device}."
            )

    @property
    def starts(self) -> Int[Tensor, " class"]:
        """The row of each class's first picture."""
        return self.counts.cumsum(0) - self.counts

    def to(self, device: torch.device | str) -> "PictureTable":
        """Return the same table on `device`, or this one, with a warning, if it does not fit."""
        if torch.device(device).type == "cuda" and self.pixels.device.type != "cuda":
            free, needed = torch.cuda.mem_get_info(device)[0], self.pixels.nbytes
            if needed > free:
                warnings.warn(
                    f"the picture table needs {needed / GIB:.3g} GiB; {device} has "
                    f"{free / GIB:.3g} GiB free. It stays on the {self.pixels.device.type}, where "
                    "episodes are drawn all the same; move each with .to(device).",
                    TableTooLargeWarning,
                    stacklevel=2,
                )
                return self
        return self._with_pixels(self.pixels.to(device))

    def classes(self, rows: Sequence[int] | Int[Tensor, " chosen"]) -> "PictureTable":
        """Return the table of the chosen classes, in the order of `rows`.

        Raises:
            ValueError: if there is no such class, or one is chosen twice.
        """
        chosen = torch.as_tensor(rows, dtype=torch.int64).cpu()
        self._check_rows(chosen)
        counts, starts = self.counts[chosen], self.starts[chosen]
        first = starts - (counts.cumsum(0) - counts)
        index = torch.arange(int(counts.sum())) + first.repeat_interleave(counts)
        names = tuple(self.names[row] for row in chosen.tolist())
        pixels = self.pixels.index_select(0, index.to(self.pixels.device))
        return PictureTable(pixels, counts, names, self.side, self.channels)

    def rotated(self) -> "PictureTable":
        """Return four times the classes: as they are, then all turned left by 90, 180, 270 degrees.

        So class `c` turned by `k` quarters is class `c + k * n_classes`.
        """
        squares = self.pixels.view(-1, self.channels, self.side, self.side)
        turned = [squares.rot90(quarters, (2, 3)).flatten(1) for quarters in range(4)]
        names = [f"{name} turned {angle}" for angle in (90, 180, 270) for name in self.names]
        counts = self.counts.repeat(4)
        return PictureTable(
            torch.cat(turned), counts, (*self.names, *names), self.side, self.channels
        )

    def _check_rows(self, rows: Int[Tensor, " chosen"]) -> None:
        outside = rows[(rows < 0) | (rows >= len(self.counts))].tolist()
        if outside or len(rows.unique()) < len(rows):
            raise ValueError(
                f"classes() takes each of the classes 0 to {len(self.counts) - 1} at most once; "
                f"found {f'class {outside[0]}' if outside else 'one twice'}."
            )

    def _with_pixels(self, pixels: Tensor) -> "PictureTable":
        return PictureTable(pixels, self.counts, self.names, self.side, self.channels)
