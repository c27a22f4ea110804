"""Sparseness and entropy: values by hand, the ends of both scales, and Quantus' own."""

import math

import pytest
import torch

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation import ask_quantus, entropy, sparseness


def explanation(values):
    rows = torch.as_tensor(values)
    return Attribution(rows, torch.zeros_like(rows), rows.sum(-1), torch.zeros(len(rows)))


def test_sizes_1_and_3_have_the_gini_index_of_a_quarter():
    assert sparseness(explanation([[3.0, -1.0]])).values.tolist() == [0.25]


def test_shares_of_a_half_and_two_quarters_have_an_entropy_of_one_and_a_half_bits():
    found = entropy(explanation([[2.0, -1.0, 1.0]])).values
    assert float(found) == pytest.approx(1.5 * math.log(2))


@pytest.mark.parametrize("row", [[2.0, -2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0]])
def test_equal_sizes_are_the_least_sparse_and_so_are_zeros(row):
    assert float(sparseness(explanation([row])).values) == 0
    assert float(entropy(explanation([row])).values) == pytest.approx(math.log(4))


def test_one_column_alone_is_the_sparsest():
    assert float(sparseness(explanation([[0.0, -5.0, 0.0, 0.0]])).values) == 0.75
    assert float(entropy(explanation([[0.0, -5.0, 0.0, 0.0]])).values) == 0


def test_sparser_is_better_and_so_is_less_entropy():
    assert sparseness(explanation([[1.0, 2.0]])).higher_is_better
    assert not entropy(explanation([[1.0, 2.0]])).higher_is_better


@pytest.mark.parametrize("judge", [sparseness, entropy])
def test_stacked_tasks_are_judged_as_each_alone(judge):
    values = torch.randn(3, 4, 5, generator=seeded(0))
    stacked = Attribution(values, values, values.sum(-1), values.sum(-1))
    torch.testing.assert_close(judge(stacked).values[1], judge(explanation(values[1])).values)


@pytest.mark.parametrize(("judge", "theirs"), [(sparseness, "Sparseness"), (entropy, "Complexity")])
def test_quantus_gives_the_same_marks(judge, theirs):
    values = torch.randn(6, 7, generator=seeded(1))
    found = explanation(values)
    knobs = {"target": 0, "abs": True, "generator": seeded(0)}
    asked = ask_quantus(theirs, lambda x: x[:, :2], found, **knobs)
    torch.testing.assert_close(judge(found).values, asked.values, atol=1e-5, rtol=1e-5)
    assert judge(found).higher_is_better == asked.higher_is_better


@pytest.mark.parametrize("judge", [sparseness, entropy])
def test_a_value_that_is_no_number_is_refused(judge):
    with pytest.raises(ValueError, match="1 of them are others"):
        judge(explanation([[1.0, float("nan")]]))
