"""What is sent out: the lab's own line, in the city's units, with reasons that add up."""

import pytest
import torch

from metaxai_lab.classroom import city_served, city_study
from metaxai_lab.classroom.sent_out import ask_sent, send_out
from metaxai_lab.core import seeded
from metaxai_lab.tasks.small_city import COLUMNS, SmallCity

KNOWN = 320


@pytest.fixture(scope="module")
def city():
    return SmallCity(n_stations=4, n_days=400).draw(generator=seeded(0))


@pytest.fixture(scope="module")
def left(city):
    return city_study.learn(city_study.without(city.timeline(KNOWN), 0, 2), seed=0, steps=3)


@pytest.fixture(scope="module")
def line(left):
    return city_served.line_of(left, 2, 300)


def test_the_line_is_of_ten_days_of_that_station(left, line):
    rows = (left.fold.table.task == 2).nonzero()[300:310, 0]
    rows = left.fold.table.x[rows], left.fold.table.y[rows]
    with torch.no_grad():
        wanted = left.learner.adapt(city_study.Examples(*rows))
    assert torch.allclose(line.weights, wanted.weights, atol=1e-6)


def test_answers_are_the_lines_in_the_citys_unit(city, left, line):
    answers, reasons = city_served.ServedLine(left, line, city)(city.days[300:305])
    mine = (left.fold.table.task == 2).nonzero()[300:305, 0]
    centre, spread = left.fold.table.target_scale
    wanted = line(left.fold.table.x[mine])[:, 0] * spread + centre
    assert torch.allclose(answers, wanted, atol=1e-3)
    assert torch.allclose(reasons[:, 0].diff() == 0, city.days[300:305, 0].diff() == 0)


def test_reasons_add_up_to_what_differs_from_a_mean_day(city, left, line):
    served = city_served.ServedLine(left, line, city)
    mean, _ = served(served.means[None])
    answers, reasons = served(city.days[:20])
    assert torch.allclose(reasons.sum(1), answers - mean, atol=1e-4)


def test_the_card_names_every_column_with_the_range_that_was_known(city):
    card = city_served.card(city, KNOWN, {})
    assert tuple(column.name for column in card.columns) == COLUMNS
    assert card.columns[1].high == pytest.approx(float(city.days[:KNOWN, 1].max()), abs=1e-3)
    assert len(card.not_for) >= 3


def test_without_the_lab_the_answer_is_the_same(city, left, line, tmp_path):
    served = city_served.ServedLine(left, line, city)
    send_out(served, city_served.card(city, KNOWN, {}), tmp_path)
    day = dict(zip(COLUMNS, city.days[310].tolist(), strict=True))
    (told,) = ask_sent(tmp_path, [day])
    answers, reasons = served(city.days[310:311])
    assert told["answer"] == pytest.approx(float(answers), rel=1e-5)
    assert [told["reasons"][name] for name in COLUMNS] == pytest.approx(
        reasons[0].tolist(), abs=1e-4
    )
