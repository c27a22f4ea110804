"""Prediction gaps of a linear model on three columns, worked by hand, and their controls."""

import pytest
import torch

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation import gap_on_important, gap_on_unimportant

BOTH = pytest.mark.parametrize("judge", [gap_on_important, gap_on_unimportant])
WEIGHTS = torch.tensor([1.0, 2.0, -3.0])
BACKGROUND = torch.tensor([[0.0, 0.0, 0.0], [2.0, 0.0, 1.0]])


def linear(x):
    return (x @ WEIGHTS).unsqueeze(-1)


def explanation(values, x=None):
    values = torch.as_tensor(values, dtype=torch.float32)
    zeros = torch.zeros(values.shape[:-1])
    return Attribution(values, torch.ones_like(values) if x is None else x, zeros, zeros)


def gap(judge, values, x=None, model=linear, **knobs):
    knobs = {"target": 0, "background": BACKGROUND, "up_to": 1, "generator": seeded(0)} | knobs
    return judge(model, explanation(values, x), **knobs)


def test_the_gap_of_the_largest_column_worked_by_hand():
    # column 2 goes from 1 to 0 and to 1: the output moves by 3 and by 0
    assert gap(gap_on_important, [[1, 2, -3]]).mean == pytest.approx(1.5)


def test_the_gap_of_the_others_worked_by_hand():
    # columns 0 and 1 go from 1, 1 to 0, 0 and to 2, 0: the output moves by -3 and by -1
    assert gap(gap_on_unimportant, [[1, 2, -3]]).mean == pytest.approx(2)


def test_it_is_a_mean_over_the_numbers_of_columns():
    # column 1 goes from 1 to 0: 2 in both rows; columns 1 and 2: the output moves by 1 and by -2
    found = gap(gap_on_important, [[1, 3, -2]], up_to=2).mean
    assert found == pytest.approx((2 + 1.5) / 2)


def test_signs_do_not_count():
    one, other = (gap(gap_on_important, [v]).mean for v in ([1, 2, -3], [1, 2, 3]))
    assert one == other


@BOTH
def test_chance_is_the_mean_over_all_columns(judge):
    found = gap(judge, [[1, 2, -3]], n_draws=3000)
    singles = (1, 2, 1.5) if judge is gap_on_important else (1.5, 1.5, 2)
    assert found.mean_chance == pytest.approx(sum(singles) / 3, abs=0.03)


@BOTH
def test_an_explanation_that_says_the_same_everywhere_is_chance(judge):
    found = gap(judge, torch.ones(4, 3))
    assert torch.equal(found.values, found.chance)


@BOTH
def test_columns_of_zeros_tie_as_others_do(judge):
    found = gap(judge, torch.ones(4, 3), torch.zeros(4, 3))
    assert torch.equal(found.values, found.chance)


def test_important_is_better_when_higher_and_the_others_when_lower():
    assert gap(gap_on_important, [[1, 2, -3]]).higher_is_better
    assert not gap(gap_on_unimportant, [[1, 2, -3]]).higher_is_better


@BOTH
def test_stacked_tasks_get_the_marks_they_get_alone(judge):
    values, x = (torch.randn(2, 4, 3, generator=seeded(n)) for n in (0, 1))
    together = gap(judge, values, x).values
    alone = torch.stack([gap(judge, v, r).values for v, r in zip(values, x, strict=True)])
    torch.testing.assert_close(together, alone)


@BOTH
def test_the_output_of_the_target_is_judged(judge):
    def two(x):
        return torch.cat([0 * linear(x), linear(x)], -1)

    assert gap(judge, [[1, 2, -3]], model=two).mean == 0
    assert gap(judge, [[1, 2, -3]], model=two, target=1).mean > 1


@BOTH
@pytest.mark.parametrize("up_to", [0, 3])
def test_a_number_of_columns_that_leaves_a_side_empty_is_refused(judge, up_to):
    with pytest.raises(ValueError, match=f"1 to 2; found {up_to}"):
        gap(judge, [[1, 2, -3]], up_to=up_to)


@BOTH
@pytest.mark.parametrize("shape", [(0, 3), (2, 4)])
def test_a_background_that_does_not_fit_is_refused(judge, shape):
    with pytest.raises(ValueError, match=r"3 columns of x, one or more"):
        gap(judge, [[1, 2, -3]], background=torch.ones(shape))
