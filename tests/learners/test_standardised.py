"""Support rows in units of their own: the same whatever the unit, and refused where no numbers."""

import pytest
import torch

from metaxai_lab.core import Examples, seeded
from metaxai_lab.learners import standardised


@pytest.fixture
def support():
    generator = seeded(0)
    x = torch.randn(3, 10, 4, generator=generator)
    return Examples(5 * x + 2, torch.randn(3, 10, generator=generator))


def test_columns_and_targets_have_mean_0_and_variance_1(support):
    rows = standardised(support)
    for values in (rows.x.mT, rows.y):
        torch.testing.assert_close(values.mean(-1), torch.zeros(values.shape[:-1]))
        torch.testing.assert_close(values.var(-1, correction=0), torch.ones(values.shape[:-1]))


def test_the_units_lead_back(support):
    rows = standardised(support)
    torch.testing.assert_close(rows.x * rows.size[:, None] + rows.mean[:, None], support.x)
    torch.testing.assert_close(rows.y * rows.y_size[:, None] + rows.y_mean[:, None], support.y)


def test_a_constant_column_becomes_zeros(support):
    support.x[1, :, 2] = 0.1
    rows = standardised(support)
    assert not rows.x[1, :, 2].any()
    assert rows.varies.logical_not().nonzero().tolist() == [[1, 2]]
    assert rows.mean[1, 2] == support.x[1, 0, 2]
    assert rows.x.isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_column_that_moves_by_a_last_bit_is_constant_and_by_more_is_not(support, dtype):
    x = support.x.to(dtype)
    x[..., 2] = 0.1
    x[0, 4, 2] = torch.nextafter(x[0, 4, 2], torch.tensor(1, dtype=dtype))
    x[1, 4, 2] *= 1 + 100 * torch.finfo(dtype).eps
    rows = standardised(Examples(x, support.y.to(dtype)))
    assert rows.varies[:, 2].tolist() == [False, True, False]
    assert not rows.x[0, :, 2].any()


@pytest.mark.parametrize("unit", [1e30, 1e-30])
def test_very_large_and_small_units_are_served(support, unit):
    same = standardised(Examples(support.x * unit, support.y))
    torch.testing.assert_close(same.x, standardised(support).x)


def test_labels_of_one_class_become_zeros(support):
    rows = standardised(Examples(support.x, torch.ones(3, 10, dtype=torch.long)))
    assert not rows.y.any()
    assert rows.y_mean.tolist() == [1, 1, 1]


def test_a_value_that_is_no_number_is_named(support):
    support.x[2, 7, 3] = torch.nan
    with pytest.raises(ValueError, match=r"task 2, row 7, column 3 holds nan, one of 1 "):
        standardised(support)


def test_in_a_single_task_row_and_column_are_named(support):
    support.x[0, 7, 3] = torch.inf
    with pytest.raises(ValueError, match=r"^row 7, column 3 holds inf"):
        standardised(Examples(support.x[0], support.y[0]))


def test_an_infinite_target_is_named(support):
    support.y[1, 4] = -torch.inf
    with pytest.raises(ValueError, match="task 1, row 4, the target holds -inf"):
        standardised(support)


def test_one_row_is_refused(support):
    with pytest.raises(ValueError, match="two rows or more; found 1"):
        standardised(Examples(support.x[:, :1], support.y[:, :1]))
