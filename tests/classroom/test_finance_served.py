"""The credit model outside the lab: the same points, reasons that add up, and bad rows refused."""

import pytest
import torch

from metaxai_lab.classroom.finance_served import ASKED, Points, card_of, fair_lines, send, tried
from metaxai_lab.classroom.finance_study import open_bank, points
from metaxai_lab.classroom.pipeline_deployed import NoAnswerError
from metaxai_lab.classroom.sent_out import ask_sent
from metaxai_lab.core import seeded
from metaxai_lab.tasks.credit import CUT, NAMES, credit_family


@pytest.fixture(scope="module")
def bank():
    return open_bank(credit_family(n_tasks=8, n_rows=160, generator=seeded(0)), seed=0)


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sent")
    send(folder)
    return folder


ROW = {"branch": "branch 5", "income": 30, "debts": 35, "late": 1, "job": 4, "savings": 1.5}
ROW |= {"loan": 12, "age": 33}


def test_served_points_are_those_of_the_line_of_the_branch(bank):
    lines = fair_lines(bank)
    x = bank.family.table.x[:30]
    for place, line in enumerate(lines):
        branch = torch.full((30, 1), float(place))
        said, _ = Points(lines)(torch.cat([branch, x[:, list(ASKED)]], 1))
        assert torch.allclose(said, points(line, x), atol=1e-3)


def test_reasons_lead_from_the_cut_to_the_answer(bank):
    x = bank.family.table.x[:30, list(ASKED)]
    said, reasons = Points(fair_lines(bank))(torch.cat([torch.ones(30, 1), x], 1))
    assert torch.allclose(CUT + reasons.sum(1), said, atol=1e-4)


def test_the_card_asks_for_no_district_and_no_distance(bank):
    asked = {column.name for column in card_of(bank, {}).columns}
    assert asked == {"branch", *NAMES} - {"district", "distance"}


def test_an_applicant_is_answered_in_a_fresh_python_and_the_district_is_ignored(sent):
    plain, told = ask_sent(sent, [ROW, {**ROW, "district": 1}])
    assert plain["answer"] == told["answer"]
    assert "Ignored, for the model does not know it: district." in told["notes"]


def test_an_unknown_branch_is_refused_with_the_list(sent):
    with pytest.raises(NoAnswerError, match="branch 5"):
        ask_sent(sent, [{**ROW, "branch": "branch 99"}])


def test_an_income_in_another_unit_is_flagged(sent):
    (said,) = ask_sent(sent, [{**ROW, "income": 30000}])
    assert any("another unit" in note for note in said["notes"])


def test_the_card_says_what_was_measured_of_the_lines_that_are_sent(bank):
    lines = fair_lines(bank)
    measured, not_for = tried(bank, lines)
    turned, _ = tried(bank, lines[::-1])
    assert measured["gap among payers"].startswith("≈")
    assert measured != turned
    assert len(not_for) == 4
