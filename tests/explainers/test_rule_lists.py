"""Lists are judged by the tree they are read off, and by imodels, whose answers they give."""

import numpy as np
import pytest
import torch
from imodels import GreedyRuleListClassifier

from metaxai_lab.core import seeded
from metaxai_lab.explainers.classes import classes_of
from metaxai_lab.explainers.fitted_trees import fitted_tree
from metaxai_lab.explainers.grown_trees import distil_tree, grow_tree
from metaxai_lab.explainers.imodels_bridge import undisturbed
from metaxai_lab.explainers.rule_lists import distil_rules, grow_rules, rules_of

X = torch.randn(300, 4, generator=seeded(0))
ASKED = torch.randn(800, 4, generator=seeded(1))


def teacher(x):
    return x[..., :1] * x[..., 1:2] + x[..., 2:3] - 0.3


LABELS = (teacher(X)[:, 0] > 0).long()


@pytest.mark.parametrize("depth", [0, 1, 3, None])
def test_a_list_read_off_a_tree_is_the_same_model(depth):
    tree = grow_tree(X, LABELS, depth=depth)
    assert torch.equal(rules_of(tree)(ASKED), tree(ASKED))


def test_rules_read_off_a_tree_do_not_overlap():
    assert not rules_of(grow_tree(X, LABELS, depth=4)).overlap(ASKED).any()


def test_of_two_conditions_on_a_column_the_stricter_stays():
    column, threshold = torch.tensor([0, 0, -1, -1, -1]), torch.tensor([3.5, 1.5, 0.0, 0.0, 0.0])
    left, right = torch.tensor([1, 2, 2, 3, 4]), torch.tensor([4, 3, 2, 3, 4])
    x, labels = torch.arange(9.0)[:, None], torch.tensor([1, 1, 0, 0, 1, 1, 1, 1, 1])
    tree = fitted_tree(column, threshold, left, right, x=x, labels=labels, n_outputs=1)
    assert rules_of(tree).rows(digits=1) == [
        ("column 0 above 3.5", "1", "5"),
        ("column 0 at most 1.5", "1", "2"),
        ("else", "0", "2"),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_grown_list_says_what_imodels_says(seed):
    x = torch.randn(200, 4, generator=seeded(seed)).round(decimals=1)  # rows on the cutoffs
    labels = (teacher(x)[:, 0] > 0).long()
    with undisturbed():
        theirs = GreedyRuleListClassifier(max_depth=4).fit(x.numpy(), labels.numpy())
    ours = grow_rules(x, labels, n_rules=4)
    asked = ASKED.round(decimals=1)
    firm = theirs.predict_proba(asked.numpy())[:, 1] != 0.5
    said = theirs.predict(asked.numpy())
    assert classes_of(ours(asked)).numpy()[firm].tolist() == said[firm].tolist()


def test_a_row_on_the_cutoff_answers_as_it_does_for_imodels():
    """Between 0 and 2 the cutoff is 1; imodels counts a row of 1 with those above."""
    x, on = torch.tensor([[0.0], [0.0], [2.0], [2.0]]), torch.tensor([[1.0]])
    for labels in (torch.tensor([0, 0, 1, 1]), torch.tensor([1, 1, 0, 0])):
        with undisturbed():
            theirs = GreedyRuleListClassifier(max_depth=1).fit(x.numpy(), labels.numpy())
        ours = grow_rules(x, labels, n_rules=1)
        assert classes_of(ours(on)).tolist() == theirs.predict(on.numpy()).tolist()


def test_a_distilled_list_is_grown_from_what_the_teacher_says():
    ours, grown = distil_rules(teacher, X, n_rules=3), grow_rules(X, LABELS, n_rules=3)
    assert ours.text() == grown.text()


def test_of_a_teacher_of_one_class_it_has_no_rules():
    rules = distil_rules(lambda x: x[..., :1] * 0 + 1, X, n_rules=3)
    assert rules.text() == "else: 1 (300 rows)"


def test_of_constant_columns_it_has_no_rules():
    rules = grow_rules(torch.ones(4, 2), torch.tensor([0, 1, 1, 1]), n_rules=3)
    assert rules.text() == "else: 1 (4 rows)"


def test_more_rules_than_rows_stop_where_the_rows_do():
    rules = grow_rules(X[:5], torch.tensor([0, 1, 0, 1, 0]), n_rules=50)
    assert len(rules.column) < 5


def test_a_teacher_of_many_outputs_is_refused():
    with pytest.raises(ValueError, match="from one output; the teacher has 4"):
        distil_rules(lambda x: x, X, n_rules=2)


def test_a_list_read_off_a_tree_of_many_classes_is_the_same_model():
    tree = distil_tree(lambda x: x[..., :3], X, depth=3)
    assert torch.equal(rules_of(tree)(ASKED), tree(ASKED))


def test_growing_leaves_the_global_generator_of_numpy_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    grow_rules(X, LABELS, n_rules=3)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_empty_cells_are_refused():
    holey = X.clone()
    holey[2, 1] = torch.nan
    with pytest.raises(ValueError, match="row 2, column 1 holds nan"):
        grow_rules(holey, LABELS, n_rules=2)


def test_fewer_than_no_rules_are_refused():
    with pytest.raises(ValueError, match="n_rules of 0 or more; found -1"):
        grow_rules(X, LABELS, n_rules=-1)
