"""The hall's nets leave the lab with their explainer, and answer there as they did here."""

import pytest
import torch

from metaxai_lab.classroom import manufacturing_served as serving
from metaxai_lab.classroom.manufacturing_study import Hall
from metaxai_lab.classroom.mode_nets import ModeNets
from metaxai_lab.classroom.pipeline_deployed import NoAnswerError
from metaxai_lab.classroom.sent_out import ask_sent, send_out
from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_prior import hand_prior
from metaxai_lab.explainers.travelling import travelling
from metaxai_lab.tasks.machines import COLUMNS, GRADES, draw_runs, responsible


@pytest.fixture(scope="module")
def one():
    """Return a hall of untrained nets: whatever they answer has to be the same outside."""
    runs = draw_runs(2000, generator=seeded(0))
    kept = runs.single.nonzero()[:, 0][:6]
    modes = runs.modes[kept]
    nets = ModeNets(runs.x, generator=seeded(1)).eval()
    rule = modes[:, :3].float().argmax(1)
    return Hall(nets, runs, runs, runs.x[kept], rule, responsible(modes), runs.x[:16])


@pytest.fixture(scope="module")
def module(one):
    return serving.served(one, hand_prior(10))


@pytest.fixture(scope="module")
def folder(one, module, tmp_path_factory):
    place = tmp_path_factory.mktemp("sent")
    send_out(module, serving.card(one), place)
    return place


def as_asked(row, **changed):
    told = dict(zip(COLUMNS, (float(value) for value in row), strict=True))
    return told | {"grade": GRADES[int(told["grade"])]} | changed


def test_the_served_reasons_are_those_of_the_explainer_that_travels(one, module):
    wanted = travelling(one.game(), one.rows, prior=hand_prior(10), n_queries=40)
    answer, reasons = module(one.rows)
    assert torch.allclose(reasons, wanted.values, atol=1e-4)
    assert torch.allclose(answer, wanted.output, atol=1e-5)


def test_outside_the_lab_the_numbers_are_the_same(one, module, folder):
    there = ask_sent(folder, [as_asked(row) for row in one.rows])
    answer, reasons = module(one.rows)
    for found, a, r in zip(there, answer.tolist(), reasons.tolist(), strict=True):
        assert found["answer"] == pytest.approx(a, abs=1e-5)
        assert list(found["reasons"].values()) == pytest.approx(r, abs=1e-4)


def test_celsius_for_kelvin_is_flagged(one, folder):
    told = as_asked(one.rows[0])
    found = ask_sent(folder, [told | {"air": float(one.rows[0, 0]) - 273.15}])[0]
    assert "air" in found["notes"][0]
    assert "unit" in found["notes"][0]


def test_a_missing_sensor_and_an_unknown_grade_are_refused(one, folder):
    told = as_asked(one.rows[0])
    with pytest.raises(NoAnswerError, match="grade"):
        ask_sent(folder, [told | {"grade": "Q"}])
    del told["torque"]
    with pytest.raises(NoAnswerError, match="torque"):
        ask_sent(folder, [told])


def test_a_closed_column_is_neither_asked_for_nor_given_a_reason(one):
    rows, volts = one.seen.x.clone(), COLUMNS.index("voltage")
    rows[:, volts] = 400.0
    nets = ModeNets(rows, generator=seeded(1)).eval()
    closed = Hall(nets, one.seen, one.runs, one.rows, one.rule, one.truth, rows[:16])
    left = [i for i in range(len(COLUMNS)) if i != volts]
    answer, reasons = serving.served(closed, hand_prior(10))(one.rows[:, left])
    wanted = travelling(closed.game(), one.rows, prior=hand_prior(10), n_queries=40)
    assert torch.allclose(answer, wanted.output, atol=1e-5)
    assert torch.allclose(reasons, wanted.values[:, left], atol=1e-4)
    assert "voltage" not in [column.name for column in serving.card(closed).columns]
