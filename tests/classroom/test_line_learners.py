"""Learners set by hand answer what paper says."""

from math import log

import pytest
import torch

from metaxai_lab.classroom.line_learners import LeakySum, on_a_line
from metaxai_lab.core import Examples

FIVE = Examples(torch.tensor([[-4.0], [0.0], [1.0], [2.0], [12.0]]), torch.tensor([0, 0, 1, 1, 1]))
HAND = {"prototypes": -7, "matching": log(3), "step": 2, "reader": 13.5}


def log_odds(learner, support, x):
    out = learner.adapt(support)(x)
    return out[..., 1] - out[..., 0]


@pytest.mark.parametrize("name", HAND)
def test_each_learner_gives_the_log_odds_of_paper(name):
    said = log_odds(on_a_line()[name], FIVE, torch.tensor([[1.0]]))
    assert said.item() == pytest.approx(HAND[name], abs=1e-5)


@pytest.mark.parametrize("name", HAND)
def test_a_stack_of_tasks_is_answered_as_each_of_them_alone(name):
    x = torch.tensor([[[-4.0], [0.0], [1.0]], [[3.0], [1.0], [-2.0]]])
    y = torch.tensor([[0, 1, 1], [1, 0, 0]])
    asked = torch.tensor([[[1.0], [0.5]], [[2.0], [-1.0]]])
    learner = on_a_line()[name]
    stacked = log_odds(learner, Examples(x, y), asked)
    alone = [log_odds(learner, Examples(x[i], y[i]), asked[i]) for i in range(2)]
    torch.testing.assert_close(stacked, torch.stack(alone))


def test_the_reader_halves_what_it_knew_with_each_row():
    # class 0 turns its rows around: 12, then 12/2 + 2, then 8/2 + 1, then 5/2 - 0, then 2.5/2 + 4
    back = Examples(FIVE.x.flip(0), FIVE.y.flip(0))
    assert LeakySum().adapt(back).state.item() == 5.25
