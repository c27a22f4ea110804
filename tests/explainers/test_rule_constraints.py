"""What breaks a constraint, by hand."""

import pytest
import torch

from metaxai_lab.explainers.rule_constraints import Always, Grid, Monotone, is_broken_by, meets


def above(threshold):
    return lambda x: x[:, :1] - threshold


def pair(first, second):
    return torch.tensor([first, second])


def test_a_yes_where_a_no_must_be_breaks_it():
    rule = Always("no above 3", ((0, 3.0, True),), answer=False)
    assert is_broken_by(above(2.0), rule, torch.tensor([[4.0, 0.0]]))
    assert not is_broken_by(above(5.0), rule, torch.tensor([[4.0, 0.0]]))
    assert not is_broken_by(above(2.0), rule, torch.tensor([[3.0, 0.0]]))  # not in the region


def test_more_that_turns_yes_into_no_breaks_an_order():
    def falls(x):
        return 2.0 - x[:, :1]

    rule = Monotone("more helps", 0)
    assert is_broken_by(falls, rule, pair([1.0, 0.0], [3.0, 0.0]))
    assert not is_broken_by(falls, rule, pair([3.0, 0.0], [1.0, 0.0]))
    assert not is_broken_by(falls, rule, pair([1.0, 0.0], [3.0, 1.0]))  # another column moved
    assert not is_broken_by(above(2.0), rule, pair([1.0, 0.0], [3.0, 0.0]))
    assert is_broken_by(above(2.0), Monotone("less", 0, rising=False), pair([3.0, 0.0], [1.0, 0.0]))


def test_conditions_are_above_or_at_most():
    rows = torch.tensor([[1.0, 5.0], [2.0, 5.0]])
    assert meets(((0, 1.0, True),), rows).tolist() == [False, True]
    assert meets(((0, 1.0, False), (1, 5.0, False)), rows).tolist() == [True, False]
    assert meets((), rows).all()


def test_grids_that_are_none_are_refused():
    with pytest.raises(ValueError, match="count the same columns"):
        Grid((0, 1), (1,), (1.0,))
    with pytest.raises(ValueError, match=r"columns \[1\] are empty"):
        Grid((0, 2), (1, 1), (1.0, 1.0))
    with pytest.raises(ValueError, match="a unit above 0"):
        Grid((0,), (1,), (0.0,))
