"""Counterfactual attention: distances by hand, and a search whose best answer is known."""

import math

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation.other_attention import (
    adversarial,
    jensen_shannon,
    permuted,
    total_variation,
)

P = torch.tensor([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])
Q = torch.tensor([[0.0, 0.5, 0.5], [0.2, 0.3, 0.5]])


def test_total_variation_is_the_probability_that_moves():
    assert torch.allclose(total_variation(P, Q), torch.tensor([0.5, 0.0]))


def test_the_divergence_is_nought_where_equal_and_ln_2_where_nothing_overlaps():
    assert jensen_shannon(P, P).tolist() == [0, 0]
    apart = jensen_shannon(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]))
    assert float(apart) == pytest.approx(math.log(2))


def test_the_divergence_by_hand():
    # of (1/2, 1/2, 0) and (0, 1/2, 1/2): the middle is (1/4, 1/2, 1/4), of entropy 1.5 ln 2
    assert float(jensen_shannon(P, Q)[0]) == pytest.approx(0.5 * math.log(2))


def test_permuted_weights_are_the_same_in_another_order():
    weights = torch.rand(3, 20, generator=seeded(0)).softmax(-1)
    other = permuted(weights, generator=seeded(1))
    assert torch.equal(other.sort(-1).values, weights.sort(-1).values)
    assert not torch.equal(other, weights)


def by_class(weights):
    """Parts 0 and 1 speak for the first class, parts 2 and 3 for the second."""
    return weights.clamp_min(1e-9).view(*weights.shape[:-1], 2, 2).sum(-1).log()


def test_the_search_moves_weight_within_a_class_and_keeps_the_answer():
    weights = torch.tensor([0.7, 0.1, 0.1, 0.1]).expand(8, 4)  # a start for each row
    other = adversarial(by_class, weights, most_change=0.02, generator=seeded(0))
    change = total_variation(by_class(other).softmax(-1), by_class(weights).softmax(-1))
    assert bool((change <= 0.02).all())
    unlike = jensen_shannon(other, weights)
    assert float(unlike.median()) > 0.3
    assert float(other[unlike.argmax(), 1]) > 0.6  # the twin of part 0 takes its weight


def test_where_every_part_counts_the_search_finds_little():
    weights = torch.tensor([[0.4, 0.3, 0.2, 0.1]])
    other = adversarial(
        lambda w: w.clamp_min(1e-9).log(), weights, most_change=0.02, generator=seeded(0)
    )
    assert total_variation(other, weights) <= 0.0201
    assert float(jensen_shannon(other, weights)) < 0.01


def test_rows_are_searched_by_themselves():
    weights = torch.tensor([[0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25]])
    other = adversarial(by_class, weights, most_change=0.02, generator=seeded(0))
    change = total_variation(by_class(other).softmax(-1), by_class(weights).softmax(-1))
    assert bool((change <= 0.02).all())
    assert torch.allclose(other.sum(-1), torch.ones(2))


def test_a_change_that_is_no_share_is_refused():
    with pytest.raises(ValueError, match=r"between 0 and 1; found 2\.0"):
        adversarial(by_class, torch.full((1, 4), 0.25), most_change=2.0, generator=seeded(0))
