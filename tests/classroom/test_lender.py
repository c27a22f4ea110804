"""The lender: what the eight cases cannot tell, and what it answers."""

from metaxai_lab.classroom.lender import cases_asked, cases_shown, lender


def test_income_and_savings_cannot_be_told_apart():
    shown = cases_shown()
    assert (shown[:, 0] == shown[:, 1]).all()


def test_in_the_cases_asked_income_and_savings_point_opposite_ways():
    asked = cases_asked()
    assert (asked[:, 0] * asked[:, 1] < 0).all()


def test_the_lender_goes_by_savings_and_debts():
    assert lender(cases_asked())[:, 0].tolist() == [-2.5, 2.5]
