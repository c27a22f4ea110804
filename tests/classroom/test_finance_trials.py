"""Changes that are asked about again, and reasons beside the planted ones."""

import pytest
import torch

from metaxai_lab.classroom.finance_audit import known_lines
from metaxai_lab.classroom.finance_study import open_bank
from metaxai_lab.classroom.finance_trials import (
    as_written,
    asked_again,
    judged,
    shuffled_lines,
    top_columns,
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
