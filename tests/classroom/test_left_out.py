"""Everyone is judged on the same rows of what was left out, and leads are found within units."""

from dataclasses import replace

import pytest
import torch

from metaxai_lab.classroom import left_out as judged
from metaxai_lab.classroom import left_out_rounds as rounds
from metaxai_lab.classroom import tables_rivals, tables_study
from metaxai_lab.classroom.left_out import LEARNED, LeftOut
from metaxai_lab.evaluation.intervals import Interval

NAN = float("nan")
ERRORS = {
    LEARNED: torch.tensor([[3.0, 4.0, 5.0], [1.0, 2.0, NAN]]),
    "own ridge": torch.tensor([[4.0, 6.0, 8.0], [2.0, 2.0, NAN]]),
    "own lasso": torch.tensor([[5.0, 6.0, 8.0], [1.0, 2.5, NAN]]),
    "pooled": torch.tensor([[3.0, 3.0, 3.0], [3.0, 3.0, 3.0]]),
}


@pytest.fixture(scope="module")
def by_hand():
    return LeftOut(ERRORS, (5, 10), ("a", "b", "c"))


@pytest.fixture(scope="module")
def bands():
    """Two of the bands of diabetes as one group, one alone; the others stay."""
    whole = tables_study.cut("diabetes")
    others = list(whole.groups)[2:]
    groups = {"both": (0, 1), **{name: whole.groups[name] for name in others}}
    return replace(whole, groups=groups, judged=("both", others[0]))


@pytest.fixture(scope="module")
def found(bands):
    return judged.left_out(bands, sizes=(5, 46, 60), seed=3, steps=2)


def test_a_lead_is_the_mean_of_paired_differences_with_students_interval(by_hand):
    lead = by_hand.lead("own ridge", 5)
    half = 4.302653 * 1 / 3**0.5  # t of 2 degrees of freedom; differences 1, 2 and 3
    assert lead.mean == pytest.approx(2)
    assert (lead.low, lead.high) == pytest.approx((2 - half, 2 + half), abs=1e-4)


@pytest.mark.parametrize(("size", "best"), [(5, "own ridge"), (10, "own lasso")])
def test_the_least_lead_is_over_the_best_rival_of_that_size(by_hand, size, best):
    assert by_hand.best(judged.OWN, size) == best
    assert by_hand.least_lead(judged.OWN, size) == by_hand.lead(best, size)


def test_a_unit_without_rows_for_a_size_is_named_and_judged_by_nobody(by_hand):
    assert by_hand.want(5) == ()
    assert by_hand.want(10) == ("c",)
    assert by_hand.of("pooled", 10).tolist() == [3.0, 3.0]


def test_rows_hold_the_error_and_two_leads_under_their_heads(by_hand):
    row = by_hand.rows(digits=1)[0]
    assert len(row) == len(judged.HEADS)
    assert row[:2] == ("5", "≈ 4.0")
    assert row[2] == judged.written(by_hand.lead("own ridge", 5), digits=1)
    assert row[3].startswith("≈ -1.0 [")


def test_a_size_with_less_than_two_units_has_no_row(by_hand):
    few = {name: each.clone() for name, each in ERRORS.items()}
    few[LEARNED][1, 1] = NAN
    assert [row[0] for row in LeftOut(few, (5, 10)).rows()] == ["5"]


def test_curves_are_of_the_units_that_all_sizes_have(by_hand):
    assert by_hand.curves([LEARNED]) == {LEARNED: {5: 3.5, 10: 1.5}}


@pytest.mark.parametrize(("bound", "enough"), [(3.5, 5), (3.4, 10), (1.5, 10), (1.4, None)])
def test_enough_is_from_where_the_error_stays_below(by_hand, bound, enough):
    assert by_hand.enough_from(bound) == enough


def test_an_error_that_rises_again_was_not_yet_enough():
    up = LeftOut({LEARNED: torch.tensor([[1.0, 1.0], [3.0, 3.0], [1.0, 1.0]])}, (5, 10, 20))
    assert up.enough_from(2.0) == 20


def test_no_unit_with_all_sizes_is_said():
    none = LeftOut({LEARNED: torch.tensor([[1.0, NAN], [NAN, 1.0]])}, (5, 10))
    with pytest.raises(ValueError, match="no unit has rows for all sizes 5, 10"):
        none.enough_from(1.0)


def test_errors_without_the_learner_are_refused():
    with pytest.raises(ValueError, match="one of the names is 'meta-learned'; found pooled"):
        LeftOut({"pooled": torch.zeros(2, 3)}, (5, 10))


def test_errors_that_do_not_count_sizes_are_refused():
    with pytest.raises(ValueError, match=r"count 2 sizes and 3 units; found \(1, 3\)"):
        LeftOut({LEARNED: torch.zeros(1, 3)}, (5, 10))


def test_sizes_and_names_that_were_not_judged_are_refused_with_those_that_were(by_hand):
    with pytest.raises(ValueError, match="the sizes are 5, 10; found 7"):
        by_hand.lead("pooled", 7)
    with pytest.raises(ValueError, match=r"judged were meta-learned.*; found forest"):
        by_hand.best(("forest",), 5)


def test_each_task_of_a_group_is_a_unit(bands, found):
    assert found.units == tuple(bands.table.task_names[task] for task in (0, 1, 2))


def test_units_without_rows_enough_are_those_that_the_counts_say(bands, found):
    assert bands.table.counts[:3].tolist() == [71, 60, 61]
    assert found.want(5) == ()
    assert found.want(46) == found.units[1:2]  # of 60 rows, 46 and 15 are one too many
    assert found.want(60) == found.units  # and of the others nobody has 75


def test_everyone_is_judged_on_the_rows_that_are_drawn_for_a_unit(bands, found):
    fold = tables_study.leave(bands, "both")
    rows = rounds.drawn(fold, (0, 1), 5, seed=3)
    assert rows.support.y.shape == (2 * rounds.N_DRAWS, 5)
    lines = tables_rivals.everyone(tables_rivals.rivals(fold), 5)(rows.support)
    for name, line in lines.items():
        each = line.errors(rows.query).view(2, -1).mean(1)
        torch.testing.assert_close(found.of(name, 5)[:2], each)


def test_the_mean_of_runs_keeps_units_and_averages_errors(by_hand):
    double = LeftOut({name: 3 * each for name, each in ERRORS.items()}, (5, 10), ("a", "b", "c"))
    both = judged.mean_of([by_hand, double])
    assert both.of(LEARNED, 5).tolist() == [6.0, 8.0, 10.0]
    assert both.want(10) == ("c",)


def test_a_lead_is_written_with_its_interval_and_nought_without_a_sign():
    assert judged.written(Interval(0.123, -0.001, 0.16)) == "≈ 0.12 [0.00, 0.16]"
