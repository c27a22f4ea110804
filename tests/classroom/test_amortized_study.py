"""The study is judged by a small case: exact rows, changed rows, a short training."""

from dataclasses import replace
from functools import cache

import pytest
import torch

from metaxai_lab.classroom import amortized_study as study
from metaxai_lab.classroom.local_models import local_model
from metaxai_lab.explainers import Game, Training, exact_shapley
from metaxai_lab.explainers.widened import widened


@cache
def small():
    local = local_model("bc12", steps=100)
    game, rows = Game(local.model, local.background[:8]), local.rows[:6]
    return study.Case(local, game, rows, exact_shapley(game, rows).values, local.rows[6:14])


@cache
def trained():
    how = Training(width=8, n_members=3, steps=5, batch=24)
    return study.taught(small(), training=how, n_stored=60)


def test_exact_values_have_no_error():
    assert small().error(small().exact) == 0


def test_the_error_is_a_share_of_the_length_of_the_exact_values():
    torch.testing.assert_close(small().errors(1.5 * small().exact), torch.full((6,), 0.5))


def test_a_few_first_rows_are_judged_by_their_own_exact_values():
    assert small().error(small().exact[:2]) == 0


def test_rows_that_are_explained_and_spare_ones_are_rows_the_model_has_not_seen():
    seen = {tuple(row) for row in small().local.data.tolist()}
    later = torch.cat([small().rows, small().spare]).tolist()
    assert not [row for row in later if tuple(row) in seen]


def test_seconds_are_those_of_asking_and_of_training():
    assert trained().asking > 0
    assert trained().training > 0
    assert trained().seconds == trained().asking + trained().training


def test_the_questions_are_those_of_the_rows_that_were_stored():
    assert trained().stored.n_queries == 1 + 60 * 17


def test_each_column_of_mixed_rows_has_the_values_it_had():
    mixed = study.shifted_rows(small())["columns of other rows"]
    torch.testing.assert_close(mixed.sort(0).values, small().rows.sort(0).values)
    assert not torch.equal(mixed, small().rows)


def test_the_other_changes_are_what_they_say():
    kinds, x = study.shifted_rows(small()), small().rows
    first = kinds["first column + 4"] - x
    torch.testing.assert_close(first[:, 0], torch.full((6,), 4.0))
    assert (first[:, 1:] == 0).all()
    torch.testing.assert_close(kinds["three times as far out"], 3 * x)
    torch.testing.assert_close((kinds["each column + or - 2"] - x).abs(), torch.full_like(x, 2.0))


def test_widened_intervals_hold_nine_in_ten_of_the_rows_they_were_widened_on():
    wide = widened(trained().explainer, small().rows, small().exact)
    held = study.held(small(), wide, small().rows, small().exact)
    assert abs(held - 0.9) < 0.03


def test_a_single_network_has_no_interval():
    alone = study.taught(small(), training=Training(width=8, steps=2, batch=8), n_stored=20)
    with pytest.raises(ValueError, match="no spread"):
        study.held(small(), alone.explainer, small().rows, small().exact)


def test_doubt_is_a_share_of_the_length_so_widening_widens_it():
    one, rows = trained().explainer, small().rows
    said = one(small().local.model, rows, target=0)
    by_hand = (said.spread.norm(dim=1) / said.values.norm(dim=1)).median()
    assert study.doubt(small(), one, rows) == pytest.approx(float(by_hand))
    twice = replace(one, widen=2.0)
    assert study.doubt(small(), twice, rows) == pytest.approx(2 * float(by_hand))


def test_the_median_error_is_that_of_the_row_in_the_middle():
    exact = torch.ones(3, 4)
    off = torch.tensor([0.1, 0.2, 5.0])[:, None]
    assert study.median_error(exact + off, exact) == pytest.approx(0.2)


def test_thirty_columns_have_an_estimate_and_its_doubt(monkeypatch):
    monkeypatch.setattr(study, "plan", lambda: study.Plan(2, 200, 10, 1, 1))
    wide = study.case("bc30")
    assert wide.exact.shape == (2, 30)
    assert 0 < wide.doubt < 0.5


def test_twelve_columns_have_exact_values_and_no_doubt(monkeypatch):
    monkeypatch.setattr(study, "plan", lambda: study.Plan(1, 200, 10, 1, 1))
    one = study.case("bc12")
    assert one.doubt == 0
    torch.testing.assert_close(one.exact, exact_shapley(one.game, one.rows).values)


def test_the_same_seed_teaches_the_same():
    how = Training(width=8, steps=3, batch=8)
    one, other = (
        study.explained_by(
            small(), study.taught(small(), seed=4, training=how, n_stored=20).explainer
        )
        for _ in range(2)
    )
    assert torch.equal(one, other)
