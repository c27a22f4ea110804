"""Gaps between groups, counted by hand, and a column that tells the group."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation.fairness import (
    EmptyGroupError,
    approval_gap,
    opportunity_gap,
    tells_group,
)

APPROVED = torch.tensor([1, 1, 1, 0, 1, 0, 0, 0]).bool()
GROUP = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1]).bool()
REPAID = torch.tensor([1, 1, 0, 0, 1, 0, 0, 1]).bool()


def test_the_approval_gap_is_the_share_outside_less_that_inside():
    assert approval_gap(APPROVED, GROUP) == pytest.approx(3 / 4 - 1 / 4)


def test_the_opportunity_gap_looks_at_those_who_pay_back_alone():
    assert opportunity_gap(APPROVED, REPAID, GROUP) == pytest.approx(1 - 1 / 2)


@pytest.mark.parametrize("group", [torch.zeros(8).bool(), torch.ones(8).bool()])
def test_an_empty_group_is_refused_with_a_sentence(group):
    with pytest.raises(EmptyGroupError, match="so no share of them can be taken"):
        approval_gap(APPROVED, group)


def test_a_group_in_which_nobody_deserves_a_yes_is_refused():
    with pytest.raises(EmptyGroupError, match="in the group among the deserving"):
        opportunity_gap(APPROVED, REPAID & ~GROUP, GROUP)


def test_a_column_tells_the_group_as_often_as_pairs_say():
    x = torch.tensor([[3.0], [1.0], [2.0], [2.0], [4.0], [2.0], [5.0], [2.5]])
    pairs = [(a > b) + 0.5 * (a == b) for a in x[GROUP, 0] for b in x[~GROUP, 0]]
    assert float(tells_group(x, GROUP)) == pytest.approx(float(sum(pairs)) / 16)


def test_the_direction_of_a_column_does_not_matter():
    x = torch.randn(60, 3, generator=seeded(0))
    group = x[:, 0] + torch.randn(60, generator=seeded(1)) > 0
    assert torch.allclose(tells_group(x, group), tells_group(-x, group))


def test_the_group_itself_tells_always_and_a_constant_never():
    x = torch.stack([GROUP.float(), torch.ones(8)], 1)
    assert tells_group(x, GROUP).tolist() == [1.0, 0.5]
