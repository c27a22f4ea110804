"""Has the stream changed? A window is held against the first items, and a bound against quiet ones.

Two statistics. `mean_shift`: how far a mean over the last items lies from the mean of the first, in
standard errors, the largest of all columns. `profile_shift`: which share of the explanation each
column holds, by sizes; the part of it that has changed hands. A bound is what quiet streams seldom
reach in all their items, so it holds whatever law the statistic follows. Sources: Gama et al.
(2014), section 3.2, for two windows; Page (1954) for sums that wait for a change.
Chapter: book/outlook/in_real_time.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


def window_means(
    values: Float[Tensor, "*run item feature"], window: int
) -> Float[Tensor, "*run item feature"]:
    """Return the mean of the last `window` items at each item; NaN before there are as many.

    Raises:
        ValueError: if the window is below 1 or longer than the stream.
    """
    n_items = values.shape[-2]
    if not 1 <= window <= n_items:
        raise ValueError(f"a window holds 1 to {n_items} items of this stream; found {window}.")
    sums = values.double().cumsum(-2)
    moved = sums[..., window:, :] - sums[..., :-window, :]
    ended = torch.cat([sums[..., window - 1 : window, :], moved], -2)
    early = values.new_full((*values.shape[:-2], window - 1, values.shape[-1]), torch.nan)
    return torch.cat([early, (ended / window).to(values)], -2)


def mean_shift(
    values: Float[Tensor, "*run item feature"], *, known: int, window: int
) -> Float[Tensor, "*run item"]:
    """Return how far the last items' means lie from those of the first, in standard errors.

    The largest over columns is returned; NaN up to the end of the first `known` items.
    """
    first = values[..., :known, :]
    size = first.std(-2, keepdim=True).clamp_min(1e-9) / window**0.5
    away = (window_means(values, window) - first.mean(-2, keepdim=True)) / size
    return _after(away.abs().amax(-1), known)


def profile_shift(
    values: Float[Tensor, "*run item feature"], *, known: int, window: int
) -> Float[Tensor, "*run item"]:
    """Return which part of the explanation has changed hands since the first items: 0 to 1.

    NaN up to the end of the first `known` items.
    """
    first = shares_of(values[..., :known, :].abs().mean(-2, keepdim=True))
    now = shares_of(window_means(values.abs(), window))
    return _after((now - first).abs().sum(-1) / 2, known)


def shares_of(sizes: Float[Tensor, "*any feature"]) -> Float[Tensor, "*any feature"]:
    """Return the share of each column in the sum of all."""
    return sizes / sizes.sum(-1, keepdim=True).clamp_min(1e-12)


def bound_of(quiet: Float[Tensor, "run item"], *, kept: float = 0.98) -> float:
    """Return what a share `kept` of quiet streams never passes.

    Raises:
        ValueError: if there are too few streams to know it.
    """
    if len(quiet) * (1 - kept) < 1:
        raise ValueError(
            f"a bound that {kept:.0%} of quiet streams keep needs more than {1 / (1 - kept):.0f} "
            f"of them; found {len(quiet)}."
        )
    return float(quiet.nan_to_num(-torch.inf).amax(-1).quantile(kept))


@dataclass(frozen=True, eq=False)
class Alarms:
    """The first alarm of each stream.

    Args:
        item: at which it rang; infinite if none did.
    """

    item: Float[Tensor, " run"]

    def false(self, start: int | None = None) -> float:
        """Return the share of streams that rang before a change, or at all if there is none."""
        return float((self.item < (torch.inf if start is None else start)).double().mean())

    def noticed(self, start: int, within: int = 200) -> float:
        """Return the share of streams that rang first in the items after a change.

        A stream that rang before counts as not noticed.
        """
        return float(((self.item >= start) & (self.item < start + within)).double().mean())

    def delay(self, start: int) -> float:
        """Return the median number of items from the change to an alarm; NaN if none rang."""
        rang = (self.item >= start) & self.item.isfinite()
        return float((self.item[rang] - start).median())


def alarms(statistic: Float[Tensor, "run item"], bound: float) -> Alarms:
    """Ring where a statistic passes its bound, and keep the first time."""
    place = torch.arange(statistic.shape[-1], device=statistic.device).double()
    return Alarms(place.where(statistic > bound, torch.inf).amin(-1))


def _after(statistic: Float[Tensor, "*run item"], known: int) -> Float[Tensor, "*run item"]:
    early = torch.arange(statistic.shape[-1]) < known
    return statistic.masked_fill(early.to(statistic.device), torch.nan)
