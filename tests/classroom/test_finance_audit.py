"""The auditor's view: what the planted rules of a bank show, with and without the fault."""

import pytest
import torch

from metaxai_lab.classroom.finance_audit import (
    agreement,
    audited,
    hold,
    honest_lines,
    known_lines,
    lines_of,
)
from metaxai_lab.classroom.finance_study import open_bank, points
from metaxai_lab.core import seeded
from metaxai_lab.tasks.credit import DISTRICT, credit_family


@pytest.fixture(scope="module")
def bank():
    return open_bank(credit_family(n_tasks=8, n_rows=400, generator=seeded(0)), seed=0)


@pytest.fixture(scope="module")
def honest():
    family = credit_family(n_tasks=8, n_rows=400, proxy=0.0, generator=seeded(0))
    return open_bank(family, seed=0)


def test_rules_that_stand_for_the_planted_ones_ask_about_the_district(bank):
    assert audited(bank, known_lines(bank), 10).suspects() == ["district"]


def test_without_the_fault_no_rule_is_suspect(honest):
    assert audited(honest, known_lines(honest), 10).suspects() == []


def test_the_planted_rules_agree_with_themselves(bank):
    marks = agreement(bank, known_lines(bank), 10)
    assert marks["top"] == marks["answers"] == 1
    assert marks["correlation"] == pytest.approx(1)


def test_a_district_that_is_held_closes_the_gap_among_payers(bank):
    lines = known_lines(bank)
    before, after = (audited(bank, each, 10).marks() for each in (lines, hold(lines)))
    assert before["gap, payers"] > 0.15
    assert abs(after["gap, payers"]) < 0.08
    assert after["right"] > before["right"]


def test_the_files_that_a_branch_learned_from_are_not_audited(bank):
    n_branches = len(bank.fold.out)
    assert len(audited(bank, lines_of(bank, 10), 10).x) == n_branches * 390
    assert len(audited(bank, lines_of(bank, 50), 50).x) == n_branches * 350


def test_the_answers_are_those_of_the_lines(bank):
    lines = known_lines(bank)
    region = audited(bank, lines, 10)
    first = bank.fold.out[0]
    said = points(lines[first], region.x[:390]) >= 50
    assert torch.equal(region.approved[:390], said)
    assert bool((hold(lines)[first].weights[DISTRICT] == 0).all())


def test_a_model_that_holds_the_district_is_judged_by_the_rule_without_it(bank):
    fair = hold(known_lines(bank))
    assert agreement(bank, fair, 10, known=honest_lines(bank))["answers"] == 1
    assert agreement(bank, fair, 10)["answers"] < 0.97
