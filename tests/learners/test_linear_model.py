"""A linear model of a stack answers and is judged task by task."""

import torch

from metaxai_lab.core import Examples
from metaxai_lab.learners import LinearModel

STACK = LinearModel(torch.tensor([[2.0, 1.0], [0.0, -1.0]]), torch.tensor([1.0, 0.5]))


def test_an_answer_by_hand():
    x = torch.tensor([[[1.0, 3.0]], [[1.0, 3.0]]])
    assert STACK(x).tolist() == [[[6.0]], [[-2.5]]]


def test_the_error_of_each_task_by_hand():
    x = torch.tensor([[[1.0, 0.0], [2.0, 0.0]], [[0.0, 0.5], [0.0, 1.5]]])
    rows = Examples(x, torch.tensor([[3.0, 7.0], [0.0, 0.0]]))
    assert STACK.errors(rows).tolist() == [2.0, 0.5]


def test_one_task_needs_no_stack():
    alone = LinearModel(STACK.weights[0], STACK.intercept[0])
    x = torch.tensor([[1.0, 3.0], [0.0, 0.0]])
    assert alone(x).tolist() == [[6.0], [1.0]]
