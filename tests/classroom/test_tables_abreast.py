"""Folds side by side: each learner is trained, from its own start, on its own fold."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom.tables_abreast import train_all
from metaxai_lab.classroom.tables_rivals import rivals
from metaxai_lab.classroom.tables_study import cut, leave


@pytest.fixture(scope="module")
def found():
    whole = cut("diabetes")
    return [rivals(leave(whole, group)) for group in whole.judged[:3]]


def test_each_starts_at_its_own_line_and_learns(found):
    learners = train_all(found, seeds=(0, 1, 2), steps=3)
    for one, learner in zip(found, learners, strict=True):
        assert torch.equal(learner.start, one.pooled)
        assert learner.log_freedom.abs().max() > 0
    assert not torch.equal(learners[0].log_freedom, learners[1].log_freedom)


def test_folds_of_other_widths_are_trained_too(found):
    fold = found[1].fold
    table = replace(fold.table, x=fold.table.x[:, 1:], feature_names=fold.table.feature_names[1:])
    narrow = rivals(replace(fold, table=table))
    three = [found[0], narrow, found[2]]
    learners = train_all(three, seeds=(0, 1, 2), steps=2)
    assert [len(one.start) for one in learners] == [len(one.pooled) for one in three]
    assert all(one.log_freedom.abs().max() > 0 for one in learners)
