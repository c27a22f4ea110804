"""Answers of a tree are judged by rows counted by hand, its thresholds by scikit-learn."""

import pytest
import torch
from sklearn.tree import DecisionTreeClassifier

from metaxai_lab.core import seeded
from metaxai_lab.explainers.fitted_trees import fitted_tree, rounded_down
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.trees import LEAF


def test_each_node_counts_the_rows_that_reach_it():
    column, threshold = torch.tensor([0, LEAF, LEAF]), torch.tensor([0.5, 0.0, 0.0])
    left, right = torch.tensor([1, 1, 2]), torch.tensor([2, 1, 2])
    x, labels = torch.tensor([[0.0], [1.0], [2.0], [3.0]]), torch.tensor([0, 1, 1, 2])
    tree = fitted_tree(column, threshold, left, right, x=x, labels=labels, n_outputs=3)
    assert tree.n_rows.tolist() == [4, 1, 3]
    wanted = torch.tensor([[2, 3, 2], [2, 1, 1], [1, 3, 2]]) / torch.tensor([[7], [4], [6]])
    torch.testing.assert_close(tree.value, wanted.log())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_row_on_a_threshold_answers_as_it_does_for_scikit_learn(dtype):
    """Neighbouring numbers, so that the threshold between them has to be rounded."""
    first = torch.tensor(2.0)
    second = torch.nextafter(first, torch.tensor(9.0))
    third = torch.nextafter(second, torch.tensor(9.0))
    for pair in ((first, second), (second, third)):
        x = torch.stack(pair)[:, None].to(dtype)
        labels = torch.tensor([0, 1])
        theirs = DecisionTreeClassifier(random_state=0).fit(x.numpy(), labels.numpy())
        assert theirs.predict(x.numpy()).tolist() == [0, 1]
        assert (grow_tree(x, labels, depth=1)(x)[:, 0] > 0).tolist() == [False, True]


def test_a_rounded_threshold_is_never_above_the_exact_one():
    exact = 1 + torch.rand(1000, generator=seeded(0), dtype=torch.float64)
    found = rounded_down(exact, torch.zeros(1))
    assert found.dtype == torch.float32
    assert bool((found.double() <= exact).all())
    assert bool((torch.nextafter(found, torch.tensor(9.0)).double() > exact).all())
