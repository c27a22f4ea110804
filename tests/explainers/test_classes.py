"""Classes of outputs are judged by values worked out by hand."""

import pytest
import torch

from metaxai_lab.explainers.classes import asked_classes, classes_of, one_hot, outputs_of


def test_one_output_is_class_1_above_nought():
    assert classes_of(torch.tensor([[-1.0], [0.0], [0.5]])).tolist() == [0, 0, 1]


def test_of_several_outputs_the_first_largest_is_the_class():
    assert classes_of(torch.tensor([[1.0, 3.0, 2.0], [4.0, 4.0, 0.0]])).tolist() == [1, 0]


def test_a_model_is_asked_for_classes_and_counted_by_its_outputs():
    labels, n_outputs = asked_classes(lambda x: x - 1, torch.tensor([[0.0], [2.0]]))
    assert (labels.tolist(), n_outputs) == ([0, 1], 1)


def test_a_model_that_answers_nan_is_refused():
    with pytest.raises(ValueError, match="NaN or infinity"):
        asked_classes(lambda x: x * torch.nan, torch.ones(2, 1))


def test_log_odds_of_a_leaf_count_one_row_more_of_each_class():
    found = outputs_of(torch.tensor([[3.0, 7.0], [0.0, 0.0]]), 1)
    torch.testing.assert_close(found, torch.tensor([[2.0], [1.0]]).log())


def test_log_shares_of_a_leaf_count_one_row_more_of_each_class():
    found = outputs_of(torch.tensor([[3.0, 0.0, 4.0]]), 3)
    torch.testing.assert_close(found, torch.tensor([[0.4, 0.1, 0.5]]).log())


def test_one_output_has_two_classes():
    assert one_hot(torch.tensor([1, 0]), 1).tolist() == [[0, 1], [1, 0]]


def test_a_label_that_is_no_class_is_refused():
    with pytest.raises(ValueError, match=r"labels of a model with 1 outputs are 0 to 1"):
        one_hot(torch.tensor([0, 2]), 1)
