"""Rivals keep the orders they were told, judged without a solver."""

import torch

from metaxai_lab.classroom import causes_rivals as rivals
from metaxai_lab.core import Examples, seeded
from metaxai_lab.explainers.rule_cells import broken_in_cells
from metaxai_lab.explainers.rule_constraints import Always, Grid, Monotone

GRID = Grid((0, 0), (9, 9), (1.0, 1.0))
ORDERS = (Monotone("a", 0), Monotone("b", 1, rising=False))
NEVER = Always("no at 9", ((0, 8.0, True),), answer=False)


def noisy(n_rows, seed):
    draw = seeded(seed)
    x = torch.randint(0, 10, (n_rows, 2), generator=draw).float()
    turned = torch.rand(n_rows, generator=draw) < 0.2
    return Examples(x, ((x[:, 0] > x[:, 1]) ^ turned).long())


def test_orders_by_hand():
    assert rivals.orders_of((*ORDERS, NEVER), 3) == [1, -1, 0]


def test_a_tree_grown_in_order_keeps_all():
    for seed in range(3):
        rules = rivals.monotone_list(noisy(200, seed), ORDERS, GRID)
        assert rules.n_leaves > 2
        assert broken_in_cells(rules, ORDERS, GRID) == ()


def test_what_cannot_be_told_beforehand_is_decreed():
    never = Always("no below 5", ((1, 4.0, False),), answer=False)
    rules = rivals.monotone_list(noisy(200, 0), (ORDERS[0], never), GRID)
    assert broken_in_cells(rules, (ORDERS[0], never), GRID) == ()


def test_many_trees_agree_more_than_chance():
    assert rivals.boosted_agreement(noisy(400, 1), noisy(2000, 2), ORDERS) > 0.65
