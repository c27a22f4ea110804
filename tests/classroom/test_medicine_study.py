"""Net benefit by hand, and new hospitals whose patients no training hospital has."""

import torch

from metaxai_lab.classroom import medicine_study as medicine
from metaxai_lab.classroom.left_out import LEARNED, LeftOut
from metaxai_lab.tasks.hospitals import patients

ILL = torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0])


def test_net_benefit_prices_follow_ups_in_vain():
    advised = torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0])
    assert medicine.net_benefit(advised, ILL, 0.2).item() == (1 - 2 * 0.25) / 5


def test_beyond_simple_is_beyond_all_where_most_are_ill():
    ill = torch.tensor([1.0, 1.0, 1.0, 0.0])
    advised = torch.tensor([1.0, 1.0, 1.0, 0.0])
    assert torch.isclose(medicine.beyond_simple(advised, ill, 0.5), torch.tensor(0.25).double())


def test_beyond_simple_is_beyond_none_where_few_are_ill():
    ill = torch.tensor([1.0, 0.0, 0.0, 0.0])
    assert medicine.beyond_simple(ill, ill, 0.5).item() == 0.25


def test_new_hospitals_hold_no_patient_of_a_training_hospital():
    made, cut = medicine.world("diabetes", deal=1)
    new = torch.isin(made.table.task, torch.tensor(cut.groups["new"]))
    assert torch.cdist(made.plain[new], made.plain[~new], p=1).min() > 1e-4


def test_two_deals_in_a_row_swap_the_halves():
    one, _ = medicine.world("diabetes", deal=0)
    two, _ = medicine.world("diabetes", deal=1)
    first = one.plain[one.table.task < medicine.N_TRAINED]
    second = two.plain[two.table.task < medicine.N_TRAINED]
    assert torch.cdist(first, second, p=1).min() > 1e-4
    whole = patients("diabetes").x
    assert len(first.unique(dim=0)) + len(second.unique(dim=0)) <= len(whole)


def test_harmed_is_the_share_of_hospitals_below_nought():
    gain = torch.tensor([[0.1, -0.1, 0.0, -0.2]])
    left = LeftOut({LEARNED: torch.zeros(1, 4)}, (5,))
    assert medicine.Study(left, {LEARNED: gain}, {}).harmed(LEARNED, 5) == 0.5


def test_the_simple_policy_is_chosen_once_for_a_hospital():
    ill = torch.tensor([[1.0, 1.0], [0.0, 0.0]]).repeat(20, 1)
    gain = medicine._gains(ill, ill)[medicine.THRESHOLDS.index(0.5)]
    assert torch.isclose(gain, torch.tensor([0.5]).double()).all()


def test_safe_from_is_the_size_from_which_no_interval_reaches_nought():
    rows = torch.tensor([[0.1, 0.1, 0.1, 0.2, 0.2, 0.2], [-0.1] * 3 + [0.2] * 3, [0.1] * 6])
    rows = torch.cat([rows, rows[:1]])
    left = LeftOut({LEARNED: torch.zeros(4, 6)})
    study = medicine.Study(left, {}, {})
    assert study.safe_from(rows.double() + torch.arange(6) * 1e-4) == 20


def test_hospitals_of_a_region_are_one_unit():
    values = torch.tensor([0.0, 0.6, 0.2, 0.4, 0.3, 0.3]).double()
    found = medicine.over_regions(values)
    assert found.high - found.low < 1e-6


def test_a_study_of_one_size_is_that_size_of_a_study_of_two():
    regions = [medicine.region("diabetes", deal=deal) for deal in range(2)]
    one, two = (medicine.study(regions, sizes=sizes).left for sizes in ((10,), (5, 10)))
    assert one.sizes == (10,)
    assert torch.equal(one.of(LEARNED, 10), two.of(LEARNED, 10))
