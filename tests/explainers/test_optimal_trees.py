"""Optimal trees are judged by pystreed, by trying all trees, and by problems CART cannot solve."""

from itertools import product

import pytest
import torch
from pystreed import STreeDClassifier

from metaxai_lab.core import seeded
from metaxai_lab.explainers.classes import classes_of
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.optimal_trees import optimal_surrogate, optimal_tree, questions


def problem(seed, *, n_rows=300, n_columns=5, n_classes=2):
    """Draw rows and labels of a random network, a tenth of them wrong."""
    g = seeded(seed)
    x = torch.randn(n_rows, n_columns, generator=g)
    net = torch.randn(n_columns, 8, generator=g), torch.randn(8, n_classes, generator=g)
    labels = ((x @ net[0]).tanh() @ net[1]).argmax(1)
    wrong = torch.rand(n_rows, generator=g) < 0.1
    return x, torch.where(wrong, torch.randint(n_classes, (n_rows,), generator=g), labels)


def accuracy(tree, x, labels):
    return float((classes_of(tree(x)) == labels).float().mean())


def accuracy_of_pystreed(x, labels, depth, n_thresholds):
    column, threshold = questions(x, n_thresholds=n_thresholds)
    asked = (x[:, column] <= threshold).int().numpy()
    found = STreeDClassifier(max_depth=depth, time_limit=60).fit(asked, labels.numpy())
    return float((found.predict(asked) == labels.numpy()).mean())


@pytest.mark.parametrize("seed", range(24))
def test_at_depth_three_it_errs_as_often_as_the_tree_of_pystreed(seed):
    n_classes = 2 + seed % 3
    x, labels = problem(seed, n_rows=150 + 10 * seed, n_columns=3 + seed % 5, n_classes=n_classes)
    tree = optimal_tree(x, labels, n_thresholds=6, n_outputs=n_classes)
    theirs = accuracy_of_pystreed(x, labels, 3, 6)
    assert accuracy(tree, x, labels) == pytest.approx(theirs, abs=1e-3)
    assert tree.depth <= 3


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_less_deep_too(seed, depth):
    x, labels = problem(seed)
    tree = optimal_tree(x, labels, depth=depth)
    theirs = accuracy_of_pystreed(x, labels, depth, 8)
    assert accuracy(tree, x, labels) == pytest.approx(theirs, abs=1e-3)


def test_no_tree_of_depth_two_tried_one_by_one_errs_less():
    x, labels = problem(3, n_rows=60, n_columns=3)
    column, threshold = questions(x, n_thresholds=3)
    yes = (x[:, column] <= threshold).long()
    n_questions = yes.shape[1]
    wrong = []
    for first, after_yes, after_no in product(range(n_questions), repeat=3):
        second = torch.where(yes[:, first] == 1, yes[:, after_yes], yes[:, after_no])
        leaf = 2 * yes[:, first] + second
        counts = torch.zeros(4, 2).index_put_((leaf, labels), torch.ones(60), accumulate=True)
        wrong.append(float(counts.min(1).values.sum()))
    tree = optimal_tree(x, labels, depth=2, n_thresholds=3)
    assert accuracy(tree, x, labels) == pytest.approx(1 - min(wrong) / 60)


def test_it_solves_a_parity_of_three_columns_and_cart_does_not():
    g = seeded(0)
    signs = 2.0 * torch.randint(2, (240, 3), generator=g) - 1
    x = torch.cat([signs, torch.randn(240, 2, generator=g)], 1)
    labels = (signs.prod(1) > 0).long()
    assert accuracy(optimal_tree(x, labels), x, labels) == 1
    assert accuracy(grow_tree(x, labels, depth=3), x, labels) < 0.8


def test_it_has_no_question_that_changes_no_class():
    x, labels = problem(1)
    for depth in (1, 2, 3):
        tree = optimal_tree(x, labels, depth=depth)
        assert tree.n_leaves == tree.merged().n_leaves
        assert int(tree.n_rows.min()) > 0


def test_a_column_of_few_values_has_all_its_thresholds():
    x = torch.tensor([[0.0, 5.0], [1.0, 5.0], [2.0, 5.0], [2.0, 5.0]])
    column, threshold = questions(x, n_thresholds=8)
    assert column.tolist() == [0, 0]
    assert threshold.tolist() == [0.5, 1.5]


def test_a_rare_value_can_be_asked_for():
    x = torch.zeros(100, 1)
    x[7] = 1
    assert accuracy(optimal_tree(x, x[:, 0].long(), depth=1), x, x[:, 0].long()) == 1


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_of_constant_columns_it_is_a_single_leaf(depth):
    labels = torch.tensor([0, 1, 1])
    tree = optimal_tree(torch.ones(3, 2), labels, depth=depth)
    assert (tree.n_leaves, tree.depth) == (1, 0)
    assert accuracy(tree, torch.ones(3, 2), labels) == pytest.approx(2 / 3)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_of_one_class_it_is_a_single_leaf(depth):
    x, labels = problem(0)
    assert optimal_tree(x, torch.ones_like(labels), depth=depth).n_leaves == 1


def test_tiles_do_not_change_the_tree(monkeypatch):
    x, labels = problem(2)
    whole = optimal_tree(x, labels)
    monkeypatch.setattr("metaxai_lab.explainers.optimal_trees.CELLS", 2**12)
    assert optimal_tree(x, labels).text() == whole.text()


def test_a_surrogate_is_the_tree_of_what_the_teacher_says():
    x, _ = problem(0)

    def teacher(x):
        return x[..., :1] * x[..., 1:2]

    tree = optimal_surrogate(teacher, x, depth=2)
    assert tree.text() == optimal_tree(x, (teacher(x)[:, 0] > 0).long(), depth=2).text()


@pytest.mark.parametrize("knobs", [{"depth": 4}, {"depth": 0}, {"n_thresholds": 0}])
def test_impossible_limits_are_refused(knobs):
    x, labels = problem(0)
    with pytest.raises(ValueError, match="a depth of 1 to 3"):
        optimal_tree(x, labels, **knobs)


def test_empty_cells_are_refused():
    x, labels = problem(0)
    x[3, 1] = torch.nan
    with pytest.raises(ValueError, match="row 3, column 1 holds nan"):
        optimal_tree(x, labels)
