"""Is a sensor stuck, missing, or in another unit? What ten days say, beside what is usual.

What is usual is learned from stations that are known to be well: how long a column stayed at one
value, and where its medians lay.
Chapter: book/applications/city.ipynb.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

DAYS = 10


@dataclass(frozen=True)
class Usual:
    """What is usual of each column.

    Args:
        low: the least median of any ten days that follow each other; `high` the greatest.
        longest: for how many days a column stayed at one value, at most.
    """

    names: tuple[str, ...]
    low: Float[Tensor, " column"]
    high: Float[Tensor, " column"]
    longest: Int[Tensor, " column"]

    def faults(self, days: Float[Tensor, "day column"]) -> list[str]:
        """Return a sentence for each column that looks wrong; none where all is well.

        Raises:
            ValueError: if the columns are not as many as the names.
        """
        if days.shape[1] != len(self.names):
            raise ValueError(
                f"{len(self.names)} columns are known ({', '.join(self.names)}); found "
                f"{days.shape[1]}."
            )
        return [said for i in range(len(self.names)) if (said := self._fault(i, days[:, i]))]

    def _fault(self, i: int, values: Float[Tensor, " day"]) -> str | None:
        name, most = self.names[i], int(self.longest[i])
        if n_empty := int((~values.isfinite()).sum()):
            return f"{name}: {n_empty} of {len(values)} days hold no number. Was it measured?"
        stayed, middle = int(runs(values[:, None])[0]), float(values.median())
        if stayed > most + 1:
            return (
                f"{name}: the same value, {float(values.mode().values):g}, {stayed} days running; "
                f"at other stations {most} at most. Is the sensor stuck?"
            )
        if not float(self.low[i]) <= middle <= float(self.high[i]):
            return (
                f"{name}: the median of these days is {middle:.3g}; at other stations it lay "
                f"between {float(self.low[i]):.3g} and {float(self.high[i]):.3g}. Another unit?"
            )
        return None


def usual(
    days: Float[Tensor, "station day column"], names: Sequence[str], *, room: float = 0.25
) -> Usual:
    """Return what is usual at stations that are well.

    Args:
        room: how much farther a median may lie, as a share of the range that was seen.
    """
    medians = days.unfold(1, DAYS, 1).median(-1).values.flatten(0, 1)
    low, high = medians.amin(0), medians.amax(0)
    more = room * (high - low)
    longest = torch.stack([runs(station) for station in days]).amax(0)
    return Usual(tuple(names), low - more, high + more, longest)


def runs(days: Float[Tensor, "day column"]) -> Int[Tensor, " column"]:
    """Return for how many days each column stayed at one value, at most."""
    place = torch.arange(1, len(days), device=days.device)[:, None]
    changed = place.where(days[1:] != days[:-1], 0).cummax(0).values
    stayed = place - changed + 1
    return stayed.amax(0) if len(days) > 1 else stayed.new_ones(days.shape[1])
