"""Agreement with exact values: worked by hand, chance by all orders, and what is refused."""

from itertools import permutations

import jaxtyping
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.evaluation import exact_agreement

EXACT = torch.tensor([3.0, -4.0, 0.0, 0.0])
NAMES = ("error", "top_k", "sign", "rank")


def agreement(values, exact=EXACT, k=2):
    return exact_agreement(torch.as_tensor(values).float(), exact, k=k)


def test_the_error_is_a_share_of_the_length_of_the_exact_values():
    assert float(agreement([3.0, -4.0, 1.0, 2.0]).error.values) == pytest.approx(5**0.5 / 5)


def test_of_the_top_two_one_is_found():
    assert float(agreement([3.0, 1.0, 2.0, 0.0]).top_k.values) == pytest.approx(1 / 2)


def test_two_columns_that_tie_for_a_place_share_it():
    # 3 is in, 1 and -1 have half a place each; the exact top are columns 0 and 1
    assert float(agreement([3.0, 1.0, -1.0, 0.0]).top_k.values) == pytest.approx(3 / 4)


def test_a_column_that_should_be_zero_has_no_other_right_sign():
    assert float(agreement([1.0, -1.0, 0.0, 1.0]).sign.values) == pytest.approx(3 / 4)


def test_order_is_that_of_sizes():
    exact = torch.tensor([1.0, -2.0, 3.0])
    assert float(agreement([-1.0, 5.0, 9.0], exact).rank.values) == pytest.approx(1)
    assert float(agreement([9.0, 5.0, 1.0], exact).rank.values) == pytest.approx(-1)


@pytest.mark.parametrize("name", ["top_k", "sign", "rank"])
@pytest.mark.parametrize("values", [[3.0, -1.0, 0.0, 0.5], [2.0, 2.0, 2.0, -2.0], [0.0] * 4])
def test_chance_is_the_mean_over_all_orders_of_the_values(name, values):
    orders = torch.tensor(list(permutations(values)))
    marks = getattr(exact_agreement(orders, EXACT.expand_as(orders), k=2), name).values
    chance = getattr(agreement(values), name).chance
    assert float(chance) == pytest.approx(float(marks.mean()), abs=1e-6)


def test_chance_of_the_error_is_the_root_of_the_mean_square_over_all_orders():
    values = [3.0, -1.0, 0.0, 0.5]
    orders = torch.tensor(list(permutations(values)))
    errors = exact_agreement(orders, EXACT.expand_as(orders), k=2).error.values
    chance = float(agreement(values).error.chance)
    assert chance == pytest.approx(float(errors.square().mean().sqrt()), abs=1e-6)


def test_the_exact_values_get_the_best_marks():
    exact = torch.randn(3, 7, 6, generator=seeded(0))
    found = exact_agreement(exact, exact)
    assert [score.mean for score in found] == pytest.approx([0, 1, 1, 1], abs=1e-6)
    assert found.error.values.shape == found.error.chance.shape == (3, 7)


@pytest.mark.parametrize("name", NAMES)
def test_what_says_the_same_of_all_columns_scores_chance(name):
    score = getattr(agreement([2.0] * 4), name)
    assert score.mean == pytest.approx(score.mean_chance, abs=1e-6)


def test_only_the_error_is_better_when_lower():
    assert [score.higher_is_better for score in agreement(EXACT)] == [False, True, True, True]


def test_exact_values_that_are_all_zero_are_not_divided_by():
    assert float(agreement([3.0, 4.0, 0.0, 0.0], torch.zeros(4)).error.values) == 5


@pytest.mark.parametrize("k", [0, 5])
def test_a_k_that_counts_no_columns_is_refused(k):
    with pytest.raises(ValueError, match=f"k counts columns, 1 to 4; found {k}"):
        agreement(EXACT, k=k)


def test_values_that_are_not_finite_are_refused_by_name():
    with pytest.raises(ValueError, match="1 numbers of the estimate are not finite"):
        agreement([1.0, float("nan"), 0.0, 0.0])
    with pytest.raises(ValueError, match="2 numbers of the exact values are not finite"):
        agreement(EXACT, torch.tensor([1.0, 2.0, float("inf"), float("nan")]))


def test_other_rows_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"\(2, 4\) beside \(3, 4\)"):
        exact_agreement(torch.ones(2, 4), torch.ones(3, 4))


def test_exact_values_with_ties_agree_with_themselves():
    tied = torch.tensor([2.0, 1.0, -1.0, 0.0])
    assert float(agreement(tied, tied).top_k.values) == 1
