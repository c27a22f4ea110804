"""Judges of place, judged by maps made by hand and by trying every place."""

from itertools import product

import pytest
import torch

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation import mass_in_mask, pointing_game

BOTH = pytest.mark.parametrize("judge", [pointing_game, mass_in_mask])


def explanation(values):
    values = torch.as_tensor(values, dtype=torch.float32)
    zeros = torch.zeros(values.shape[:-1])
    return Attribution(values, torch.zeros_like(values), zeros, zeros)


def truth(*rows):
    return torch.tensor(rows, dtype=torch.bool)


def random_truth(n, features, seed=0):
    marked = torch.rand(n, features, generator=seeded(seed)) > 0.7
    marked[:, 0] |= ~marked.any(-1)
    return marked


# A picture of 4 x 4 pixels whose truth is two pixels, in two of the four squares
PICTURE = explanation([[5, 0, 0, 1, 0, -9, 0, 0, 0, 0, 0, 0, 4, 0, 0, 1]])
MASK = truth([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])


# The pointing game


@pytest.mark.parametrize(("values", "mark"), [([1, 2, 0, 0], 1), ([3, 2, 0, 0], 0)])
def test_it_is_a_hit_if_the_heaviest_column_is_right(values, mark):
    assert pointing_game(explanation([values]), truth([0, 1, 0, 1])).values.tolist() == [mark]


def test_the_sign_of_a_value_does_not_matter():
    assert pointing_game(explanation([[1, -2, 0, 0]]), truth([0, 1, 0, 0])).values.tolist() == [1]


def test_tied_columns_share_the_point():
    assert pointing_game(explanation([[2, 2, 2, 1]]), truth([1, 0, 0, 1])).mean == pytest.approx(
        1 / 3
    )


def test_values_that_differ_by_rounding_alone_are_tied():
    thirds = [[1.0, 1.0 + 1e-7, 1.0 - 1e-7]]
    assert pointing_game(explanation(thirds), truth([1, 0, 0])).mean == pytest.approx(1 / 3)


def test_values_that_differ_by_more_are_not():
    assert pointing_game(explanation([[1.0, 1.001]]), truth([1, 0])).values.tolist() == [0]


def test_the_heaviest_square_may_not_hold_the_heaviest_pixel():
    values = [[9, 0, 4, 4, 0, 0, 4, 4, *[0] * 8]]
    right_above = truth([0, 0, 1, *[0] * 13])
    assert pointing_game(explanation(values), right_above).values.tolist() == [0]
    assert pointing_game(explanation(values), right_above, cell=2).values.tolist() == [1]


def test_chance_is_the_mark_of_pointing_anywhere_tried_everywhere():
    marked = random_truth(1, 9)
    hits = pointing_game(explanation(torch.eye(9)), marked.expand(9, 9))
    assert hits.mean == pytest.approx(float(hits.chance[0]))
    assert hits.mean == pytest.approx(int(marked.sum()) / 9)


