"""The judges of the page: which there are, what they are bound to, and who is ahead."""

import pytest

from metaxai_lab.classroom import shapley_judges
from metaxai_lab.classroom.shapley_study import judged
from metaxai_lab.core import Score


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


@pytest.mark.parametrize("higher", [True, False])
def test_ahead_is_better_whichever_way_a_mark_points(case, higher):
    def judge(attribution):
        exact = attribution.values is case.exact.values
        marks = attribution.values[:, 0] * 0 + (1.0 if exact == higher else 3.0)
        return Score("mark", marks, higher_is_better=higher)

    assert shapley_judges.gradient_ahead(case, judge) == 2
