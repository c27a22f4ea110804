"""Stacked trees answer by their leaves; a leaf without rows answers as the node above it."""

import torch

from metaxai_lab.explainers.heap_trees import HeapTrees, leaves_of, with_leaves

COLUMN = torch.tensor([[0, 1, 0], [1, 0, 0]])
THRESHOLD = torch.tensor([[0.0, 0.5, 2.0], [1.0, -1.0, torch.inf]])


def test_rows_fall_as_by_hand():
    x = torch.tensor([[[-1.0, 0.0], [-1.0, 1.0], [1.0, 0.0], [3.0, 0.0]]]).expand(2, -1, -1)
    assert leaves_of(COLUMN, THRESHOLD, x).tolist() == [[0, 1, 2, 3], [0, 0, 1, 1]]


def test_a_value_equal_to_the_threshold_goes_to_the_first_child():
    x = torch.tensor([[[0.0, 0.5]], [[-1.0, 1.0]]])
    assert leaves_of(COLUMN, THRESHOLD, x).tolist() == [[0], [0]]


def test_a_tree_answers_with_the_value_of_the_leaf():
    trees = HeapTrees(COLUMN, THRESHOLD, torch.tensor([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]))
    x = torch.tensor([[[3.0, 0.0]], [[3.0, 0.0]]])
    assert trees(x).tolist() == [[[4.0]], [[6.0]]]


def test_leaves_take_the_majority_and_empty_ones_that_of_the_nearest_node_above():
    x = torch.tensor([[[-1.0, 0.0], [-1.0, 0.0], [-1.0, 0.0], [1.0, 0.0]]])
    labels = torch.tensor([[True, True, False, False]])
    trees = with_leaves(COLUMN[:1], THRESHOLD[:1], x, labels)
    first, beside, second, far = trees.value[0].tolist()
    assert first > 0
    assert beside == first
    assert second < 0
    assert far == second


def test_where_half_of_the_tree_is_empty_the_whole_table_answers():
    x = torch.tensor([[[-1.0, 0.0], [-1.0, 1.0]]])
    trees = with_leaves(COLUMN[:1], THRESHOLD[:1], x, torch.tensor([[True, True]]))
    assert bool((trees.value > 0).all())
