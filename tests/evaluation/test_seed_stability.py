"""Jaccard over seeds: by hand, by all pairs of sets, and by what it cannot see."""

from itertools import combinations, product

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation import seed_stability
from metaxai_lab.evaluation.seed_stability import chance_jaccard


def test_of_three_columns_named_by_either_one_is_named_by_both():
    found = torch.tensor([[3.0, -2.0, 0.0, 1.0], [3.0, 0.0, 2.0, 1.0]])
    assert float(seed_stability(found, k=2).values) == pytest.approx(1 / 3)


def test_a_column_that_only_changes_its_sign_is_named_by_both():
    found = torch.tensor([[3.0, -2.0, 0.0, 1.0], [3.0, 2.0, 0.0, 1.0]])
    assert float(seed_stability(found, k=2).values) == 1


def test_it_is_the_mean_over_all_pairs_of_seeds():
    named = ((0, 1), (0, 2), (2, 3))
    found = torch.zeros(3, 4)
    for seed, columns in enumerate(named):
        found[seed, list(columns)] = 1.0
    assert float(seed_stability(found, k=2).values) == pytest.approx((1 / 3 + 0 + 1 / 3) / 3)


@pytest.mark.parametrize(("n", "k"), [(5, 2), (6, 3), (4, 1), (3, 3)])
def test_chance_is_the_mean_over_all_pairs_of_sets(n, k):
    sets = [set(chosen) for chosen in combinations(range(n), k)]
    indices = [len(a & b) / len(a | b) for a, b in product(sets, sets)]
    assert chance_jaccard(n, k) == pytest.approx(sum(indices) / len(indices))


def test_random_explanations_score_chance():
    score = seed_stability(torch.randn(4, 2000, 8, generator=seeded(0)))
    assert score.mean == pytest.approx(score.mean_chance, abs=0.01)


def test_what_names_the_same_columns_for_every_row_has_the_best_mark():
    constant = torch.arange(6.0).expand(4, 10, 6)
    assert torch.equal(seed_stability(constant).values, torch.ones(10))


def test_stacked_rows_keep_their_shape():
    assert seed_stability(torch.randn(3, 2, 5, 6, generator=seeded(0))).values.shape == (2, 5)


@pytest.mark.parametrize("k", [0, 4])
def test_a_k_that_counts_no_columns_is_refused(k):
    with pytest.raises(ValueError, match=f"1 to 3; found {k}"):
        seed_stability(torch.ones(2, 3), k=k)


def test_one_seed_is_refused():
    with pytest.raises(ValueError, match="two seeds or more; found 1 seeds"):
        seed_stability(torch.ones(1, 3))


def test_values_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="1 values that are not finite"):
        seed_stability(torch.tensor([[1.0, float("nan"), 0.0], [1.0, 2.0, 3.0]]))
