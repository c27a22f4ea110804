"""Branches of a bank made by code: what was planted is in the files, and only that."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.tasks.credit import (
    CUT,
    DISTANCE,
    DISTRICT,
    HIGH,
    LOW,
    NAMES,
    NOISE,
    applicants,
    credit_family,
)


@pytest.fixture(scope="module")
def family():
    return credit_family(n_tasks=6, n_rows=4000, generator=seeded(0))


def left_over(family):
    """Return what the known rule leaves of the points."""
    task = family.table.task
    said = (family.table.x * family.weights[task]).sum(1) + family.levels[task]
    return family.table.y - said


def test_the_known_rule_leaves_the_noise_alone(family):
    left = left_over(family)
    assert abs(float(left.mean())) < 0.1
    assert float(left.std()) == pytest.approx(NOISE, rel=0.02)


def test_least_squares_of_one_branch_finds_its_weights(family):
    rows = family.rows(2)
    x = torch.cat([family.table.x[rows], torch.ones(int(rows.sum()), 1)], 1)
    found = torch.linalg.lstsq(x.double(), family.table.y[rows].double()[:, None]).solution[:-1, 0]
    apart = (found - family.weights[2]).abs() * family.table.x[rows].std(0)
    assert float(apart.max()) < 0.4


def test_whether_a_loan_is_paid_back_does_not_depend_on_the_district(family):
    task, x = family.table.task, family.table.x
    points = (x * family.weights[task]).sum(1) + family.levels[task]
    fair = points - x[:, DISTRICT] * family.weights[task][:, DISTRICT]
    there = x[:, DISTRICT] == 1
    near = (fair - CUT).abs() < 3
    shares = [float(family.repaid[near & side].float().mean()) for side in (there, ~there)]
    assert abs(shares[0] - shares[1]) < 0.08


def test_past_points_were_lower_for_the_district(family):
    assert bool((family.weights[:, DISTRICT] <= 0).all())
    assert float(family.weights[:, DISTRICT].mean()) < -5


def test_without_the_fault_no_point_is_taken_for_the_district():
    honest = credit_family(n_tasks=6, n_rows=50, proxy=0.0, generator=seeded(0))
    assert bool((honest.weights[:, DISTRICT] == 0).all())


def test_the_protected_group_is_told_by_the_district_and_less_by_the_distance(family):
    x, group = family.table.x, family.protected
    there = x[:, DISTRICT] == 1
    assert float(there[group].float().mean()) == pytest.approx(0.85, abs=0.02)
    assert float(there[~group].float().mean()) == pytest.approx(0.15, abs=0.02)
    assert float(x[group, DISTANCE].mean() - x[~group, DISTANCE].mean()) > 3
    assert not any("group" in name or "protected" in name for name in NAMES)


def test_applicants_stay_within_the_ranges_that_are_named():
    x, _ = applicants(5000, generator=seeded(1))
    assert bool((x >= torch.tensor(LOW)).all())
    assert bool((x <= torch.tensor(HIGH)).all())


def test_branches_that_share_nothing_have_signs_at_random():
    strange = credit_family(n_tasks=300, n_rows=2, alike=False, generator=seeded(0))
    income = strange.weights[:, 0] > 0
    assert 0.35 < float(income.float().mean()) < 0.65


def test_branches_that_do_not_differ_have_one_rule():
    same = credit_family(n_tasks=5, n_rows=2, differ=0.0, generator=seeded(0))
    assert bool((same.weights == same.weights[0]).all())
    assert float(same.levels.std()) == 0


def test_the_same_seed_makes_the_same_files():
    one, two = (credit_family(n_tasks=2, n_rows=9, generator=seeded(4)) for _ in range(2))
    assert torch.equal(one.table.x, two.table.x)
    assert torch.equal(one.repaid, two.repaid)


def test_a_family_without_a_branch_is_refused():
    with pytest.raises(ValueError, match="needs a branch and two rows; found 0"):
        credit_family(n_tasks=0, generator=seeded(0))
