"""Trees grown with a prior: what was learned of columns elsewhere weighs on every split.

CART takes the split that lowers the impurity most. With few answers the impurity says little, and
columns win by luck. Here what a split gains is multiplied by a power of the weight of its column,
such as its gate (part Importance): a column that hardly ever mattered has to gain a lot. All
teachers of a stack grow together. Source of the plain search: Breiman et al. (1984).
Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.explainers.heap_trees import HeapTrees, with_leaves


@dataclass(frozen=True, eq=False)
class Cuts:
    """The thresholds that a tree may take; they can serve many trees on the same rows.

    Args:
        place: how many thresholds of its column each value lies above.
    """

    thresholds: Float[Tensor, "task feature cut"]
    place: Int[Tensor, "task feature row"]


def cuts_of(x: Float[Tensor, "task row feature"], n_cuts: int | None = None) -> Cuts:
    """Return `n_cuts` thresholds of each column, at quantiles; all of them where it is None."""
    thresholds = _thresholds(x, n_cuts).contiguous()
    return Cuts(thresholds, torch.searchsorted(thresholds, x.mT.contiguous()))


def grow_stack(
    x: Float[Tensor, "task row feature"],
    labels: Bool[Tensor, "task row"],
    weights: Float[Tensor, "task feature"] | None = None,
    *,
    depth: int = 3,
    strength: float = 1.0,
    least_rows: int = 1,
    n_cuts: int | None = None,
    cuts: Cuts | None = None,
) -> HeapTrees:
    """Grow a tree for each teacher of a stack.

    Args:
        weights: of each column, 0 or more; equal ones, or None, give plain CART.
        strength: the power they are taken to; 0 gives plain CART too.
        least_rows: on each side of a split.
        n_cuts: thresholds that are tried in each column, at quantiles; None for all of them.
        cuts: those of `cuts_of(x, n_cuts)`, where they are known already.

    Raises:
        ValueError: if `depth` or `least_rows` is below 1, or a value is NaN or infinite.
    """
    if depth < 1 or least_rows < 1 or strength < 0:
        raise ValueError(
            "depth and least_rows are 1 or more and strength 0 or more; found "
            f"{depth}, {least_rows} and {strength}."
        )
    weights = x.new_ones(x.shape[::2]) if weights is None else weights
    if not bool(x.isfinite().all() and weights.isfinite().all() and (weights >= 0).all()):
        raise ValueError(
            "rows and weights need finite values, and weights 0 or more; found NaN, infinity or a "
            "negative weight. Leave such rows out."
        )
    cuts = cuts_of(x, n_cuts) if cuts is None else cuts
    place, n_tried = cuts.place, cuts.thresholds.shape[2]
    favour = weights.to(x).clamp(min=1e-6).pow(strength)
    node = torch.zeros_like(labels, dtype=torch.long)
    columns, thresholds = [], []
    for level in range(depth):
        counts = _counts(place, node, labels, 2**level, n_tried)
        gain = _gains(*counts, least_rows) * favour[:, None, :, None]
        best, at = gain.flatten(2).max(2)
        column, cut = at // n_tried, at % n_tried
        threshold = cuts.thresholds.flatten(1).gather(1, at)
        columns.append(column)
        thresholds.append(threshold.where(best > 0, torch.full_like(threshold, torch.inf)))
        value = place.gather(1, column.gather(1, node)[:, None])[:, 0]
        node = 2 * node + ((value > cut.gather(1, node)) & (best > 0).gather(1, node)).long()
    return with_leaves(torch.cat(columns, 1), torch.cat(thresholds, 1), x, labels)


def _thresholds(
    x: Float[Tensor, "task row feature"], n_cuts: int | None
) -> Float[Tensor, "task feature cut"]:
    """Return middles between neighbours in each column; of one row, a cut that parts nothing."""
    ranked = x.mT.sort(-1).values
    n_rows = ranked.shape[-1]
    if n_rows == 1:
        return ranked
    middles = (ranked[..., 1:] + ranked[..., :-1]) / 2
    if n_cuts is None or n_cuts >= n_rows:
        return middles
    at = torch.linspace(0, n_rows - 2, n_cuts + 2, device=x.device)[1:-1].round().long()
    return middles[..., at]


def _counts(
    place: Int[Tensor, "task feature row"],
    node: Int[Tensor, "task row"],
    labels: Bool[Tensor, "task row"],
    n_nodes: int,
    n_cuts: int,
) -> tuple[Float[Tensor, "task node feature cut"], Float[Tensor, "task node feature cut"]]:
    """Return how many rows of each node lie above each cut, and how many of them are of class 1.

    Before the first cut stands one that all rows lie above.
    """
    n_tasks, n_features, _ = place.shape
    column = torch.arange(n_features, device=place.device)[:, None]
    at = (node[:, None] * n_features + column) * (n_cuts + 1) + place
    empty = torch.zeros(n_tasks, n_nodes * n_features * (n_cuts + 1), device=place.device)
    ones = labels[:, None].expand_as(place).flatten(1).to(empty)
    rows = [empty.scatter_add(1, at.flatten(1), amount) for amount in (torch.ones_like(ones), ones)]
    shaped = (found.unflatten(1, (n_nodes, n_features, n_cuts + 1)) for found in rows)
    n, p = (found.flip(-1).cumsum(-1).flip(-1) for found in shaped)
    return n, p


def _gains(
    n: Float[Tensor, "task node feature cut"],
    p: Float[Tensor, "task node feature cut"],
    least_rows: int,
) -> Float[Tensor, "task node feature cut_"]:
    """Return how much each cut lowers the Gini impurity of each node; 0 where it may not."""
    n_all, p_all, n_above, p_above = n[..., :1], p[..., :1], n[..., 1:], p[..., 1:]
    gain = _gini(n_all, p_all) - _gini(n_above, p_above) - _gini(n_all - n_above, p_all - p_above)
    allowed = (n_above >= least_rows) & (n_all - n_above >= least_rows)
    return torch.where(allowed & (gain > 1e-6), gain, torch.zeros_like(gain))


def _gini(n: Tensor, p: Tensor) -> Tensor:
    return 2 * p * (n - p) / n.clamp(min=1e-9)
