"""The best tree there is: no tree of this depth and these questions errs on fewer of the rows.

CART takes the best question first and never goes back. Here every pair of a first and a second
question is counted at once, as a matrix product: rows that answer yes to both, class by class, give
the best tree of depth two. Depth three does this for both sides of every first question.
Questions are "at most this much?" for a few thresholds of each column, so the tree is the best of
those that ask them. Source: Demirović et al. (2022), for depth two from pairs of counts.
Chapter: book/global/trees_and_rules.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.classes import asked_classes, one_hot
from metaxai_lab.explainers.fitted_trees import fitted_tree
from metaxai_lab.explainers.seen import seen_in
from metaxai_lab.explainers.trees import LEAF, Tree

DEEPEST = 3
CELLS = 2**24  # counted at once, so that a tile fits the memory
Rows = Bool[Tensor, " row"]


@dataclass(frozen=True)
class Ask:
    """A question, by its number, and what follows after yes and after no; None where it ends."""

    question: int
    yes: "Ask | None" = None
    no: "Ask | None" = None


def optimal_tree(
    x: Float[Tensor, "row feature"],
    labels: Int[Tensor, " row"],
    *,
    depth: int = 3,
    n_thresholds: int = 8,
    n_outputs: int = 1,
) -> Tree:
    """Return a tree with the fewest errors on these rows; none of its questions is idle.

    Args:
        depth: 1 to 3.
        n_thresholds: of each column, at equal shares of its rows; a column of few values has all.
        n_outputs: of the tree: 1 gives the log-odds of class 1, more a number for each class.

    Raises:
        ValueError: if depth is none of these, a cell is NaN or infinite, or a label is no class.
    """
    if not 1 <= depth <= DEEPEST or n_thresholds < 1:
        raise ValueError(
            f"an optimal tree has a depth of 1 to {DEEPEST} and asks about 1 threshold of a column "
            f"or more; found depth {depth} and n_thresholds {n_thresholds}. grow_tree goes deeper."
        )
    seen_in(x)
    column, threshold = questions(x, n_thresholds=n_thresholds)
    yes = (x[:, column] <= threshold).float()
    shares = one_hot(labels, n_outputs)
    best = _best(yes, shares, depth) if len(column) else None
    parts = _laid_out(best, yes.bool(), column, threshold)
    return fitted_tree(*parts, x=x, labels=labels, n_outputs=n_outputs).merged()


def optimal_surrogate(
    teacher: Model, x: Float[Tensor, "row feature"], *, depth: int = 3, n_thresholds: int = 8
) -> Tree:
    """Ask the teacher for the class of each row, and return the best tree of what it says.

    Raises:
        ModelFailedError: if the teacher raises an error.
        ValueError: if it answers NaN or infinity, or as `optimal_tree` does.
    """
    seen_in(x)
    labels, n_outputs = asked_classes(teacher, x)
    return optimal_tree(x, labels, depth=depth, n_thresholds=n_thresholds, n_outputs=n_outputs)


def questions(
    x: Float[Tensor, "row feature"], *, n_thresholds: int
) -> tuple[Int[Tensor, " question"], Float[Tensor, " question"]]:
    """Return columns and thresholds that part the rows; a constant column has none."""
    parts = torch.linspace(0, 1, n_thresholds + 2, dtype=x.dtype, device=x.device)[1:-1]
    asked = []
    for values in x.detach().T:
        distinct = values.unique()
        between = (distinct[1:] + distinct[:-1]) / 2
        if len(between) > n_thresholds:
            between = values.quantile(parts).unique()
        asked.append(between[(between >= distinct[0]) & (between < distinct[-1])])
    counts = torch.tensor([len(some) for some in asked], device=x.device)
    return torch.arange(len(asked), device=x.device).repeat_interleave(counts), torch.cat(asked)


def _best(yes: Tensor, shares: Tensor, depth: int) -> Ask:
    everyone = yes.new_ones(1, len(yes))
    if depth == 1:
        counts, total = yes.T @ shares, shares.sum(0)
        return Ask(int((_wrong(counts) + _wrong(total - counts)).argmin()))
    if depth == 2:
        return _as_asked(_best_two(yes, shares, everyone), 0)
    sides = [_best_two(yes, shares, side) for side in (yes.T, 1 - yes.T)]
    first = int((sides[0][0] + sides[1][0]).argmin())
    return Ask(first, *(_as_asked(side, first) for side in sides))


def _as_asked(found: tuple[Tensor, ...], subset: int) -> Ask:
    _, first, after_yes, after_no = (part[subset] for part in found)
    return Ask(int(first), Ask(int(after_yes)), Ask(int(after_no)))


def _best_two(yes: Tensor, shares: Tensor, subsets: Tensor) -> tuple[Tensor, ...]:
    """Return of each subset of rows the errors of its best tree of depth two, and the questions."""
    at_once = max(1, CELLS // (yes.shape[1] * max(yes.shape)))
    tiles = [_best_two_of(yes, shares, some) for some in subsets.split(at_once)]
    return tuple(torch.cat(part) for part in zip(*tiles, strict=True))


def _best_two_of(yes: Tensor, shares: Tensor, subsets: Tensor) -> tuple[Tensor, ...]:
    """Return the same for one tile: rows of a class are counted for all pairs of questions."""
    asked = subsets[:, None] * yes.T  # (subset, question, row)
    both = torch.stack([(asked * share) @ yes for share in shares.T], -1)
    first = both.diagonal(dim1=1, dim2=2).mT  # yes to one question: (subset, question, class)
    total = (subsets @ shares)[:, None, None]
    once, twice = first[:, :, None], first[:, None]
    after_yes = (_wrong(both) + _wrong(once - both)).min(2)
    after_no = (_wrong(twice - both) + _wrong(total - once - twice + both)).min(2)
    errors, best = (after_yes.values + after_no.values).min(1)
    chosen = [after.indices.gather(1, best[:, None])[:, 0] for after in (after_yes, after_no)]
    return errors, best, *chosen


def _wrong(counts: Tensor) -> Tensor:
    """Return how many rows are not of the commonest class."""
    return counts.sum(-1) - counts.amax(-1)


def _laid_out(best: Ask | None, yes: Tensor, column: Tensor, threshold: Tensor) -> tuple:
    """Return the tree as a list of nodes, without questions that all rows answer alike."""
    nodes: list[list[float]] = []  # column, threshold, left, right

    def lay(ask: Ask | None, rows: Tensor) -> int:
        if ask is None:
            nodes.append([LEAF, 0.0, len(nodes), len(nodes)])
            return len(nodes) - 1
        sides = rows & yes[:, ask.question], rows & ~yes[:, ask.question]
        for other, after in zip(sides, (ask.no, ask.yes), strict=True):
            if not bool(other.any()):
                return lay(after, rows)
        place = len(nodes)
        nodes.append([int(column[ask.question]), float(threshold[ask.question]), 0, 0])
        nodes[place][2:] = [lay(ask.yes, sides[0]), lay(ask.no, sides[1])]
        return place

    lay(best, torch.ones(len(yes), dtype=torch.bool, device=yes.device))
    kept = torch.tensor(nodes, dtype=torch.float64, device=yes.device)
    whole = [kept[:, i].long() for i in (0, 2, 3)]
    return whole[0], kept[:, 1].to(threshold.dtype), whole[1], whole[2]
