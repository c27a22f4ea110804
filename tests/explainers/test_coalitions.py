"""Coalitions: all of them in order; drawn ones in pairs, none twice, small sizes whole."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import all_coalitions
from metaxai_lab.explainers.coalitions import _dealt, kernel_mass, paired_coalitions


def test_all_coalitions_come_in_binary_order_with_column_0_as_the_lowest_bit():
    masks = all_coalitions(4)
    assert masks.dtype == torch.bool
    assert (masks.long() * torch.tensor([1, 2, 4, 8])).sum(1).tolist() == list(range(16))


@pytest.mark.parametrize("n", [0, 25])
def test_what_cannot_be_listed_is_refused(n):
    with pytest.raises(ValueError, match=rf"2\^{n}"):
        all_coalitions(n)


@pytest.mark.parametrize(("n", "n_pairs"), [(2, 1), (3, 3), (7, 9), (10, 40), (30, 170), (60, 300)])
def test_drawn_coalitions_are_pairs_and_none_comes_twice(n, n_pairs):
    masks, _ = paired_coalitions(n, n_pairs, kernel_mass(n), generator=seeded(0))
    assert masks.shape == (2 * n_pairs, n)
    assert (masks[:n_pairs] ^ masks[n_pairs:]).all()
    assert len(masks.unique(dim=0)) == len(masks)


@pytest.mark.parametrize("n", [2, 3, 6, 7])
def test_a_budget_for_all_gets_all(n):
    there = 2 ** (n - 1) - 1
    masks, chance = paired_coalitions(n, there, kernel_mass(n), generator=seeded(0))
    assert len(masks.unique(dim=0)) == 2 * there
    assert chance.eq(1).all()


def test_a_size_that_would_get_more_than_there_are_is_filled_and_the_rest_goes_on():
    # 10 columns, 40 pairs by mass: size 1 would get 14 of its 10, the rest share the 30 left
    masks, chance = paired_coalitions(10, 40, kernel_mass(10), generator=seeded(0))
    sizes = masks[:40].sum(1)
    assert int((sizes == 1).sum()) == 10
    assert chance[:40][sizes == 1].eq(1).all()
    assert chance[:40][sizes > 1].max() < 1


@pytest.mark.parametrize("dealt", [False, True])
def test_what_is_drawn_comes_as_often_as_its_stated_chance(dealt):
    n, n_pairs, n_draws, g = 6, 9, 400, seeded(1)
    seen, stated = torch.zeros(64), torch.zeros(64)
    place, size = 2 ** torch.arange(n), all_coalitions(n).sum(1)
    for _ in range(n_draws):
        masks, chance = paired_coalitions(n, n_pairs, kernel_mass(n), generator=g, dealt=dealt)
        number = (masks.long() * place).sum(1)
        seen += number.bincount(minlength=64) / n_draws
        stated[number] = chance.float()
    torch.testing.assert_close(seen, stated, atol=0.1, rtol=0)
    by_size = (size == torch.arange(1, n)[:, None]).float()
    torch.testing.assert_close(by_size @ seen, by_size @ stated, atol=0.15, rtol=0)


def test_dealt_coalitions_of_a_size_use_each_column_once_before_any_twice():
    # 12 columns in threes: four coalitions to a deck, so eight use every column twice
    masks = _dealt(12, 3, 8, seeded(0))
    assert masks.sum(1).eq(3).all()
    assert masks[:4].sum(0).eq(1).all()
    assert masks[4:].sum(0).eq(1).all()


@pytest.mark.parametrize(("size", "count"), [(5, 7), (3, 0), (29, 4)])
def test_dealt_coalitions_are_as_many_as_asked_and_of_their_size(size, count):
    masks = _dealt(30, size, count, seeded(0))
    assert masks.shape == (count, 30)
    assert masks.sum(1).eq(size).all()


def test_dealing_leaves_pairs_and_the_budget_as_they_were():
    mass = kernel_mass(30)
    masks, chance = paired_coalitions(30, 170, mass, generator=seeded(0), dealt=True)
    assert masks.shape == (340, 30)
    assert (masks[:170] ^ masks[170:]).all()
    assert chance.equal(paired_coalitions(30, 170, mass, generator=seeded(0))[1])


def test_a_thousand_columns_are_drawn_from_and_more_are_refused():
    masks, chance = paired_coalitions(1000, 1100, kernel_mass(1000), generator=seeded(0))
    assert len(masks) == 2200
    assert bool(chance.isfinite().all() and (chance > 0).all())
    with pytest.raises(ValueError, match=r"at most 1,000 columns; found 1001.*permutation_shapley"):
        paired_coalitions(1001, 1100, kernel_mass(1001), generator=seeded(0))


def test_the_same_generator_draws_the_same():
    one, other = (paired_coalitions(8, 20, kernel_mass(8), generator=seeded(3))[0] for _ in "ab")
    assert one.equal(other)


def test_the_global_state_stays_as_it_was():
    before = torch.get_rng_state()
    paired_coalitions(8, 20, kernel_mass(8), generator=seeded(3))
    assert torch.get_rng_state().equal(before)
