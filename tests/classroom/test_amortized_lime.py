"""LIME's labels are judged by LIME asked again, and the network by planes of many points."""

import torch

from metaxai_lab.classroom import amortized_lime as amortized
from metaxai_lab.classroom.amortized_study import Case
from metaxai_lab.classroom.local_models import local_model
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, Training

LOCAL = local_model("bc12", steps=100)
ROWS = LOCAL.rows[:10]
CASE = Case(LOCAL, Game(LOCAL.model, LOCAL.background), ROWS, torch.zeros(10, 12), ROWS)


def length(values):
    return float(values.norm(dim=-1).median())


def test_a_label_is_lime_s_value_of_its_column_and_its_total_their_sum():
    stored = amortized.lime_labels(CASE, 64, seeded(0))
    again = amortized.plane_values(CASE, stored.rows, 3_000, seeded(1))
    assert length(stored.values - again) < 0.5 * length(again)
    torch.testing.assert_close(stored.totals, stored.values.sum(-1))
    assert torch.equal(stored.questions[3], torch.eye(12))


def test_groups_have_points_of_their_own(monkeypatch):
    monkeypatch.setattr(amortized, "more_rows", lambda rows, n, generator: rows[:1].expand(n, 12))
    values = amortized.lime_labels(CASE, 64, seeded(0)).values
    assert (values.std(0) > 0).all()


def test_the_network_comes_nearer_to_many_points_than_its_own_labels_do():
    how = Training(width=32, steps=300, batch=128)
    said = amortized.planes(CASE, seed=0, training=how)
    assert length(said.learned - said.many) < length(said.few - said.many)
