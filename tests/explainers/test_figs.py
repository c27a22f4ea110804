"""Sums of trees are judged by imodels, whose answers they have to give, and by an added effect."""

import numpy as np
import pytest
import torch
from imodels import FIGSClassifier

from metaxai_lab.core import Model, seeded
from metaxai_lab.explainers.classes import classes_of
from metaxai_lab.explainers.figs import distil_figs, grow_figs
from metaxai_lab.explainers.grown_trees import grow_tree
from metaxai_lab.explainers.imodels_bridge import undisturbed

X = torch.randn(300, 4, generator=seeded(0))
ASKED = torch.randn(500, 4, generator=seeded(1))
SUM = ((X[:, 0] > 0).long() + (X[:, 1] > 0).long() + (X[:, 2] > 0).long() >= 2).long()


def test_a_sum_of_trees_is_a_model():
    assert isinstance(grow_figs(X, SUM, n_questions=3), Model)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_it_says_what_imodels_says(n_classes):
    labels = SUM + (X[:, 3] > 1).long() * (n_classes - 2)
    ours = grow_figs(X, labels, n_questions=6, n_outputs=1 if n_classes == 2 else 3)
    with undisturbed():
        theirs = FIGSClassifier(max_rules=6).fit(X.numpy(), labels.numpy())
    said = theirs.predict(ASKED.numpy())
    assert classes_of(ours(ASKED)).tolist() == said.tolist()


def test_added_effects_are_asked_for_once_each():
    figs = grow_figs(X, SUM, n_questions=3)
    assert (len(figs.trees), figs.n_columns_used, figs.n_leaves) == (3, 3, 6)
    assert (figs.depth, figs.rule_length) == (3, 3)
    right = (classes_of(figs(X)) == SUM).float().mean()
    tree = grow_tree(X, SUM, depth=None, n_leaves=4)
    assert right > (classes_of(tree(X)) == SUM).float().mean()


def test_the_text_says_what_each_leaf_adds():
    lines = grow_figs(X, SUM, n_questions=2).text(("a", "b", "c", "d"), digits=1).splitlines()
    assert lines[3] == "+"
    assert len(lines) == 7
    assert lines[1].startswith("    yes: -")
    assert lines[2].startswith("    no:  +")


def test_of_one_class_it_is_a_single_leaf():
    figs = grow_figs(X, torch.ones_like(SUM), n_questions=3)
    assert figs.n_leaves == 1
    assert bool((figs(ASKED) > 0).all())


def test_a_class_that_no_row_has_is_never_said():
    labels = 2 * SUM
    figs = grow_figs(X, labels, n_questions=3, n_outputs=3)
    assert set(classes_of(figs(ASKED)).tolist()) == {0, 2}


def test_it_asks_the_teacher():
    def teacher(x):
        return x[..., :1] + x[..., 1:2].abs() - 0.5

    labels = (teacher(X)[:, 0] > 0).long()
    ours, grown = distil_figs(teacher, X, n_questions=4), grow_figs(X, labels, n_questions=4)
    assert torch.equal(ours(ASKED), grown(ASKED))


def test_it_says_which_rows_lie_outside_those_it_was_fitted_on():
    figs = grow_figs(X, SUM, n_questions=2)
    assert figs.outside(100 + ASKED).all()
    assert figs.fitted_on.n_rows == 300


def test_growing_leaves_the_global_generator_of_numpy_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    grow_figs(X, SUM, n_questions=3)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_two_runs_grow_the_same_trees():
    np.random.seed(1)  # noqa: NPY002
    first = grow_figs(X, SUM, n_questions=5).text()
    np.random.seed(2)  # noqa: NPY002
    assert grow_figs(X, SUM, n_questions=5).text() == first


def test_no_question_is_refused():
    with pytest.raises(ValueError, match="asks 1 question or more; found 0"):
        grow_figs(X, SUM, n_questions=0)


def test_empty_cells_are_refused():
    holey = X.clone()
    holey[2, 1] = torch.nan
    with pytest.raises(ValueError, match="row 2, column 1 holds nan"):
        grow_figs(holey, SUM, n_questions=2)
