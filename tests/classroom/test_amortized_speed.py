"""Times to equal error are judged by curves made by hand."""

from math import inf

import pytest
import torch

from metaxai_lab.classroom import amortized_speed as speed
from metaxai_lab.classroom import amortized_study as study
from metaxai_lab.classroom.amortized_speed import Curve, Speeds, errors_until
from metaxai_lab.classroom.amortized_study import Case
from metaxai_lab.classroom.local_models import local_model
from metaxai_lab.explainers import Game, Training

FALLING = Curve([0.4, 0.1, 0.01], [1.0, 4.0, 40.0])
FAST = Curve([0.3, 0.1], [0.5, 2.0])
MEASURED = Speeds(
    own=0.001, alone=0.1, error=0.1, rivals={"shap, a": FALLING, "shap, b": FAST, "ours": FAST}
)


@pytest.mark.parametrize(("error", "seconds"), [(0.4, 1), (0.1, 4), (0.2, 2), (0.01, 40)])
def test_between_budgets_time_is_read_off_on_logarithmic_axes(error, seconds):
    assert FALLING.seconds_to(error) == pytest.approx(seconds)


def test_beyond_what_was_tried_it_is_the_time_of_the_end():
    assert FALLING.seconds_to(0.9) == 1
    assert FALLING.seconds_to(0.001) == 40


def test_a_rival_at_equal_error_is_so_many_times_slower():
    assert MEASURED.times_faster() == pytest.approx(
        {"shap, a": 4000, "shap, b": 2000, "ours": 2000}
    )


def test_training_has_paid_when_what_is_saved_reaches_it():
    assert MEASURED.break_even(7.998)["shap, a"] == pytest.approx(2)
    assert MEASURED.break_even(1.999)["ours"] == pytest.approx(1)


def test_training_never_pays_against_a_rival_that_is_not_slower():
    as_fast = Speeds(own=2.0, alone=2.0, error=0.1, rivals={"ours": FAST})
    assert as_fast.break_even(1.0) == {"ours": inf}


def test_the_best_library_is_the_fastest_of_those_that_are_libraries():
    assert MEASURED.best_library() == "shap, b"


def test_budgets_grow_until_the_error_is_reached_and_the_last_two_are_kept():
    rows = torch.ones(20, 10)
    local = local_model("synth12", steps=1)
    case = Case(local, Game(lambda x: x, rows), rows, rows, rows)
    found = errors_until(case, lambda n_queries, rows: rows * (1 + 3 / n_queries), 0.03)
    assert found == pytest.approx({60: 0.05, 120: 0.025}, rel=1e-3)


@pytest.mark.parametrize(("most", "known"), [(12, True), (11, False)])
def test_every_question_is_a_rival_where_there_are_few_columns(monkeypatch, most, known):
    local = local_model("synth12", steps=1)
    rows = local.rows[:16]
    case = Case(local, Game(local.model, local.background), rows, torch.ones_like(rows), rows)
    monkeypatch.setattr(speed, "MOST_EXACT", most)
    monkeypatch.setattr(speed, "rivals", lambda of: {"shap, a": lambda n, x: x})
    monkeypatch.setattr(speed, "explained_by", lambda of, explainer, x=None: x)
    taught = study.taught(case, n_stored=8, training=Training(width=8, steps=1))
    measured = speed.speeds(case, taught, repeats=1)
    assert (speed.EVERY in measured.rivals) == known
    if known:
        assert measured.rivals[speed.EVERY].errors == [0.0]
        assert measured.at_equal_error()[speed.EVERY] > 100 * measured.own
        assert measured.best_library() == "shap, a"
