"""The noun of influence, what a prediction says, and who cannot be asked."""

from math import sqrt

import pytest
import torch
from torch import nn

from metaxai_lab.core import Examples, seeded
from metaxai_lab.evaluation import rank_agreement
from metaxai_lab.explainers import Influence, by_label, shuffled_influence
from metaxai_lab.explainers.influence import refuse_lone_rows, refuse_training, said_of, unit_of

VALUES = torch.randn(2, 3, 8, generator=seeded(0))


def test_a_class_is_said_in_log_probability():
    outputs = torch.randn(2, 3, 4, generator=seeded(1))
    target = torch.tensor([[0, 1, 2], [3, 3, 0]])
    wanted = outputs.log_softmax(-1).gather(-1, target.unsqueeze(-1)).squeeze(-1)
    torch.testing.assert_close(said_of(outputs, target), wanted)
    torch.testing.assert_close(said_of(outputs, 2), outputs.log_softmax(-1)[..., 2])


def test_what_is_all_but_certain_is_not_rounded_to_certainty():
    said = said_of(torch.tensor([[30.0, 0.0], [40.0, 0.0]]), 0)
    torch.testing.assert_close(said, -torch.tensor([-30.0, -40.0]).exp(), atol=0, rtol=1e-4)


def test_a_single_output_is_said_as_it_is():
    outputs = torch.randn(5, 1, generator=seeded(2))
    assert torch.equal(said_of(outputs, 0), outputs[:, 0])


@pytest.mark.parametrize("target", [4, -1, torch.tensor([0, 4])])
def test_a_target_that_is_no_output_is_refused(target):
    with pytest.raises(ValueError, match=r"outputs 0 to 3; target (4|-1) is none"):
        said_of(torch.zeros(2, 4), target)


def test_shuffled_keeps_the_values_of_each_query_row_and_the_unit():
    moved = shuffled_influence(Influence(VALUES, "target"), generator=seeded(3))
    assert torch.equal(moved.values.sort(-1).values, VALUES.sort(-1).values)
    assert moved.unit == "target"


def test_shuffled_orders_each_query_row_on_its_own():
    counting = Influence(torch.arange(8.0).expand(2, 3, 8))
    moved = shuffled_influence(counting, generator=seeded(3)).values.flatten(0, 1)
    assert len({tuple(row) for row in moved.tolist()}) == 6


def test_shuffled_draws_from_its_generator():
    one, again, other = (
        shuffled_influence(Influence(VALUES), generator=seeded(s)).values for s in (4, 4, 5)
    )
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_by_label_marks_the_rows_of_the_target():
    support = Examples(torch.zeros(2, 3, 1), torch.tensor([[0, 1, 0], [1, 1, 0]]))
    x, target = torch.zeros(2, 2, 1), torch.tensor([[0, 1], [0, 0]])
    found = by_label(support, x, target).values
    wanted = [[[1, -1, 1], [-1, 1, -1]], [[-1, -1, 1], [-1, -1, 1]]]
    assert found.tolist() == wanted
    assert by_label(support, x, 1).values[0].tolist() == [[-1, 1, -1]] * 2


def test_by_label_agrees_to_two_thirds_with_who_puts_own_rows_first():
    support = Examples(torch.zeros(25, 1), torch.arange(5).repeat_interleave(5))
    judge = Influence(-torch.arange(25.0).unsqueeze(0))
    mark = rank_agreement(by_label(support, torch.zeros(1, 1), 0), judge).mean
    assert mark == pytest.approx(sqrt(300 / 624), abs=1e-6)


def test_rows_add_nats_to_a_class_and_the_unit_of_the_target_to_a_number():
    assert unit_of(torch.tensor([0, 1])) == "nats"
    assert unit_of(torch.tensor([0.0, 1.0])) == "target"


def test_the_only_row_of_a_class_is_named():
    refuse_lone_rows(torch.tensor([[0, 0, 1, 1], [1, 0, 1, 0]]))
    with pytest.raises(ValueError, match=r"row 2 of task \(1,\) is the only one of its own"):
        refuse_lone_rows(torch.tensor([[0, 0, 1, 1], [0, 0, 1, 0]]))
    with pytest.raises(ValueError, match="row 0 is the only one"):
        refuse_lone_rows(torch.tensor([0, 1, 1]))


def test_a_regression_needs_two_rows_and_may_repeat_none():
    refuse_lone_rows(torch.tensor([0.5, 1.5]))
    with pytest.raises(ValueError, match="row 0 is the only one"):
        refuse_lone_rows(torch.tensor([0.5]))


@pytest.mark.parametrize("part", [nn.BatchNorm1d(2), nn.BatchNorm2d(2), nn.Dropout()])
def test_a_learner_that_mixes_or_drops_is_refused_in_training_mode(part):
    learner = nn.Sequential(nn.Linear(2, 2), part)
    refuse_training(learner.eval())
    with pytest.raises(ValueError, match=r"Call eval\(\) on it first"):
        refuse_training(learner.train())


@pytest.mark.parametrize("learner", [nn.Linear(2, 2).train(), object()])
def test_other_learners_may_be_asked_in_any_mode_and_stay_in_it(learner):
    before = getattr(learner, "training", None)
    refuse_training(learner)
    assert getattr(learner, "training", None) is before
