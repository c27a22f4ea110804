"""The rivals differ in what they read, and are judged on the same worlds."""

from dataclasses import replace

import torch

from metaxai_lab.classroom import meta_rl_study as study
from metaxai_lab.learners.ppo import Plan
from metaxai_lab.tasks.rl_worlds import FALL_COST, HALF


def test_all_kinds_are_judged_in_the_same_worlds():
    worlds = [study.trial_worlds(who, 20) for who in study.KINDS]
    for other in worlds[1:]:
        assert torch.equal(worlds[0].sign, other.sign)
        assert torch.equal(worlds[0].force, other.force)


def test_only_who_is_told_sees_the_sign():
    columns = {who: study.fresh(who, 0).scales.numel() for who in study.KINDS}
    assert columns.pop("told the sign") == 5
    assert set(columns.values()) == {4}


def test_points_follow_from_falls():
    trials = study.judged(study.fresh("memory", 0), "memory", n_worlds=20)
    assert torch.equal(study.points(trials), HALF - FALL_COST * study.falls(trials))


def test_wiping_changes_nothing_where_there_is_no_memory():
    marks = study.marks(study.fresh("no memory", 0), "no memory")
    assert marks["falls, second"] == marks["falls, wiped, second"]
    assert marks["falls, first"] > 0.5


def test_training_changes_the_policy():
    trained = study.train("memory", 0, size=Plan(rounds=1, worlds=4))
    fresh = study.fresh("memory", 0)
    assert not torch.equal(trained.head[0].weight, fresh.head[0].weight)
    assert not trained.training


def test_a_push_goes_under_the_pole_where_it_goes_to_the_side_it_leans_to():
    carts = study.trial_worlds(n_worlds=4)
    carts = replace(carts, sign=torch.tensor([1.0, 1.0, -1.0, -1.0]))
    trials = study.judged(study.fresh("memory", 0), "memory", n_worlds=4)
    leans = torch.zeros(4, 64, 4)
    leans[..., 2] = 0.1
    calls = torch.tensor([1.0, 0.0, 1.0, 0.0])[:, None].repeat(1, 64)
    right = replace(trials, seen=leans, action=calls)
    assert study.goes_under(right, carts)[:, 0].tolist() == [True, False, False, True]
    turning = leans.clone()
    turning[..., 3] = -2.0  # it leans to the right by now, and will soon lean to the left
    left = study.goes_under(replace(right, seen=turning), carts)[:, 0]
    assert left.tolist() == [False, True, True, False]


def test_before_its_first_push_nobody_knows_where_it_goes():
    marks = study.marks(study.fresh("memory", 0), "memory")
    assert abs(marks["push 1 under, first"] - 0.5) < 0.06
    assert {f"push {push} under, wiped, second" for push in study.PUSHES} <= set(marks)
