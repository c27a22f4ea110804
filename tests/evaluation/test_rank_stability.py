"""Stability over draws: by hand, by its controls, and by what it cannot see."""

import pytest
import torch
from scipy.stats import spearmanr

from metaxai_lab.core import seeded
from metaxai_lab.evaluation import rank_stability


def test_two_draws_that_reverse_one_another_score_minus_one():
    turned = torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    assert float(rank_stability(turned).values) == pytest.approx(-1)


def test_it_is_the_mean_over_pairs_of_scipys_correlation():
    drawn = torch.randn(4, 6, generator=seeded(0), dtype=torch.float64)
    pairs = [spearmanr(drawn[i], drawn[j]).statistic for i in range(4) for j in range(i)]
    assert float(rank_stability(drawn).values) == pytest.approx(sum(pairs) / 6, abs=1e-6)


def test_random_orders_score_chance():
    drawn = torch.rand(50, 20, 10, generator=seeded(0))
    assert rank_stability(drawn).mean == pytest.approx(0, abs=0.02)


def test_an_order_that_reads_no_rows_has_the_best_mark():
    constant = torch.arange(5.0).expand(7, 5)
    assert float(rank_stability(constant).values) == pytest.approx(1)


def test_importances_without_an_order_count_as_chance():
    assert float(rank_stability(torch.ones(3, 4)).values) == 0


def test_a_single_draw_is_refused():
    with pytest.raises(ValueError, match="two draws of rows or more; found 1 draws"):
        rank_stability(torch.rand(1, 4, generator=seeded(0)))


def test_a_value_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="1 values that are not finite"):
        rank_stability(torch.tensor([[1.0, float("nan")], [1.0, 2.0]]))
