"""Grown trees are judged by scikit-learn, by splits found by hand, and by what they refuse."""

import pytest
import torch
from sklearn.tree import DecisionTreeClassifier

from metaxai_lab.core import seeded
from metaxai_lab.explainers import ModelFailedError
from metaxai_lab.explainers.grown_trees import distil_tree, grow_tree

X = torch.randn(400, 5, generator=seeded(0))
ASKED = torch.randn(2000, 5, generator=seeded(1))


def teacher(x):
    return (x[..., :1] * x[..., 1:2]).tanh() + x[..., 2:3].sin()


def three(x):
    return torch.stack([x[..., 0], x[..., 1], 0.5 - x[..., 0]], -1)


@pytest.mark.parametrize("depth", [1, 3, None])
@pytest.mark.parametrize("ask", [teacher, three])
def test_it_says_what_the_tree_of_scikit_learn_says(ask, depth):
    outputs = ask(X)
    labels = (outputs[:, 0] > 0).long() if outputs.shape[1] == 1 else outputs.argmax(1)
    grown = grow_tree(X, labels, depth=depth, n_outputs=outputs.shape[1])
    theirs = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X.numpy(), labels.numpy())
    found = grown(ASKED)
    classes = (found[:, 0] > 0).long() if found.shape[1] == 1 else found.argmax(1)
    assert classes.tolist() == theirs.predict(ASKED.numpy()).tolist()
    assert (grown.depth, grown.n_leaves) == (theirs.get_depth(), theirs.get_n_leaves())


def test_a_distilled_tree_is_grown_from_what_the_teacher_says():
    labels = (teacher(X)[:, 0] > 0).long()
    distilled, grown = distil_tree(teacher, X, depth=3), grow_tree(X, labels, depth=3)
    assert torch.equal(distilled(ASKED), grown(ASKED))


def test_a_distilled_tree_has_the_outputs_of_its_teacher():
    assert distil_tree(three, X, depth=2)(X).shape == (400, 3)


def test_of_a_teacher_of_one_class_it_is_a_single_leaf():
    tree = distil_tree(lambda x: x[..., :1] * 0 - 1, X, depth=3)
    assert tree.n_leaves == 1
    assert bool((tree(ASKED) < 0).all())


def test_constant_columns_are_never_asked_about():
    still = torch.cat([torch.full((400, 2), 7.0), X[:, :1]], 1)
    tree = grow_tree(still, (X[:, 0] > 0).long(), depth=4)
    assert tree.column[tree.column >= 0].unique().tolist() == [2]


def test_of_constant_columns_alone_it_is_a_single_leaf():
    labels = torch.tensor([0, 1, 1])
    tree = grow_tree(torch.ones(3, 2), labels, depth=3)
    assert tree.n_leaves == 1
    torch.testing.assert_close(tree(torch.ones(1, 2))[0, 0], torch.tensor(1.5).log())


def test_more_depth_than_data_stops_where_the_data_do():
    tree = grow_tree(X[:4, :1], torch.tensor([0, 1, 0, 1]), depth=50)
    assert tree.depth <= 3
    assert tree.n_leaves <= 4


def test_depth_nought_is_a_single_leaf():
    assert grow_tree(X, (X[:, 0] > 0).long(), depth=0).n_leaves == 1


def test_the_number_of_leaves_can_be_limited():
    labels = (teacher(X)[:, 0] > 0).long()
    assert grow_tree(X, labels, depth=None, n_leaves=5).n_leaves == 5


def test_a_leaf_can_be_asked_to_hold_more_rows():
    labels = (teacher(X)[:, 0] > 0).long()
    tree = grow_tree(X, labels, depth=None, min_rows=30)
    assert int(tree.n_rows.min()) >= 30


def test_empty_cells_are_refused():
    holey = X.clone()
    holey[7, 2] = torch.nan
    with pytest.raises(ValueError, match="row 7, column 2 holds nan"):
        grow_tree(holey, torch.zeros(400, dtype=torch.long), depth=2)


def test_a_teacher_that_answers_nan_is_refused():
    with pytest.raises(ValueError, match="NaN or infinity for 400 of 400 rows"):
        distil_tree(lambda x: x[..., :1] / 0 * 0, X, depth=2)


def test_a_teacher_that_fails_is_named():
    with pytest.raises(ModelFailedError, match="failed on a table of the shape"):
        distil_tree(lambda x: x @ torch.zeros(9, 1), X, depth=2)


def test_a_label_that_is_no_class_is_refused():
    with pytest.raises(ValueError, match="0 to 1; found"):
        grow_tree(X, torch.full((400,), 2), depth=2)


@pytest.mark.parametrize("limits", [{"depth": -1}, {"depth": 2, "n_leaves": 0}])
def test_impossible_limits_are_refused(limits):
    with pytest.raises(ValueError, match="depth of 0 or more"):
        grow_tree(X, torch.zeros(400, dtype=torch.long), **limits)


def test_growing_draws_nothing_from_the_global_generator_of_numpy():
    import numpy as np

    before = np.random.get_state()[1].copy()  # noqa: NPY002
    grow_tree(X, (teacher(X)[:, 0] > 0).long(), depth=3)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
