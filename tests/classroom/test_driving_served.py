"""What is sent out for one car: a line whose reasons add up, and rows of no other unit."""

import pytest
import torch

from metaxai_lab.classroom import driving_served as served
from metaxai_lab.classroom.sent_out import ask_sent, send_out
from metaxai_lab.tasks.brakings import COLUMNS


@pytest.fixture(scope="module")
def ready():
    return served.served()


def test_a_reason_is_a_weight_times_the_way_from_the_mean():
    line = served.BrakeForecast(torch.tensor([2.0, 1.0]), torch.tensor([3.0]))
    said, reasons = line(torch.tensor([[5.0]]))
    assert said.tolist() == [11.0]
    assert reasons.tolist() == [[4.0]]


def test_it_errs_less_than_the_spread_of_its_car(ready):
    said, _ = ready.forecast(ready.held_out.x)
    assert float((said - ready.held_out.y).square().mean()) < 0.5 * float(ready.held_out.y.var())


def test_the_brake_tests_it_was_fitted_to_are_not_held_out(ready):
    assert len(ready.held_out.x) == 90 - served.BRAKE_TESTS


def test_a_fresh_python_says_the_same_and_notes_a_speed_in_other_units(ready, tmp_path):
    send_out(ready.forecast, served.card({}), tmp_path)
    row = dict(zip(COLUMNS, ready.held_out.x[0].tolist(), strict=True))
    said, fast = ask_sent(tmp_path, [row, row | {"speed": 108.0}])
    assert said["answer"] == pytest.approx(float(ready.forecast(ready.held_out.x[:1])[0]), abs=1e-5)
    assert any("another unit" in note for note in fast["notes"])


def test_send_leaves_a_card_and_a_program(tmp_path):
    served.send(tmp_path)
    assert {"card.json", "answer_rows.py"} <= {path.name for path in tmp_path.iterdir()}
