"""Fidelity is judged by marks counted by hand."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation import fidelity
from metaxai_lab.explainers.grown_trees import distil_tree

X = torch.tensor([[-2.0], [-1.0], [1.0], [2.0], [3.0]])


def shifted(by):
    return lambda x: x - by


def test_marks_are_those_counted_by_hand():
    score = fidelity(shifted(1.5), shifted(0.0), X)
    assert score.values.tolist() == [1, 1, 0, 1, 1]


def test_chance_is_the_share_of_the_commonest_class_of_the_teacher():
    score = fidelity(shifted(1.5), shifted(0.0), X)
    assert score.mean_chance == pytest.approx(3 / 5)


def test_a_model_is_wholly_faithful_to_itself():
    assert fidelity(shifted(0.0), shifted(0.0), X).mean == 1


def test_a_tree_that_knows_nothing_is_at_chance():
    x = torch.randn(1000, 3, generator=seeded(0))

    def teacher(x):
        return x[..., :1] + 0.4

    score = fidelity(distil_tree(teacher, x, depth=0), teacher, x)
    assert score.mean == pytest.approx(score.mean_chance)


def test_of_a_stack_each_table_has_a_chance_of_its_own():
    score = fidelity(shifted(0.0), shifted(0.0), torch.stack([X, -X]))
    assert score.chance.tolist() == [[0, 0, 1, 1, 1], [0, 0, 1, 1, 1]]


def test_classes_of_several_outputs_are_compared():
    def teacher(x):
        return torch.cat([x, -x, 0 * x + 1.5], -1)

    def surrogate(x):
        return torch.cat([x, -x], -1)

    assert fidelity(surrogate, teacher, X).values.tolist() == [1, 0, 0, 1, 1]


def test_a_teacher_of_one_class_leaves_no_room_above_chance():
    score = fidelity(shifted(0.0), shifted(9.0), X)
    assert score.mean_chance == 1


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="rows to ask on; found none"):
        fidelity(shifted(0.0), shifted(0.0), X[:0])


def test_a_surrogate_that_answers_nan_is_refused():
    with pytest.raises(ValueError, match="NaN or infinity"):
        fidelity(lambda x: x * torch.nan, shifted(0.0), X)
