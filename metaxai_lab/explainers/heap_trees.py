"""Complete trees of one depth for a whole stack of teachers, which answer in one batch.

Nodes lie as in a heap: below node i are 2 i + 1, where the answer is no, and 2 i + 2, where the
column is above the threshold. A node that asks nothing has an infinite threshold.
Chapter: book/global/meta_learned_surrogates.ipynb.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


@dataclass(frozen=True, eq=False)
class HeapTrees:
    """One tree for each teacher: a Model of the stack.

    Args:
        column: that each node asks about.
        threshold: above which a row goes to the second child.
        value: score of each leaf: positive for class 1.
    """

    column: Int[Tensor, "task node"]
    threshold: Float[Tensor, "task node"]
    value: Float[Tensor, "task leaf"]

    def __call__(self, x: Float[Tensor, "task row feature"]) -> Float[Tensor, "task row 1"]:
        """Return the score of the leaf of each row."""
        leaf = leaves_of(self.column, self.threshold, x)
        return self.value.gather(1, leaf)[..., None]


def leaves_of(
    column: Int[Tensor, "task node"],
    threshold: Float[Tensor, "task node"],
    x: Float[Tensor, "task row feature"],
) -> Int[Tensor, "task row"]:
    """Return the leaf that each row falls into, counted from the left."""
    n_nodes = column.shape[1]
    node = torch.zeros(x.shape[:2], dtype=torch.long, device=x.device)
    while int(node.min()) < n_nodes:
        asked = x.gather(2, column.gather(1, node)[..., None])[..., 0]
        node = 2 * node + 1 + (asked > threshold.gather(1, node)).long()
    return node - n_nodes


def with_leaves(
    column: Int[Tensor, "task node"],
    threshold: Float[Tensor, "task node"],
    x: Float[Tensor, "task row feature"],
    labels: Bool[Tensor, "task row"],
) -> HeapTrees:
    """Return trees whose leaves answer as most of their rows do.

    A leaf without rows answers as the nearest node above it that has some; a tie is class 0.
    """
    found = leaves_of(column, threshold, x)
    n_leaves = column.shape[1] + 1
    here = torch.nn.functional.one_hot(found, n_leaves).to(x)
    rows, ones = here.sum(1), (here * labels[..., None]).sum(1)
    value = x.new_zeros(rows.shape)
    known = torch.zeros_like(rows, dtype=torch.bool)
    for width in (2**level for level in range(n_leaves.bit_length())):
        n = rows.unflatten(1, (-1, width)).sum(2).repeat_interleave(width, 1)
        p = ones.unflatten(1, (-1, width)).sum(2).repeat_interleave(width, 1)
        value = torch.where(known | (n == 0), value, p / n.clamp(min=1) - 0.5)
        known |= n > 0
    return HeapTrees(column, threshold, value)
