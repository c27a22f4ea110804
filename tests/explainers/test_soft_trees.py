"""A soft tree leans; sharpened it is a tree, and a learned start begins nearer the end."""

import torch
import torch.nn.functional as F

from metaxai_lab.core import seeded
from metaxai_lab.explainers.soft_trees import (
    hardened,
    reptile,
    soft_scores,
    soft_start,
    train_soft,
)

STUMP = {
    "mixture": torch.tensor([[[40.0, 0.0]]]),
    "threshold": torch.tensor([[1.0]]),
    "leaf": torch.tensor([[-3.0, 5.0]]),
}


def test_a_row_on_the_threshold_gets_half_of_each_leaf():
    x = torch.tensor([[[1.0, 9.0]]])
    assert torch.allclose(soft_scores(STUMP, x, 1.0), torch.tensor([[1.0]]), atol=1e-4)


def test_far_from_the_threshold_a_row_gets_its_leaf():
    x = torch.tensor([[[-4.0, 0.0], [6.0, 0.0]]])
    assert torch.allclose(soft_scores(STUMP, x, 1.0), torch.tensor([[-3.0, 5.0]]), atol=1e-4)


def test_the_shares_of_the_leaves_add_up_to_one_at_any_depth():
    start = soft_start(3, depth=3, generator=seeded(0))
    stack = {n: w[None] for n, w in start.items()} | {"leaf": torch.ones(1, 8)}
    x = torch.randn(1, 20, 3, generator=seeded(1))
    assert torch.allclose(soft_scores(stack, x, 0.3), torch.ones(1, 20), atol=1e-5)


def sharp_tasks(n_tasks=4, seed=2):
    x = torch.randn(n_tasks, 200, 3, generator=seeded(seed))
    return x, x[..., 1] > 0.3


def test_training_finds_the_column_and_hardening_keeps_it():
    x, labels = sharp_tasks()
    start = soft_start(3, depth=1, generator=seeded(3))
    trees = hardened(train_soft(start, x, labels, steps=150), x, labels)
    assert bool((trees.column == 1).all())
    assert float(((trees(x)[..., 0] > 0) == labels).double().mean()) > 0.95


def test_a_sharpened_tree_and_the_hardened_one_agree_on_most_rows():
    x, labels = sharp_tasks()
    weights = train_soft(soft_start(3, depth=2, generator=seeded(4)), x, labels, steps=200)
    hard = hardened(weights, x, labels)(x)[..., 0] > 0
    soft = soft_scores(weights, x, 1.0) > 0
    assert float((hard == soft).double().mean()) > 0.9


def test_tasks_train_side_by_side_as_each_alone():
    x, labels = sharp_tasks(3)
    start = soft_start(3, generator=seeded(5))
    together = train_soft(start, x, labels, steps=5)
    alone = train_soft(start, x[1:2], labels[1:2], steps=5)
    assert all(torch.allclose(together[n][1:2], alone[n], atol=1e-5) for n in start)


def test_a_learned_start_is_nearer_the_end_than_the_drawn_one():
    start = soft_start(3, generator=seeded(6))
    learned = reptile(start, lambda: sharp_tasks(), rounds=10, steps=20)
    x, labels = sharp_tasks(seed=7)

    def loss(weights):
        scores = soft_scores(train_soft(weights, x, labels, steps=0), x, 0.0)
        return float(F.binary_cross_entropy_with_logits(scores, labels.to(x)))

    assert loss(learned) < 0.7 * loss(start)


def test_the_start_itself_is_left_as_it_was():
    start = soft_start(3, generator=seeded(8))
    kept = {n: w.clone() for n, w in start.items()}
    reptile(start, lambda: sharp_tasks(), rounds=2, steps=2)
    assert all(torch.equal(start[n], kept[n]) for n in start)
