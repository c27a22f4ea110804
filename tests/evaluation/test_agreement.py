"""Rank agreement: Spearman's correlation, row by row, ties shared."""

import pytest
import torch
from scipy.stats import spearmanr

from metaxai_lab.core import seeded
from metaxai_lab.evaluation import rank_agreement
from metaxai_lab.evaluation.agreement import correlation, rank_correlation, ranks
from metaxai_lab.explainers import Influence, shuffled_influence


def drawn(seed, *shape):
    return torch.randint(6, shape, generator=seeded(seed)).float()  # few values: many ties


def test_it_is_spearmans_correlation_of_a_kept_library():
    one, other = drawn(0, 3, 4, 12), drawn(1, 3, 4, 12)
    found = rank_agreement(Influence(one), Influence(other)).values.flatten()
    pairs = zip(one.flatten(0, 1), other.flatten(0, 1), strict=True)
    wanted = torch.tensor([spearmanr(a, b).statistic for a, b in pairs]).float()
    torch.testing.assert_close(found, wanted)


def test_a_rank_correlation_is_that_of_scipy_and_0_without_an_order():
    one, other = torch.tensor([3.0, 1.0, 3.0, 2.0]), torch.tensor([0.5, 0.1, 9.0, 0.4])
    wanted = spearmanr(one, other).statistic
    assert rank_correlation(one, other).item() == pytest.approx(wanted)
    assert rank_correlation(one, torch.ones(4)).item() == 0
    assert rank_correlation(one, one.square()).item() == pytest.approx(1.0)


def test_a_correlation_is_that_of_torch_and_0_for_what_is_constant():
    rows = torch.randn(2, 3, 20, generator=seeded(5))
    wanted = [torch.corrcoef(rows[:, i])[0, 1] for i in range(3)]
    torch.testing.assert_close(correlation(*rows), torch.stack(wanted))
    assert correlation(rows[0, 0], torch.ones(20)).item() == 0


def test_ties_share_their_ranks():
    assert ranks(torch.tensor([3.0, 1.0, 3.0, 2.0])).tolist() == [3.0, 0.5, 3.0, 1.5]


def test_one_order_agrees_wholly_and_the_reverse_not_at_all():
    values = torch.randn(2, 9, generator=seeded(2))
    one = Influence(values)
    same = rank_agreement(one, Influence(values.exp(), "share of attention"))
    torch.testing.assert_close(same.values, torch.ones(2))
    torch.testing.assert_close(rank_agreement(one, Influence(-values)).values, -torch.ones(2))


def test_the_same_for_all_support_rows_agrees_with_nothing():
    flat = Influence(torch.ones(2, 9))
    score = rank_agreement(flat, Influence(torch.randn(2, 9, generator=seeded(3))))
    assert score.values.tolist() == [0, 0]
    assert score.mean == score.mean_chance == 0


def test_a_shuffled_influence_agrees_by_chance_alone():
    values = torch.randn(2000, 25, generator=seeded(4))
    moved = shuffled_influence(Influence(values), generator=seeded(5))
    assert abs(rank_agreement(moved, Influence(values)).mean) < 0.02  # deviation 0.2 / sqrt(2000)


def test_other_rows_are_refused(monkeypatch):
    with pytest.raises(ValueError, match=r"found \(2, 5\) beside \(2, 6\)"):
        rank_agreement(Influence(torch.zeros(2, 5)), Influence(torch.zeros(2, 6)))


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="of which 1 are not finite"):
        rank_agreement(Influence(torch.tensor([[0, torch.inf]])), Influence(torch.zeros(1, 2)))
