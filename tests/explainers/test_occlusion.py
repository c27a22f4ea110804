"""Occlusion of a linear model is known by hand: what a pixel adds is its weight times its value."""

import pytest
import torch

from metaxai_lab.core import Explainer, seeded
from metaxai_lab.explainers import occlusion

WEIGHTS = torch.randn(16, 3, generator=seeded(0))
X = torch.rand(5, 16, generator=seeded(1))


def linear(x):
    return x @ WEIGHTS + 1


def tiles(values, side):
    """Sum the values of each 2 x 2 square, one by one."""
    squares = values.reshape(-1, side, side)
    return [
        squares[:, i : i + 2, j : j + 2].sum((1, 2))
        for i in range(0, side, 2)
        for j in range(0, side, 2)
    ]


def test_blanking_one_pixel_takes_its_weight_times_its_value():
    found = occlusion(linear, X, target=1, window=1)
    torch.testing.assert_close(found.values, X * WEIGHTS[:, 1], atol=1e-5, rtol=0)


def test_a_window_takes_what_its_pixels_add_and_shares_it_evenly():
    found = occlusion(linear, X, target=2, window=2)
    for mine, sums in zip(tiles(found.values, 4), tiles(X * WEIGHTS[:, 2], 4), strict=True):
        torch.testing.assert_close(mine, sums, atol=1e-5, rtol=0)
    first = found.values.reshape(-1, 4, 4)[:, :2, :2].flatten(1)
    torch.testing.assert_close(first, first[:, :1].expand(-1, 4))


def test_of_a_linear_model_it_explains_everything():
    gap = occlusion(linear, X, target=0, window=2).gap
    torch.testing.assert_close(gap, torch.zeros(5), atol=1e-5, rtol=0)


def test_a_pixel_under_two_windows_takes_their_mean():
    def first_row(x):
        return x[:, :3].sum(-1, keepdim=True)

    x = torch.tensor([[1.0, 2.0, 4.0, 0, 0, 0, 0, 0, 0]])
    found = occlusion(first_row, x, target=0, window=2, stride=1)
    # windows over the first row lose 1 + 2 and 2 + 4, shared by 4 pixels each
    worked = [[0.75, (0.75 + 1.5) / 2, 1.5], [0.375, 0.5625, 0.75], [0, 0, 0]]
    torch.testing.assert_close(found.values.reshape(3, 3), torch.tensor(worked))


def test_blanking_with_a_baseline_takes_the_difference_to_it():
    baseline = torch.full((16,), 0.5)
    found = occlusion(linear, X, target=1, window=1, baseline=baseline)
    torch.testing.assert_close(found.values, (X - 0.5) * WEIGHTS[:, 1], atol=1e-5, rtol=0)
    torch.testing.assert_close(found.reference, linear(baseline[None])[:, 1].expand(5))


def test_a_pixel_the_model_does_not_see_has_nothing():
    found = occlusion(lambda x: x[:, :4] ** 2, X, target=0, window=1)
    assert not found.values[:, 4:].any()


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_how_many_windows_go_at_once_does_not_matter(at_once):
    found = occlusion(linear, X, target=1, window=2, at_once=at_once)
    torch.testing.assert_close(found.values, occlusion(linear, X, target=1, window=2).values)


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_stacked_tasks_with_a_target_for_each_row_are_explained_as_one_by_one(at_once):
    weights = torch.randn(2, 16, 3, generator=seeded(2))
    x, each = torch.rand(2, 4, 16, generator=seeded(3)), torch.tensor([[0, 2, 1, 1], [2, 0, 0, 1]])
    knobs = {"window": 2, "at_once": at_once}
    stacked = occlusion(lambda x: (x @ weights).tanh(), x, target=each, **knobs)
    for task, row in ((0, 0), (0, 1), (1, 0), (1, 3)):
        one = occlusion(
            lambda x, w=weights[task]: (x @ w).tanh(),
            x[task, row : row + 1],
            target=int(each[task, row]),
            window=2,
        )
        torch.testing.assert_close(stacked.values[task, row], one.values[0])
        torch.testing.assert_close(stacked.output[task, row], one.output[0])
        torch.testing.assert_close(stacked.reference[task, row], one.reference[0])


def test_it_is_an_explainer():
    assert isinstance(occlusion, Explainer)


def test_windows_that_do_not_end_with_the_picture_are_refused():
    with pytest.raises(ValueError, match="windows of 3 pixels every 3 do not end where a picture"):
        occlusion(linear, X, target=0, window=3)


@pytest.mark.parametrize(("window", "stride"), [(5, 1), (0, 0), (2, 3), (2, 0)])
def test_windows_out_of_range_are_refused(window, stride):
    with pytest.raises(ValueError, match=f"found stride {stride} and window {window}"):
        occlusion(linear, X, target=0, window=window, stride=stride)


def test_rows_that_are_no_pictures_are_refused():
    with pytest.raises(ValueError, match="fill no square"):
        occlusion(linear, X[:, :15], target=0)


def test_a_target_that_is_no_output_is_refused():
    with pytest.raises(ValueError, match="target 3 is none"):
        occlusion(linear, X, target=3, window=2)


def test_a_window_blanks_all_colours_at_once():
    weights = torch.randn(3 * 16, 1, generator=seeded(3))
    x = torch.rand(2, 3 * 16, generator=seeded(4))
    found = occlusion(lambda rows: rows @ weights, x, target=0, window=2, channels=3)
    of_window = (x * weights.T).view(2, 3, 2, 2, 2, 2).sum((1, 3, 5))
    shared = found.values.view(2, 3, 2, 2, 2, 2)
    assert torch.allclose(shared.sum((1, 3, 5)), of_window, atol=1e-5)
    assert torch.allclose(shared[:, 0], shared[:, 2])
