"""Hospitals left out and their single patients, on small tables whose answers are known."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom import medicine_heart as heart
from metaxai_lab.classroom.tables_study import Cut, leave
from metaxai_lab.tasks import TaskTable


@pytest.fixture
def left_out(hospitals_of):
    def made(ill, advised):
        fold = leave(Cut(hospitals_of(), {"one": (0,), "two": (1,)}, ("two",)), "two")
        x = torch.tensor([[2.0, 0.0, 0.0], [0.2, 0.0, 0.0], [-2.0, 0.0, 0.0], [0.2, 5.0, 0.0]])
        told = {("model", 5): torch.tensor(advised)}
        start = torch.tensor([0.25, 0.02, 0.0, 0.5])
        return heart.Left(fold, x, torch.tensor(ill), told, told, start)

    return made


def test_gain_over_none_is_the_net_benefit_of_each_patient(left_out):
    left = left_out([1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 0.0, 0.0])
    assert torch.allclose(left.gain("model", 5, over="none"), torch.tensor([1.0, -3 / 7, 0.0, 0.0]))


def test_gain_over_all_counts_who_is_spared_and_who_is_missed(left_out):
    left = left_out([1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 0.0, 0.0])
    assert torch.allclose(left.gain("model", 5, over="all"), torch.tensor([0.0, 0.0, 3 / 7, -1.0]))


def test_the_sure_gain_is_over_the_better_simple_policy(left_out):
    left = left_out([1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 0.0, 0.0])
    assert abs(left.sure_gain("model", 5).mean - (3 / 7 - 1) / 4) < 1e-6


def test_an_answer_near_the_threshold_tells_wrong_advice_where_only_that_is_wrong(left_out):
    told = heart.foretold(left_out([1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]))
    assert told["near threshold"] == 1.0


def test_a_hospital_is_left_out_with_everybody_judged_on_all_its_patients(hospitals_of):
    whole = Cut(hospitals_of(80), {"one": (0,), "two": (1,)}, ("two",), n_query=20, rows=(5, 50))
    three = TaskTable(
        torch.cat([whole.table.x, whole.table.x[80:]]),
        torch.cat([whole.table.y, whole.table.y[80:]]),
        torch.cat([whole.table.task, torch.full((80,), 2)]),
        whole.table.feature_names,
        ("one", "two", "three"),
        "ill",
        ("no", "yes"),
    )
    groups = {"one": (0,), "two": (1,), "three": (2,)}
    left = heart.leave_hospital(
        Cut(three, groups, ("three",), n_query=20, rows=(5, 50)), "three", steps=3
    )
    assert left.wrong["meta-learned", 10].shape == (80,)
    assert left.wrong["meta-learned", 50].mean() < left.ill.var()


def test_the_learner_is_ahead_by_what_its_advice_gains(left_out):
    left = left_out([1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0])
    told = {("meta-learned", 5): torch.ones(4), ("model", 5): torch.tensor([1.0, 0.0, 0.0, 0.0])}
    assert abs(replace(left, advised=told).ahead("model", 5).mean - (1 - 6 / 7) / 4) < 1e-6
