"""Trees grown question by question, each the best for the rows that are left: CART.

`grow_tree` grows one from labels. `distil_tree` asks a teacher first, so that the tree says what
the teacher says: it need not be right, only like it. scikit-learn does the growing.
Source: Breiman, Friedman, Olshen & Stone (1984). Chapter: book/global/trees_and_rules.ipynb.
"""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from metaxai_lab.core import Model
from metaxai_lab.explainers.classes import asked_classes, one_hot
from metaxai_lab.explainers.fitted_trees import fitted_tree, rounded_down
from metaxai_lab.explainers.seen import seen_in
from metaxai_lab.explainers.trees import LEAF, Tree


def grow_tree(
    x: Float[Tensor, "row feature"],
    labels: Int[Tensor, " row"],
    *,
    depth: int | None,
    n_leaves: int | None = None,
    min_rows: int = 1,
    n_outputs: int = 1,
) -> Tree:
    """Grow a tree from labelled rows by CART; equal questions are told apart the same every time.

    Where rows or classes run out first, it stays smaller than it may be.

    Args:
        depth: the most questions a row is asked; None for no limit.
        n_leaves: the most answers; None for no limit.
        min_rows: the fewest rows of an answer.
        n_outputs: of the tree: 1 gives the log-odds of class 1, more a number for each class.

    Raises:
        ValueError: if a cell is NaN or infinite, a label is no class, or a limit is too low.
    """
    _refuse_limits(depth, n_leaves, min_rows)
    seen_in(x)
    one_hot(labels, n_outputs)
    if depth == 0 or n_leaves == 1:
        return _single(x, labels, n_outputs)
    from sklearn.tree import DecisionTreeClassifier  # here, since it takes longer than all the lab

    grown: Any = DecisionTreeClassifier(
        max_depth=depth, max_leaf_nodes=n_leaves, min_samples_leaf=min_rows, random_state=0
    ).fit(x.detach().float().cpu().numpy(), labels.cpu().numpy())
    return _read(grown.tree_, x.detach(), labels, n_outputs)


def distil_tree(
    teacher: Model, x: Float[Tensor, "row feature"], *, depth: int | None, **limits: Any
) -> Tree:
    """Ask the teacher for the class of each row, and grow a tree from what it says.

    The tree has as many outputs as the teacher. A teacher that says the same of all rows gives a
    tree without questions.

    Args:
        limits: `n_leaves` and `min_rows` of `grow_tree`.

    Raises:
        ModelFailedError: if the teacher raises an error.
        ValueError: if it answers NaN or infinity, or as `grow_tree` does.
    """
    seen_in(x)
    labels, n_outputs = asked_classes(teacher, x)
    return grow_tree(x, labels, depth=depth, n_outputs=n_outputs, **limits)


def _read(nodes: Any, x: Tensor, labels: Tensor, n_outputs: int) -> Tree:
    """Return a tree of scikit-learn as ours."""
    own = torch.arange(nodes.node_count)
    left, right = (torch.tensor(a).long() for a in (nodes.children_left, nodes.children_right))
    leaf = left < 0
    column = torch.where(leaf, LEAF, torch.tensor(nodes.feature).long())
    threshold = rounded_down(torch.tensor(nodes.threshold), x.cpu())
    parts = (column, threshold, torch.where(leaf, own, left), torch.where(leaf, own, right))
    column, threshold, left, right = (part.to(x.device) for part in parts)
    return fitted_tree(column, threshold, left, right, x=x, labels=labels, n_outputs=n_outputs)


def _single(x: Tensor, labels: Tensor, n_outputs: int) -> Tree:
    """Return the tree that asks nothing."""
    node = torch.zeros(1, dtype=torch.long, device=x.device)
    blank = torch.zeros(1, device=x.device, dtype=x.dtype)
    return fitted_tree(node + LEAF, blank, node, node, x=x, labels=labels, n_outputs=n_outputs)


def _refuse_limits(depth: int | None, n_leaves: int | None, min_rows: int) -> None:
    if (depth or 0) < 0 or (1 if n_leaves is None else n_leaves) < 1 or min_rows < 1:
        raise ValueError(
            f"a tree needs a depth of 0 or more, and 1 leaf and 1 row in it or more; found depth "
            f"{depth}, n_leaves {n_leaves}, min_rows {min_rows}."
        )
