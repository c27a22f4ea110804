"""What the page on Shapley values measures: exact values of a model, errors, the other game."""

import pytest
import torch

from metaxai_lab.classroom import shapley_study as study
from metaxai_lab.core import Attribution, seeded
from metaxai_lab.explainers import shapley_of

TWINS = torch.tensor([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0], [1.0, 1.0]])


def first(x):
    return x[:, :1]


def test_the_values_of_a_judged_model_add_up():
    found = study.judged("bc12", 0, n_rows=3)
    assert found.rows.shape == (3, 12)
    torch.testing.assert_close(found.exact.gap, torch.zeros(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(found.exact.output, found.local.model(found.rows)[:, 0])


def test_what_stands_for_exact_values_is_near_them():
    near = study.referred("bc12", 0, n_rows=3, n_queries=4000, generator=seeded(0))
    exact = study.judged("bc12", 0, n_rows=3).exact
    error = study.error_over(lambda n: near.exact.values, [1], exact)[1]
    assert float(error.max()) < 0.03


def test_an_error_is_that_of_each_row_at_each_budget():
    values = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
    exact = Attribution(values, values, values.sum(1), torch.zeros(2))
    found = study.error_over(lambda n: values * (1 + 1 / n), [1, 4], exact)
    assert found[1].tolist() == pytest.approx([1, 1])
    assert found[4].tolist() == pytest.approx([0.25, 0.25])


def test_given_its_twin_a_column_is_known():
    # no column: one half; either of the twins, or both: 1
    values = study.conditional_values(first, TWINS, TWINS[-1])
    assert values.tolist() == [0.5, 1, 1, 1]
    assert shapley_of(values).tolist() == pytest.approx([0.25, 0.25])


def test_of_independent_columns_the_unused_one_gets_nothing():
    table = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    values = study.conditional_values(first, table, table[-1])
    assert shapley_of(values).tolist() == pytest.approx([0.5, 0])


def test_a_row_that_the_table_lacks_is_refused():
    with pytest.raises(ValueError, match="no row of the table has all values"):
        study.conditional_values(first, TWINS, torch.tensor([0.0, 1.0]))
