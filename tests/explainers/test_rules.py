"""A rule list is judged by answers found by hand."""

import pytest
import torch

from metaxai_lab.core import Model
from metaxai_lab.explainers.rule_lists import fitted_rules
from metaxai_lab.explainers.rules import NONE, RuleList

X = torch.tensor([[0.0, 0.0], [0.0, 2.0], [2.0, 0.0], [2.0, 2.0], [3.0, 2.0]])
LABELS = torch.tensor([0, 1, 0, 1, 1])


def by_hand():
    """If b is above 1: 1; else if a is above 1 and b at most 1: 0; else if b is above 5; else."""
    column = torch.tensor([[1, NONE], [0, 1], [1, NONE]])
    threshold = torch.tensor([[1.0, 0.0], [1.0, 1.0], [5.0, 0.0]])
    above = torch.tensor([[True, False], [True, False], [True, False]])
    return fitted_rules(column, threshold, above, x=X, labels=LABELS)


def test_a_rule_list_is_a_model():
    assert isinstance(by_hand(), Model)


def test_the_first_rule_that_fires_answers():
    assert by_hand().answers(X).tolist() == [3, 0, 1, 0, 0]


def test_a_rule_fires_where_all_its_conditions_hold():
    asked = torch.tensor([[2.0, 6.0], [2.0, 1.0], [1.0, 1.0]])
    wanted = [[True, False, True], [False, True, False], [False, False, False]]
    assert by_hand().fires(asked).tolist() == wanted


def test_the_answers_are_the_log_odds_of_the_rows():
    wanted = torch.tensor([[0.5], [4.0], [0.5], [4.0], [4.0]]).log()
    torch.testing.assert_close(by_hand()(X), wanted)


def test_a_stack_of_tables_is_asked_at_once():
    stack = torch.stack([X, X.flip(0)])
    assert torch.equal(by_hand()(stack)[1], by_hand()(X).flip(0))


def test_rules_that_overlap_are_told():
    asked = torch.tensor([[2.0, 6.0], [2.0, 1.0], [0.0, 2.0]])
    assert by_hand().overlap(asked).tolist() == [True, False, False]


def test_a_rule_that_answers_no_row_is_idle():
    assert by_hand().idle(X).tolist() == [False, False, True]


def test_a_rule_is_idle_too_where_one_before_it_catches_all_its_rows():
    assert by_hand().idle(torch.tensor([[0.0, 9.0]])).tolist() == [False, True, True]


def test_without_idle_rules_the_answers_stay():
    rules = by_hand()
    kept = rules.without_idle(X)
    assert (len(kept.column), kept.n_leaves) == (2, 3)
    assert torch.equal(kept(X), rules(X))


def test_the_sizes_are_those_counted_by_hand():
    rules = by_hand()
    assert (rules.depth, rules.n_leaves, rules.n_columns_used) == (4, 4, 2)
    assert rules.n_rows.tolist() == [3, 1, 0, 1]
    assert rules.rule_length == pytest.approx((3 * 1 + 1 * 3 + 1 * 4) / 5)


def test_the_text_is_the_list():
    assert by_hand().text(("a", "b"), ("no", "yes"), digits=0) == (
        "if b above 1: yes (3 rows)\n"
        "else if a above 1 and b at most 1: no (1 row)\n"
        "else if b above 5: no (0 rows)\n"
        "else: no (1 row)"
    )


def test_a_list_without_rules_gives_all_rows_one_answer():
    none = torch.zeros(0, 0)
    rules = fitted_rules(none.long(), none, none.bool(), x=X, labels=LABELS)
    assert rules.text() == "else: 1 (5 rows)"
    assert (rules.depth, rules.rule_length) == (0, 0)
    assert rules(X).shape == (5, 1)


def test_a_row_with_nan_is_refused():
    with pytest.raises(ValueError, match="without NaN; found 2 columns, and NaN in 1 rows"):
        by_hand()(torch.tensor([[torch.nan, 0.0]]))


def test_rows_of_other_columns_are_refused():
    with pytest.raises(ValueError, match="rows of 2 columns without NaN; found 3"):
        by_hand()(torch.zeros(2, 3))


def test_it_says_which_rows_lie_outside_those_it_was_fitted_on():
    rules: RuleList = by_hand()
    assert rules.outside(torch.tensor([[3.5, 0.0], [1.0, 1.0]])).tolist() == [True, False]
