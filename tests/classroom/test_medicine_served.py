"""What leaves for a hospital answers as the lab does, in the units of its columns."""

import pytest
import torch

from metaxai_lab.classroom import medicine_served as served
from metaxai_lab.classroom.medicine_study import region


@pytest.fixture(scope="module")
def one():
    return region("diabetes", deal=0)


@pytest.fixture(scope="module")
def out(one):
    return served.outgoing(one)


def test_a_reason_is_a_weight_times_the_way_from_the_mean():
    model = served.Served(torch.tensor([0.1]), torch.tensor([3.0]), torch.tensor(0.5))
    answer, reasons = model(torch.tensor([[5.0], [13.0]]))
    assert torch.allclose(answer, torch.tensor([0.7, 1.0]))
    assert torch.allclose(reasons, torch.tensor([[0.2], [1.0]]))


def test_it_answers_as_the_adapted_learner_does(one, out):
    with torch.no_grad():
        inside = one.learner.adapt(out.judged.support)(out.judged.query.x)[:, 0]
    assert torch.allclose(out.served(out.rows)[0], inside.clamp(0, 1), atol=1e-5)


def test_it_asks_only_for_columns_that_the_hospital_measures(one, out):
    here = one.made.measured[one.fold.out[1]]
    names = zip(one.made.table.feature_names, here.tolist(), strict=False)
    wanted = [served.UNITS[name][0] for name, seen in names if seen]
    assert [column.name for column in out.columns] == wanted


def test_rows_are_the_patients_in_the_units_of_the_table(one, out):
    table = one.made.table
    task = one.fold.out[1]
    here = one.made.measured[task]
    own = table.x[table.task == task][:, : len(here)][:, here]
    assert torch.cdist(out.rows.double(), own.double()).min(1).values.max() < 1e-2


def test_the_card_forbids_at_least_three_uses(out):
    assert len(served.card(out, {}).not_for) >= 3


def test_send_leaves_a_card_and_a_program(tmp_path):
    served.send(tmp_path)
    assert {"card.json", "answer_rows.py"} <= {path.name for path in tmp_path.iterdir()}


def test_a_form_may_begin_with_a_usual_value_of_each_column(out):
    assert all(column.low < (column.usual or 0.0) < column.high for column in out.columns)
