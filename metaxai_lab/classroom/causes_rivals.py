"""Rivals of a mended rule list: models of scikit-learn that are told the orders beforehand.

A tree that may not ask a question whose two answers are out of order, and many small trees added up
under the same rule. Chapter: book/outlook/causes_and_logic.ipynb.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch

from metaxai_lab.core import Examples
from metaxai_lab.explainers import RuleList, rules_of
from metaxai_lab.explainers.fitted_trees import fitted_tree, rounded_down
from metaxai_lab.explainers.rule_constraints import Constraint, Grid, Monotone
from metaxai_lab.explainers.rule_repair import mend
from metaxai_lab.explainers.trees import LEAF, Tree


def monotone_list(
    rows: Examples, constraints: Sequence[Constraint], grid: Grid, *, depth: int = 4
) -> RuleList:
    """Grow a tree that may not break the `Monotone` constraints, and decree the others.

    It needs no solver for what it can be told beforehand.
    """
    from sklearn.tree import DecisionTreeClassifier  # here, since it takes longer than the lab

    orders = orders_of(constraints, len(grid.low))
    grown = DecisionTreeClassifier(
        max_depth=depth, min_samples_leaf=5, random_state=0, monotonic_cst=orders
    ).fit(rows.x.numpy(), rows.y.numpy())
    rules = rules_of(_read(grown.tree_, rows))
    return mend(rules, constraints, grid, x=rows.x, labels=rows.y).rules


def boosted_agreement(rows: Examples, others: Examples, constraints: Sequence[Constraint]) -> float:
    """Return the share of other files that sixty small trees, added up in order, decide alike."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # here, as above

    orders = orders_of(constraints, rows.x.shape[-1])
    grown = HistGradientBoostingClassifier(max_iter=60, monotonic_cst=orders)
    grown.fit(rows.x.numpy(), rows.y.numpy())
    return float(grown.score(others.x.numpy(), others.y.numpy()))


def orders_of(constraints: Sequence[Constraint], n_columns: int) -> list[int]:
    """Return for each column 1 if more of it must not harm, -1 if less must not, else 0."""
    orders = [0] * n_columns
    for constraint in constraints:
        if isinstance(constraint, Monotone):
            orders[constraint.column] = 1 if constraint.rising else -1
    return orders


def _read(nodes: Any, rows: Examples) -> Tree:
    """Return a tree of scikit-learn as ours, with its own answers, which it has kept in order."""
    own = torch.arange(nodes.node_count)
    left, right = (torch.tensor(a).long() for a in (nodes.children_left, nodes.children_right))
    leaf = left < 0
    column = torch.where(leaf, LEAF, torch.tensor(nodes.feature).long())
    threshold = rounded_down(torch.tensor(nodes.threshold), rows.x)
    left, right = (torch.where(leaf, own, side) for side in (left, right))
    tree = fitted_tree(column, threshold, left, right, x=rows.x, labels=rows.y, n_outputs=1)
    yes = torch.tensor(nodes.value)[:, 0, 1:].float()
    return replace(tree, value=yes.clamp(1e-3, 1 - 1e-3).logit())
