"""The number that is explained, and the row that stands for nothing."""

import jaxtyping
import pytest
import torch

from metaxai_lab.explainers.output import absent, added_up, explained, in_one_batch

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


def test_the_explained_output_is_the_column_of_the_target():
    assert explained(lambda x: 10 * x, 1)(X).tolist() == [20, 40]


@pytest.mark.parametrize("target", [2, -1])
def test_a_target_that_is_no_output_is_refused(target):
    with pytest.raises(ValueError, match=f"outputs 0 to 1; target {target} is none"):
        explained(lambda x: x, target)(X)


def test_the_slope_of_the_sum_is_the_slope_of_each_row_s_own_output():
    rows = X.clone().requires_grad_()
    one = added_up(lambda x: x.square(), torch.tensor([0, 1]), X)(rows)
    assert one.tolist() == [1 + 16]
    one.sum().backward()
    assert rows.grad.tolist() == [[2, 0], [0, 8]]


def test_absent_is_a_row_of_zeros():
    assert absent(X, None).tolist() == [[0, 0]]


def test_absent_is_the_baseline_in_the_type_of_the_rows():
    row = absent(X.double(), torch.tensor([0.5, 0.5]))
    assert row.dtype == torch.float64
    assert row.tolist() == [[0.5, 0.5]]


def test_a_baseline_with_other_columns_is_refused():
    with pytest.raises(ValueError, match="with 2 columns; it has 3"):
        absent(X, torch.zeros(3))


# Stacked tasks, and a target for each row

EACH = torch.tensor([[0, 2, 1], [1, 1, 0]])
SHIFTS = torch.tensor([100.0, 200.0]).reshape(2, 1, 1)


def shifted(x):
    """Add another number in each task."""
    return x + SHIFTS


def test_each_row_may_have_its_own_target():
    x = torch.arange(18.0).reshape(2, 3, 3)
    assert explained(shifted, EACH)(x).tolist() == [[100, 105, 107], [210, 213, 215]]


def test_as_one_batch_each_row_is_still_asked_in_its_task_and_about_its_target():
    x = torch.arange(18.0).reshape(2, 3, 3)
    output = in_one_batch(shifted, EACH, x)
    wanted = [100, 105, 107, 210, 213, 215]
    assert output(x.flatten(0, 1)).tolist() == wanted
    twice = torch.cat([x.flatten(0, 1), 1000 + x.flatten(0, 1)])
    assert output(twice).tolist() == [*wanted, *(1000 + w for w in wanted)]


def test_as_one_batch_rows_of_one_task_go_as_they_are():
    assert in_one_batch(lambda x: 10 * x, 1, X)(torch.cat([X, X])).tolist() == [20, 40, 20, 40]


def test_targets_for_other_rows_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"one for each row of \(2,\); found \(3,\)"):
        explained(lambda x: x, torch.tensor([0, 1, 0]))(X)


def test_of_the_targets_of_rows_those_that_are_none_are_named():
    with pytest.raises(ValueError, match=r"outputs 0 to 1; target \[0, 2\] is none"):
        explained(lambda x: x, torch.tensor([0, 2]))(X)
