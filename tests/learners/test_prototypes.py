"""The mean row of each class, and distances to it."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.learners.prototypes import class_means, squared_distances


def rows(*values):
    return torch.tensor(values, dtype=torch.float32)


def test_the_mean_row_of_each_class_worked_by_hand():
    z = rows([0, 0], [0, 3], [2, 0])
    assert class_means(z, torch.tensor([0, 1, 0])).tolist() == [[1, 0], [0, 3]]


def test_classes_of_stacked_tasks_need_not_have_as_many_rows():
    z = rows([0], [2], [4]).expand(2, 3, 1)
    y = torch.tensor([[0, 0, 1], [0, 1, 1]])
    assert class_means(z, y).squeeze(-1).tolist() == [[1, 4], [0, 3]]


def test_a_class_without_a_support_row_is_named():
    with pytest.raises(ValueError, match=r"3 classes need a support row each.* none of class 1"):
        class_means(rows([0, 0], [1, 1]), torch.tensor([0, 2]))


def test_a_class_without_a_support_row_in_one_of_the_tasks_is_named():
    y = torch.tensor([[0, 1], [1, 1]])
    with pytest.raises(ValueError, match="none of class 0"):
        class_means(torch.zeros(2, 2, 3), y)


def test_squared_distances_are_those_of_torch():
    z = torch.randn(4, 5, 3, generator=seeded(0))
    to = torch.randn(4, 2, 3, generator=seeded(1))
    torch.testing.assert_close(squared_distances(z, to), torch.cdist(z, to).square())
