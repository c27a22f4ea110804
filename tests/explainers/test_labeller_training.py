"""Across teachers that care for one column, a labeller learns that it is that one."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.labeller import Labeller
from metaxai_lab.explainers.labeller_training import labeller_loss, train_labeller
from metaxai_lab.tasks.teachers import TeacherFamily

SIZES = (2.0, 0.0, 0.0)


def draw(g):
    return TEACHERS.episode(n_asked=12, n_query=20, n_teachers=6, generator=g)


TEACHERS = TeacherFamily((1, 0, 2), sizes=SIZES).teachers(20, n_rows=60, generator=seeded(0))


def test_the_column_that_matters_to_all_teachers_gets_the_largest_relevance():
    labeller = Labeller(3)
    train_labeller(labeller, draw, rounds=25, most_steps=1, generator=seeded(0))
    relevance = labeller.log_relevance.detach().exp()
    assert float(relevance[1]) > 2 * float(relevance[[0, 2]].max())


def test_training_lowers_the_loss_on_teachers_never_met():
    unseen = TeacherFamily((1, 0, 2), sizes=SIZES).teachers(12, n_rows=60, generator=seeded(9))
    judge = unseen.episode(n_asked=12, n_query=40, n_teachers=12, generator=seeded(1))
    labeller = Labeller(3)
    with torch.no_grad():
        before = labeller_loss(labeller, judge)
    train_labeller(labeller, draw, rounds=25, most_steps=0, generator=seeded(0))
    with torch.no_grad():
        assert float(labeller_loss(labeller, judge)) < 0.8 * float(before)


def test_the_same_seed_learns_the_same():
    found = []
    for _ in range(2):
        labeller = Labeller(3)
        train_labeller(labeller, draw, rounds=3, generator=seeded(5))
        found.append(labeller.log_relevance.detach())
    assert torch.equal(*found)


def test_fewer_steps_than_none_are_refused():
    with pytest.raises(ValueError, match="found -1"):
        train_labeller(Labeller(3), draw, rounds=1, most_steps=-1, generator=seeded(0))
