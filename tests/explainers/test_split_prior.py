"""Without a prior it is CART; with one, a column of little weight has to gain a lot."""

import pytest
import torch
from sklearn.tree import DecisionTreeClassifier

from metaxai_lab.core import seeded
from metaxai_lab.explainers.split_prior import cuts_of, grow_stack


def problems(n_tasks=6, n_rows=60):
    g = seeded(0)
    x = torch.randn(n_tasks, n_rows, 4, generator=g)
    return x, x[..., 0] * x[..., 1] + 0.5 * x[..., 2] > 0.2 * torch.randn(n_tasks, 1, generator=g)


@pytest.mark.parametrize(("depth", "least_rows"), [(1, 1), (2, 3), (3, 1)])
def test_without_a_prior_it_separates_its_rows_as_scikit_learn_does(depth, least_rows):
    x, labels = problems()
    trees = grow_stack(x, labels, depth=depth, least_rows=least_rows)
    ours = ((trees(x)[..., 0] > 0) == labels).double().mean(1)
    for i in range(len(x)):
        theirs = DecisionTreeClassifier(
            max_depth=depth, min_samples_leaf=least_rows, random_state=0
        ).fit(x[i].numpy(), labels[i].numpy())
        assert float(ours[i]) == pytest.approx(theirs.score(x[i].numpy(), labels[i].numpy()))


def test_the_first_question_is_that_of_scikit_learn():
    x, labels = problems()
    trees = grow_stack(x, labels, depth=1)
    for i in range(len(x)):
        stump = DecisionTreeClassifier(max_depth=1).fit(x[i].numpy(), labels[i].numpy()).tree_
        assert int(trees.column[i, 0]) == int(stump.feature[0])
        assert float(trees.threshold[i, 0]) == pytest.approx(stump.threshold[0], abs=1e-5)


def tie():
    """Give a table of two columns: the second parts the classes, the first all but one row."""
    x = torch.tensor([[[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [2.5, 0.5]]])
    return x, torch.tensor([[False, False, True, True, False]])


def test_a_weight_decides_between_columns_that_gain_about_the_same():
    x, labels = tie()
    assert int(grow_stack(x, labels, depth=1).column[0, 0]) == 1
    weights = torch.tensor([[1.0, 0.2]])
    assert int(grow_stack(x, labels, weights, depth=1).column[0, 0]) == 0


def test_strength_0_forgets_the_weights():
    x, labels = tie()
    weights = torch.tensor([[1.0, 0.0]])
    assert int(grow_stack(x, labels, weights, depth=1, strength=0.0).column[0, 0]) == 1


def test_few_cuts_at_quantiles_do_nearly_as_well_as_all():
    x, labels = problems(20, 400)
    marks = [
        ((grow_stack(x, labels, n_cuts=n)(x)[..., 0] > 0) == labels).double().mean()
        for n in (None, 31, 2)
    ]
    assert float(marks[0] - marks[1]) < 0.03
    assert float(marks[0] - marks[2]) > 0.003


def test_one_class_gives_a_tree_that_asks_nothing():
    x, labels = problems()
    trees = grow_stack(x, torch.ones_like(labels))
    assert bool(trees.threshold.isinf().all())
    assert bool((trees(x) > 0).all())


def test_a_constant_column_is_never_asked_about():
    x, labels = problems()
    x[..., 1] = 1.0
    trees = grow_stack(x, labels)
    assert bool((trees.column[trees.threshold.isfinite()] != 1).all())


def test_one_row_and_more_depth_than_rows_are_served():
    x, labels = problems(2, 3)
    assert bool(((grow_stack(x, labels, depth=5)(x)[..., 0] > 0) == labels).all())
    one = grow_stack(x[:, :1], labels[:, :1])
    assert bool(((one(x[:, :1])[..., 0] > 0) == labels[:, :1]).all())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"depth": 0}, "depth and least_rows"),
        ({"least_rows": 0}, "depth and least_rows"),
        ({"strength": -1.0}, "strength 0 or more"),
        ({"weights": torch.full((6, 4), -1.0)}, "negative weight"),
    ],
)
def test_what_makes_no_tree_is_refused(change, said):
    x, labels = problems()
    with pytest.raises(ValueError, match=said):
        grow_stack(x, labels, **change)


def test_nan_is_refused():
    x, labels = problems()
    x[0, 0, 0] = torch.nan
    with pytest.raises(ValueError, match="found NaN"):
        grow_stack(x, labels)


def test_cuts_that_are_known_give_the_same_tree():
    x = torch.randn(2, 50, 3, generator=seeded(0))
    labels = x[..., 1] > 0.3
    found = [grow_stack(x, labels, **how) for how in ({"n_cuts": 5}, {"cuts": cuts_of(x, 5)})]
    assert torch.equal(found[0].threshold, found[1].threshold)
    assert not torch.equal(found[0].threshold, grow_stack(x, labels).threshold)
