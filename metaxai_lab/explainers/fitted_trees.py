"""From the questions of a tree to its answers: labelled rows are sent down and counted.

Chapter: book/global/trees_and_rules.ipynb.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.explainers.classes import one_hot, outputs_of
from metaxai_lab.explainers.seen import seen_in
from metaxai_lab.explainers.trees import Tree


def fitted_tree(
    column: Int[Tensor, " node"],
    threshold: Float[Tensor, " node"],
    left: Int[Tensor, " node"],
    right: Int[Tensor, " node"],
    *,
    x: Float[Tensor, "row feature"],
    labels: Int[Tensor, " row"],
    n_outputs: int,
) -> Tree:
    """Return the tree of these questions, its answers taken from labelled rows.

    A node comes before those below it.

    Raises:
        ValueError: if a cell is NaN or infinite, or a label is no class.
    """
    shares = one_hot(labels, n_outputs)
    counts = shares.new_zeros(len(column), shares.shape[1])
    blank = counts.new_zeros(len(column), n_outputs)
    empty = torch.zeros_like(column)
    tree = Tree(column, threshold, left, right, blank, empty, seen_in(x))
    node = torch.zeros_like(labels)
    counts[0] = shares.sum(0)
    for _ in range(tree.depth):
        after = tree.below(node, x)
        counts.index_add_(0, after, shares * (after != node)[:, None])
        node = after
    n_rows = counts.sum(1).long()
    return Tree(
        column, threshold, left, right, outputs_of(counts, n_outputs), n_rows, tree.fitted_on
    )


def rounded_down(threshold: Float[Tensor, " node"], like: Tensor) -> Float[Tensor, " node"]:
    """Return the largest numbers of the kind of `like` that are not above the thresholds.

    So a row of that kind gets the same answer as by the threshold itself.
    """
    near = threshold.to(like)
    below = torch.nextafter(near, torch.full_like(near, -torch.inf))
    return torch.where(near.to(threshold) > threshold, below, near)
