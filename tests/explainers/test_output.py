"""The number that is explained, and the row that stands for nothing."""

import pytest
import torch

from metaxai_lab.explainers.output import absent, explained

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


def test_the_explained_output_is_the_column_of_the_target():
    assert explained(lambda x: 10 * x, 1)(X).tolist() == [20, 40]


@pytest.mark.parametrize("target", [2, -1])
def test_a_target_that_is_no_output_is_refused(target):
    with pytest.raises(ValueError, match=f"outputs 0 to 1; target {target} is none"):
        explained(lambda x: x, target)(X)


def test_absent_is_a_row_of_zeros():
    assert absent(X, None).tolist() == [[0, 0]]


def test_absent_is_the_baseline_in_the_type_of_the_rows():
    row = absent(X.double(), torch.tensor([0.5, 0.5]))
    assert row.dtype == torch.float64
    assert row.tolist() == [[0.5, 0.5]]


def test_a_baseline_with_other_columns_is_refused():
    with pytest.raises(ValueError, match="with 2 columns; it has 3"):
        absent(X, torch.zeros(3))
