"""A tree is judged by one drawn by hand, and by scikit-learn's own descent."""

import pytest
import torch

from metaxai_lab.core import Model, seeded
from metaxai_lab.explainers.fitted_trees import fitted_tree
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.seen import seen_in
from metaxai_lab.explainers.trees import LEAF, Tree

ROWS = torch.tensor([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [3.0, 1.0]])
LABELS = torch.tensor([0, 0, 1, 0])


def by_hand():
    """Column 0 at most 2: class 0; else column 1 at most 0.5: class 1, else class 0."""
    column = torch.tensor([0, LEAF, 1, LEAF, LEAF])
    threshold = torch.tensor([2.0, 0.0, 0.5, 0.0, 0.0])
    left, right = torch.tensor([1, 1, 3, 3, 4]), torch.tensor([2, 1, 4, 3, 4])
    return fitted_tree(column, threshold, left, right, x=ROWS, labels=LABELS, n_outputs=1)


def test_a_tree_is_a_model():
    assert isinstance(by_hand(), Model)


def test_rows_fall_into_the_leaves_found_by_hand():
    asked = torch.tensor([[2.0, 9.0], [2.1, 0.5], [2.1, 0.6], [-torch.inf, 0.0]])
    assert by_hand().leaf(asked).tolist() == [1, 3, 4, 1]


def test_a_stack_of_tables_is_asked_at_once():
    stack = torch.stack([ROWS, ROWS.flip(0)])
    assert torch.equal(by_hand()(stack), torch.stack([by_hand()(ROWS), by_hand()(ROWS.flip(0))]))


def test_the_answer_of_a_leaf_is_the_log_odds_of_its_rows():
    wanted = torch.tensor([1 / 3, 1 / 3, 2.0, 0.5]).log()
    torch.testing.assert_close(by_hand()(ROWS)[:, 0], wanted)


def test_the_sizes_are_those_counted_by_hand():
    tree = by_hand()
    assert (tree.depth, tree.n_leaves, tree.n_columns_used) == (2, 3, 2)
    assert tree.n_rows.tolist() == [4, 2, 2, 1, 1]
    assert tree.rule_length == 1.5


def test_the_text_is_the_tree():
    assert by_hand().text(("dose", "age"), ("no", "yes"), digits=1) == (
        "dose at most 2.0?\n"
        "    yes: no (2 rows)\n"
        "    no:  age at most 0.5?\n"
        "        yes: yes (1 row)\n"
        "        no:  no (1 row)"
    )


def test_a_row_with_nan_is_refused():
    with pytest.raises(ValueError, match=r"without NaN; found 2 columns, and NaN in 1 rows"):
        by_hand()(torch.tensor([[torch.nan, 0.0], [1.0, 0.0]]))


def test_rows_of_other_columns_are_refused():
    with pytest.raises(ValueError, match=r"rows of 2 columns without NaN; found 3"):
        by_hand()(torch.zeros(4, 3))


def test_it_says_which_rows_lie_outside_those_it_was_fitted_on():
    asked = torch.tensor([[3.5, 0.0], [2.5, 0.5]])
    assert by_hand().outside(asked).tolist() == [True, False]
    assert by_hand().fitted_on.n_rows == 4


def test_merging_takes_away_a_question_whose_answers_are_one_class():
    labels = torch.tensor([0, 0, 1, 1])
    column = torch.tensor([0, 1, LEAF, LEAF, 1, LEAF, LEAF])
    threshold = torch.tensor([2.0, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0])
    left, right = torch.tensor([1, 2, 2, 3, 5, 5, 6]), torch.tensor([4, 3, 2, 3, 6, 5, 6])
    tree = fitted_tree(column, threshold, left, right, x=ROWS, labels=labels, n_outputs=1)
    merged = tree.merged()
    assert merged.text(digits=0) == (
        "column 0 at most 2?\n    yes: 0 (2 rows)\n    no:  1 (2 rows)"
    )


def test_merging_moves_no_row_to_another_class():
    x = torch.randn(300, 4, generator=seeded(0))
    labels = (x[:, 0] * x[:, 1] + 0.5 * torch.randn(300, generator=seeded(1)) > 0).long()
    tree = grow_tree(x, labels, depth=6)
    merged, asked = tree.merged(), torch.randn(1000, 4, generator=seeded(2))
    assert merged.n_leaves < tree.n_leaves
    assert torch.equal(merged(asked) > 0, tree(asked) > 0)


def test_a_tree_of_one_leaf_gives_all_rows_one_answer():
    leaf = torch.zeros(1, dtype=torch.long)
    tree = Tree(leaf + LEAF, torch.zeros(1), leaf, leaf, torch.ones(1, 1), leaf + 4, seen_in(ROWS))
    assert (tree.depth, tree.n_leaves, tree.n_columns_used, tree.rule_length) == (0, 1, 0, 0)
    assert tree(ROWS).tolist() == [[1.0]] * 4
