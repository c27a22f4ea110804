"""Changes that are asked about again, and reasons beside the planted ones."""

import pytest
import torch

from metaxai_lab.classroom.finance_audit import agreement, known_lines, lines_of
from metaxai_lab.classroom.finance_study import open_bank
from metaxai_lab.classroom.finance_trials import (
    as_written,
    asked_again,
    judged,
    rivals_lines,
    shuffled_lines,
    top_columns,
    top_leads,
)
from metaxai_lab.core import seeded
from metaxai_lab.tasks.credit import credit_family


@pytest.fixture(scope="module")
def bank():
    return open_bank(credit_family(n_tasks=8, n_rows=160, generator=seeded(0)), seed=0)


def test_a_letter_has_one_decimal():
    assert torch.allclose(as_written(torch.tensor([[1.25001, 3.0]])), torch.tensor([[1.3, 3.0]]))


def test_every_written_change_turns_the_answer_and_the_controls_do_not(bank):
    turns = asked_again(bank)
    assert turns["written"] == 1
    assert turns["by lot"] < 0.4
    assert turns["whole numbers"] < 0.95
    assert 0.2 < turns["rounded after"] < 0.8


def test_the_reasons_of_ten_files_beat_those_of_shuffled_ones(bank):
    marks = judged(bank)
    assert marks["meta-learned"]["top"] > marks["shuffled files"]["top"]


def test_pooled_reasons_do_not_hang_on_the_files(bank):
    assert judged(bank)["pooled"]["stable"] == 1


def test_shuffled_files_give_another_line(bank):
    branch = bank.fold.out[0]
    apart = shuffled_lines(bank)[branch].weights - bank.branch(branch, 10).weights
    assert float(apart.abs().max()) > 0.01


def test_the_top_column_takes_most_points(bank):
    tops = top_columns(bank, known_lines(bank))
    assert len(tops) == len(bank.fold.out) * 150
    assert 0 <= int(tops.min()) <= int(tops.max()) < 9


def test_rivals_see_the_files_of_the_branch(bank):
    lines = rivals_lines(bank, 10)
    rows = bank.files(bank.fold.out[0], 10)[0]
    own = lines["own ridge"][bank.fold.out[0]](bank.family.table.x[rows])[:, 0]
    said = bank.family.table.y[rows]
    assert float(torch.corrcoef(torch.stack([own, said]))[0, 1]) > 0.8
    assert agreement(bank, lines["one price"], 10)["answers"] > 0.7


def test_a_lead_is_counted_for_each_branch(bank):
    leads = top_leads(bank, n_draws=1)
    assert {len(each) for each in leads.values()} == {len(bank.fold.out)}
    ours = agreement(bank, lines_of(bank, 10), 10)["top"]
    pooled = agreement(bank, dict.fromkeys(bank.fold.out, bank.pooled()), 10)["top"]
    assert sum(leads["pooled"]) / len(leads["pooled"]) == pytest.approx(ours - pooled, abs=1e-6)
