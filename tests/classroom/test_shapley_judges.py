"""The judges of the page: which there are, what they are bound to, and who is ahead."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom import shapley_judges
from metaxai_lab.classroom.shapley_study import judged
from metaxai_lab.core import Score
from metaxai_lab.explainers import Game


@pytest.fixture(scope="module")
def case():
    return judged("bc12", 0, n_rows=24)


def test_there_are_four_fills_for_each_way_and_the_gap(case):
    judges = shapley_judges.judges_of(case)
    assert list(judges)[:4] == [f"deletion, {fill}" for fill in shapley_judges.FILLS]
    assert list(judges)[4:] == [f"insertion, {fill}" for fill in shapley_judges.FILLS] + ["PGI"]


def test_deletion_by_rows_is_admitted_and_by_the_minimum_prefers_the_gradient(case):
    judges = shapley_judges.judges_of(case)
    assert shapley_judges.examined(case, judges["deletion, rows"]).admitted
    assert not shapley_judges.examined(case, judges["deletion, minimum"]).admitted
    assert shapley_judges.gradient_ahead(case, judges["deletion, minimum"]) > 1
    assert shapley_judges.gradient_ahead(case, judges["deletion, rows"]) < -1


def test_on_a_line_a_column_alone_and_left_out_is_worth_its_share(case):
    weights = torch.arange(1.0, 13.0)
    local = replace(case.local, model=lambda x: (x @ weights)[:, None])
    game = Game(local.model, local.background)
    found = shapley_judges.usual(replace(case, local=local, game=game))
    far = weights * (case.rows - local.background.mean(0))
    torch.testing.assert_close(found["alone"].values, far, atol=1e-3, rtol=1e-4)
    torch.testing.assert_close(found["left out"].values, far, atol=1e-3, rtol=1e-4)


def test_times_the_distance_the_gradient_is_no_longer_far_ahead(case):
    judge = shapley_judges.judges_of(case)["deletion, minimum"]
    raw, times = (
        shapley_judges.gradient_ahead(case, judge, times_distance=way) for way in (False, True)
    )
    assert times < raw / 2


@pytest.mark.parametrize("name", ["deletion, rows", "PGI"])
def test_a_mark_does_not_hang_on_who_was_asked_before(case, name):
    judge = shapley_judges.judges_of(case)[name]
    first = judge(case.exact)
    judge(shapley_judges.greedy(case, "rows"))
    assert torch.equal(first.chance, judge(case.exact).chance)


def test_the_greedy_order_beats_the_exact_values_at_its_own_judge(case):
    judge = shapley_judges.judges_of(case)["deletion, rows"]
    admission = shapley_judges.examined(case, judge)
    assert shapley_judges.share(admission, judge(case.exact)) == pytest.approx(1)
    assert shapley_judges.share(admission, judge(shapley_judges.greedy(case, "rows"))) > 1.03


def test_the_greedy_order_on_a_line_is_that_of_what_each_column_adds(case):
    weights = torch.arange(1.0, 13.0)
    local = replace(case.local, model=lambda x: (x @ weights)[:, None])
    far = weights * (case.rows - case.local.background.mean(0))
    found = shapley_judges.greedy(replace(case, local=local), "mean").values
    assert torch.equal(found.argsort(-1), far.argsort(-1))


@pytest.mark.parametrize("higher", [True, False])
def test_ahead_is_better_whichever_way_a_mark_points(case, higher):
    def judge(attribution):
        exact = attribution.values is case.exact.values
        marks = attribution.values[:, 0] * 0 + (1.0 if exact == higher else 3.0)
        return Score("mark", marks, higher_is_better=higher)

    assert shapley_judges.gradient_ahead(case, judge) == 2
