"""Signals of a model out of its depth, on hospitals whose damage is worked out by hand."""

from dataclasses import replace

import torch

from metaxai_lab.classroom import medicine_depth as depth

LIKED = torch.tensor([[[1.0, 1.0], [-1.0, -1.0]]]).expand(2, -1, -1)
ONE = depth.Asked(
    x=torch.stack([LIKED[0] + torch.tensor([3.0, 0.0]), LIKED[1] * torch.tensor([1.0, 0.0])]),
    liked=LIKED,
    ill=torch.tensor([[1.0, 0.0], [1.0, 0.0]]),
    measured=torch.tensor([[True, True], [True, False]]),
    assay=torch.tensor([0, 0]),
    weights=torch.tensor([0.1, 0.4, 0.5]),
    usual=torch.tensor([0.1, 0.4]),
)


def test_damage_is_the_error_as_measured_less_that_as_liked():
    assert torch.allclose(ONE.damage, torch.tensor([0.09, 0.16]))


def test_a_reason_is_moved_by_its_mean_or_lost_whole():
    moved = ONE.odd_reasons(ONE.weights[:2])
    assert torch.allclose(moved, torch.tensor([[0.3, 0.0], [0.0, 0.4]]))


def test_a_column_is_moved_in_its_own_unit():
    assert torch.allclose(ONE.odd_reasons(torch.ones(2)), torch.tensor([[3.0, 0.0], [0.0, 1.0]]))


def test_reasons_lost_are_those_of_columns_that_are_not_measured():
    told = depth.signals(ONE, seed=0)
    assert torch.allclose(told["reasons lost"], torch.tensor([0.0, 0.4]))
    assert told["columns lost"].tolist() == [0.0, 1.0]
    assert torch.allclose(told["reasons moved"] + told["reasons lost"], told["reasons"])


def test_the_suspected_column_is_a_measured_one():
    assert depth.suspected(ONE, seed=0)["reasons"].tolist() == [0, 0]


def test_named_counts_hospitals_that_measure_the_column():
    lost = replace(ONE, assay=torch.tensor([0, 1]))
    assert depth.named(lost, seed=0)["columns"] == 1.0


def test_mending_the_right_column_takes_a_pure_offset_away():
    assert torch.allclose(ONE.mended(torch.tensor([0, 0]))[0], torch.tensor(0.0), atol=1e-6)


def test_read_by_the_usual_method_only_lost_columns_do_damage():
    assert torch.allclose(ONE.reread, torch.tensor([0.0, 0.16]), atol=1e-6)


def test_a_column_that_is_not_odd_is_left_alone():
    assert torch.allclose(ONE.mended(torch.tensor([1, 0])), ONE.damage)


def test_as_liked_a_new_hospital_lacks_nothing():
    new = depth.asked("diabetes", deal=0)
    n = new.measured.shape[1]
    assert (new.liked[..., n:] == 0).all()
    assert (new.x[..., n:] == 1).any()
    same = new.measured.clone().scatter_(1, new.assay[:, None], False)
    gap = (new.x - new.liked)[..., :n].abs().amax(1)
    assert gap[same].max() < 1e-4
