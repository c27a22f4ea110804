"""Signals are judged by what they cost, and by a label that is asked for again."""

import pytest
import torch

from metaxai_lab.classroom import amortized_labels as labels
from metaxai_lab.classroom.amortized_study import Case
from metaxai_lab.classroom.local_models import local_model
from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, Training, exact_shapley

LOCAL = local_model("bc12", steps=50)
GAME = Game(LOCAL.model, LOCAL.background[:4])


def game():
    return Game(LOCAL.model, LOCAL.background[:4])


@pytest.mark.parametrize("kind", labels.KINDS)
def test_no_kind_spends_more_than_its_budget_and_all_spend_nearly_all(kind):
    asked = game()
    stored = labels.answers(asked, LOCAL.data, kind, 10_000, seeded(0))
    assert asked.n_queries == stored.n_queries
    assert 8_000 < stored.n_queries <= 10_001  # the reference is asked once besides


def test_an_exact_label_is_worth_what_its_column_is_worth():
    stored = labels.answers(game(), LOCAL.data, "exact", 9_000, seeded(0))
    exact = exact_shapley(GAME, stored.rows)
    torch.testing.assert_close(stored.values, exact.values)
    torch.testing.assert_close(stored.totals, exact.output - exact.reference)
    assert torch.equal(stored.questions[1], torch.eye(12))


def test_groups_of_rows_have_draws_of_their_own():
    asked = []

    def estimate(game, rows):
        asked.append(len(rows))
        return exact_shapley(game, rows)

    labels.labelled(Game(LOCAL.model, LOCAL.background[:1]), LOCAL.data[:3], estimate)
    assert asked == [1, 1, 1]


def test_another_kind_is_refused():
    with pytest.raises(ValueError, match="the kinds are coalitions"):
        labels.answers(game(), LOCAL.data, "guesses", 100, seeded(0))


def case():
    rows = LOCAL.rows[:3]
    return Case(LOCAL, GAME, rows, exact_shapley(GAME, rows).values, LOCAL.rows[3:])


def test_the_published_way_asks_anew_in_every_step():
    how = Training(width=8, steps=3)
    _, spent = labels.error_of_fresh(case(), batch=5, seed=0, training=how)
    assert spent == (3 * 5 + 1) * 17 + 4


def test_an_error_comes_out_of_each_kind():
    how = Training(width=8, steps=2, batch=8)
    errors = [labels.error_of(case(), k, 9_000, seed=0, training=how) for k in labels.KINDS]
    assert all(0 < error < 10 for error in errors)
