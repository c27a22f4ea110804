"""Kendall's tau of stacks: scipy's tau-b, list by list and judge beside judge."""

import jaxtyping
import pytest
import torch
from scipy.stats import kendalltau

from metaxai_lab.core import seeded
from metaxai_lab.evaluation.kendall import kendall, kendall_matrix, tied


def drawn(seed, *shape):
    return torch.randint(5, shape, generator=seeded(seed)).float()  # few values: many ties


def test_it_is_tau_b_of_a_kept_library():
    one, other = drawn(0, 3, 4, 9), drawn(1, 3, 4, 9)
    pairs = zip(one.flatten(0, 1), other.flatten(0, 1), strict=True)
    wanted = torch.tensor([kendalltau(a, b).statistic for a, b in pairs]).float()
    torch.testing.assert_close(kendall(one, other).flatten(), wanted)


def test_a_matrix_holds_the_tau_of_each_two_judges():
    marks = drawn(2, 6, 4, 9)
    found = kendall_matrix(marks)
    for i in range(4):
        for j in range(4):
            torch.testing.assert_close(found[:, i, j], kendall(marks[:, i], marks[:, j]))


def test_one_pair_of_three_turned_gives_a_third():
    assert kendall(torch.tensor([3.0, 2.0, 1.0]), torch.tensor([2.0, 3.0, 1.0])) == pytest.approx(
        1 / 3
    )


def test_a_list_without_an_order_gets_0():
    flat = torch.ones(4)
    assert kendall(flat, torch.arange(4.0)) == 0
    assert kendall_matrix(torch.stack([flat, torch.arange(4.0)]))[0, 1] == 0


def test_marks_within_a_thousandth_of_the_range_tie_and_others_keep_their_order():
    marks = torch.tensor([0.0, 1.0, 1.0 + 1e-5, 0.5, 2.0])
    assert tied(marks).tolist() == [0, 500, 500, 250, 1000]


def test_a_flat_list_stays_flat():
    assert tied(torch.full((3,), 7.0)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5])
def test_a_share_of_the_range_lies_between_0_and_1(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        tied(torch.arange(3.0), share=share)


def test_lists_of_other_lengths_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"same things; found \(3,\) beside \(1,\)"):
        kendall(torch.arange(3.0), torch.arange(1.0))


@pytest.mark.parametrize("marks", [torch.ones(1), torch.tensor([1.0, float("nan")])])
def test_one_mark_or_one_that_is_not_finite_is_refused(marks):
    with pytest.raises(ValueError, match="two finite marks or more"):
        kendall(marks, marks)
