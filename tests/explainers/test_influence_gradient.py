"""Derivatives of the answer by how much a support row counts: by hand, by differences."""

import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, initialised_with, seeded
from metaxai_lab.evaluation import rank_agreement
from metaxai_lab.explainers import leave_one_out, read_inner_loop, read_reading
from metaxai_lab.explainers.influence import said_of
from metaxai_lab.learners import Maml, Recurrent
from metaxai_lab.learners.recurrent import RecurrentModel

X = torch.randn(2, 6, 4, generator=seeded(0)).double()
Y = torch.tensor([[0, 0, 1, 1, 2, 2], [2, 1, 0, 0, 1, 2]])
SUPPORT = Examples(X, Y)
QUERY = torch.randn(2, 3, 4, generator=seeded(1)).double()
TARGET = torch.tensor([[0, 1, 2], [2, 2, 1]])


def smooth(n_out=3):
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, n_out)).double()


def maml(**settings):
    with initialised_with(seeded(2)):
        return Maml(smooth(), **{"inner_lr": 0.1, "inner_steps": 3, **settings})


def recurrent(n_out=3):
    with initialised_with(seeded(3)):
        return Recurrent(4, n_out, 8).double()


# Through the inner loop


def test_one_step_of_a_line_is_known_by_hand():
    line = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(line.weight)
    support = Examples(torch.tensor([[1.0], [2.0]]), torch.tensor([3.0, -1.0]))
    found = read_inner_loop(
        Maml(line, inner_lr=0.1, inner_steps=1), support, torch.tensor([[5.0]]), 0
    )
    # slope = 0.2 * sum(w x y) / sum(w); x y is 3 and -2, their mean 0.5: by w_1 the slope moves by
    # 0.2 * (3 - 0.5) / 2 = 0.25, by w_2 by -0.25; the answer is 5 times the slope
    torch.testing.assert_close(found.values, torch.tensor([[1.25, -1.25]]))
    assert found.unit == "target"


@pytest.mark.parametrize(
    "settings", [{}, {"order": "first"}, {"moves": "head"}], ids=["second", "first", "head"]
)
def test_the_derivative_is_that_of_finite_differences(settings):
    learner = maml(**settings)
    found = read_inner_loop(learner, SUPPORT, QUERY, TARGET).values
    for row in range(6):
        high, low = (said_with(learner, row, 1 + step) for step in (1e-4, -1e-4))
        torch.testing.assert_close(found[..., row], (high - low) / 2e-4, atol=1e-7, rtol=1e-5)


def said_with(learner, row, weight):
    counts = torch.ones(2, 6).double()
    counts[:, row] = weight
    with torch.no_grad():
        return said_of(learner.adapt(SUPPORT, row_weights=counts)(QUERY), TARGET)


def test_a_row_that_counts_for_nothing_is_left_out():
    whole = said_with(maml(), 0, 1.0)
    judge = leave_one_out(maml(), SUPPORT, QUERY, TARGET).values
    for row in range(6):
        torch.testing.assert_close(whole - said_with(maml(), row, 0.0), judge[..., row])


def test_rows_that_all_count_more_change_nothing():
    found = read_inner_loop(maml(), SUPPORT, QUERY, TARGET).values
    assert found.abs().max() > 1e-3
    torch.testing.assert_close(found.sum(-1), torch.zeros(2, 3).double(), atol=1e-12, rtol=0)


def test_for_a_short_step_it_agrees_with_leaving_out():
    learner = maml(inner_lr=0.01, inner_steps=2)
    found, judge = (f(learner, SUPPORT, QUERY, TARGET) for f in (read_inner_loop, leave_one_out))
    assert rank_agreement(found, judge).mean > 0.95
    torch.testing.assert_close(found.values, judge.values * 5 / 6, atol=5e-5, rtol=0)


def test_without_a_step_no_row_has_influence():
    found = read_inner_loop(maml(inner_steps=0), SUPPORT, QUERY, TARGET)
    assert not found.values.any()


def test_it_leaves_the_learner_as_it_was():
    learner = maml()
    with torch.no_grad():
        values = read_inner_loop(learner, SUPPORT, QUERY, TARGET).values
    assert not values.requires_grad
    assert all(weight.grad is None for weight in learner.parameters())


# Through the reading


def test_the_slope_of_a_reading_is_that_of_finite_differences():
    learner = recurrent()
    found = read_reading(learner, SUPPORT, QUERY, TARGET).values
    for row in range(6):
        high, low = (read_aloud(learner, row, 1 + step) for step in (1e-4, -1e-4))
        torch.testing.assert_close(found[..., row], (high - low) / 2e-4, atol=1e-8, rtol=1e-5)


def read_aloud(learner, row, loudness):
    tokens = learner.tokens(SUPPORT).detach().clone()
    tokens[:, row] *= loudness
    with torch.no_grad():
        return said_of(RecurrentModel(learner, learner.read(tokens))(QUERY), TARGET)


def test_of_a_regression_the_slope_is_in_its_own_unit():
    support = Examples(X, X[..., 0])
    found = read_reading(recurrent(n_out=1), support, QUERY, 0)
    assert found.unit == "target"
    assert found.values.shape == (2, 3, 6)


# Both


@pytest.mark.parametrize(
    ("read", "learner"), [(read_inner_loop, maml()), (read_reading, recurrent())]
)
def test_stacked_tasks_are_read_as_one_by_one(read, learner):
    stacked = read(learner, SUPPORT, QUERY, TARGET).values
    for task in range(2):
        alone = read(learner, Examples(X[task], Y[task]), QUERY[task], TARGET[task])
        torch.testing.assert_close(stacked[task], alone.values)


@pytest.mark.parametrize(
    ("read", "learner"), [(read_inner_loop, maml()), (read_reading, recurrent())]
)
def test_a_target_that_is_no_output_is_refused(read, learner):
    with pytest.raises(ValueError, match="target 3 is none"):
        read(learner, SUPPORT, QUERY, 3)


def test_learners_in_training_mode_are_refused():
    part = nn.Sequential(nn.Linear(4, 4), nn.Dropout()).double()
    with pytest.raises(ValueError, match=r"Call eval\(\)"):
        read_inner_loop(Maml(part), SUPPORT, QUERY, 0)
    with pytest.raises(ValueError, match=r"Call eval\(\)"):
        read_reading(Recurrent(4, 3, 8, embed=part).double(), SUPPORT, QUERY, 0)