def test_chance_of_squares_is_the_mark_of_pointing_anywhere_tried_everywhere():
    marked = random_truth(1, 36, seed=1)
    hits = pointing_game(explanation(torch.eye(36)), marked.expand(36, 36), cell=2)
    touched = {(i // 2, j // 2) for i, j in product(range(6), range(6)) if marked[0, 6 * i + j]}
    assert hits.mean == pytest.approx(float(hits.chance[0]))
    assert hits.mean == pytest.approx(len(touched) / 9)


# Mass in mask


def test_mass_is_the_share_in_the_mask_worked_by_hand():
    assert mass_in_mask(PICTURE, MASK).mean == pytest.approx(9 / 20)


def test_mass_by_squares_counts_each_square_the_mask_touches():
    score = mass_in_mask(PICTURE, MASK, cell=2)
    assert score.mean == pytest.approx((5 + 9 + 1) / 20)
    assert score.mean_chance == pytest.approx(2 / 4)


def test_one_square_over_everything_holds_everything():
    assert mass_in_mask(PICTURE, MASK, cell=4).mean == 1


def test_chance_is_the_mean_mass_over_every_order_of_the_values():
    values, marked = torch.tensor([5.0, 3.0, 0.0, 1.0]), truth([1, 0, 0, 1])
    orders = [p for p in product(range(4), repeat=4) if len(set(p)) == 4]
    every = values[torch.tensor(orders)]
    score = mass_in_mask(explanation(every), marked.expand(24, 4))
    assert score.mean == pytest.approx(score.mean_chance)
    assert score.values.min() < 0.2 < 0.8 < score.values.max()


# Both


@BOTH
@pytest.mark.parametrize("level", [1.0, 1 / 3, -7e-5, 0.0])
@pytest.mark.parametrize("cell", [1, 2, 4, 7, 14, 28])
def test_a_map_that_is_the_same_everywhere_scores_chance(judge, level, cell):
    marked = random_truth(3, 784) & (torch.arange(784) < 100)
    marked[:, 5] = True
    score = judge(explanation(torch.full((3, 784), level)), marked, cell=cell)
    torch.testing.assert_close(score.values, score.chance, rtol=1e-4, atol=0)


@BOTH
def test_a_map_of_the_truth_itself_has_full_marks(judge):
    marked = random_truth(5, 16)
    assert judge(explanation(marked.float()), marked, cell=2).values.tolist() == [1] * 5


@BOTH
def test_the_scale_of_the_values_does_not_matter(judge):
    values, marked = torch.randn(5, 16, generator=seeded(1)), random_truth(5, 16)
    one, other = (judge(explanation(v), marked, cell=2).values for v in (values, -1e-6 * values))
    torch.testing.assert_close(one, other)


@BOTH
def test_turning_picture_and_truth_together_changes_nothing(judge):
    values, marked = torch.rand(5, 16, generator=seeded(1)), random_truth(5, 16)

    def turn(rows):
        return rows.reshape(5, 4, 4).rot90(dims=(1, 2)).reshape(5, 16)

    one = judge(explanation(values), marked, cell=2).values
    torch.testing.assert_close(one, judge(explanation(turn(values)), turn(marked), cell=2).values)


@BOTH
def test_rows_stacked_over_tasks_are_judged_as_one_by_one(judge):
    values, marked = torch.rand(6, 16, generator=seeded(1)), random_truth(6, 16)
    flat = judge(explanation(values), marked, cell=2)
    stacked = judge(explanation(values.reshape(2, 3, 16)), marked.reshape(2, 3, 16), cell=2)
    assert torch.equal(stacked.values, flat.values.reshape(2, 3))
    assert torch.equal(stacked.chance, flat.chance.reshape(2, 3))


@BOTH
def test_single_columns_need_not_be_a_picture(judge):
    assert judge(explanation([[0, 1, 0]]), truth([0, 1, 0])).mean == 1


@BOTH
def test_the_score_says_what_its_verdict_depends_on(judge):
    score = judge(PICTURE, MASK)
    assert score.sensitive_to == ("cell",)
    assert score.higher_is_better


@BOTH
def test_rows_without_a_true_column_are_named(judge):
    with pytest.raises(ValueError, match="needs a true column to be judged; rows 1 have none"):
        judge(explanation([[1, 0], [0, 1]]), truth([1, 0], [0, 0]))


@BOTH
def test_of_many_rows_without_truth_the_first_are_named(judge):
    with pytest.raises(ValueError, match="rows 0, 1, 2, 3, 4 and 3 more have none"):
        judge(explanation(torch.ones(8, 2)), torch.zeros(8, 2, dtype=torch.bool))


@BOTH
def test_rows_of_stacked_tasks_are_named_by_task_and_row(judge):
    marked = torch.tensor([[[1, 0], [1, 0]], [[1, 0], [0, 0]]], dtype=torch.bool)
    with pytest.raises(ValueError, match=r"rows \(1, 1\) have none"):
        judge(explanation(torch.ones(2, 2, 2)), marked)


@BOTH
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_values_that_are_not_finite_are_refused(judge, bad):
    with pytest.raises(ValueError, match="needs finite values; rows 0 have others"):
        judge(explanation([[bad, 0], [0, 1]]), truth([1, 0], [1, 0]))


@BOTH
def test_a_truth_of_another_shape_is_refused(judge):
    with pytest.raises(
        ValueError, match=r"needs the shape \(1, 2\) of the values, and has \(1, 3\)"
    ):
        judge(explanation([[1, 0]]), truth([1, 0, 0]))


@BOTH
@pytest.mark.parametrize("cell", [3, 5, 0, -2])
def test_cells_that_do_not_tile_the_picture_are_refused(judge, cell):
    with pytest.raises(ValueError, match=rf"take cells of \[1, 2, 4\]; found {cell}"):
        judge(PICTURE, MASK, cell=cell)


@BOTH
def test_cells_of_what_is_no_picture_are_refused(judge):
    with pytest.raises(ValueError, match="fill no square"):
        judge(explanation([[0, 1, 0]]), truth([0, 1, 0]), cell=2)
