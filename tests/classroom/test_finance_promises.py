"""Changes worked out for a model, and what the branch says to them."""

import pytest

from metaxai_lab.classroom.finance_audit import known_lines
from metaxai_lab.classroom.finance_promises import promises, promises_by_branch
from metaxai_lab.classroom.finance_study import open_bank
from metaxai_lab.core import seeded
from metaxai_lab.tasks.credit import credit_family


@pytest.fixture(scope="module")
def bank():
    return open_bank(credit_family(n_tasks=8, n_rows=400, generator=seeded(0)), seed=0)


def test_a_change_worked_out_for_the_planted_rule_is_kept_by_it(bank):
    kept = promises(bank, known_lines(bank), 10, margin=1e-3)
    assert kept["model"] == kept["branch"] == 1
    assert 0.5 < kept["found"] <= 1


def test_an_officer_with_chance_keeps_fewer_of_them(bank):
    near, far = (promises(bank, known_lines(bank), 10, margin=m) for m in (1e-3, 8.0))
    assert near["officer"] < 0.8 < far["officer"] < 1


def test_each_branch_left_out_is_asked(bank):
    found = promises_by_branch(bank, known_lines(bank), 10, margin=4.0)
    assert {len(values) for values in found.values()} == {len(bank.fold.out)}
