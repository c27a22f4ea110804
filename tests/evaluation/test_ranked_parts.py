"""Parts in the order of an explanation: by hand, and over many draws where they are tied."""

from itertools import permutations

import jaxtyping
import pytest
import torch

from metaxai_lab.core import Attribution, seeded
from metaxai_lab.evaluation.ranked_parts import part_of, rank_parts, sum_parts


def explanation(values, inputs=None):
    values = torch.as_tensor(values, dtype=torch.float32)
    inputs = torch.ones_like(values) if inputs is None else torch.as_tensor(inputs).float()
    zeros = torch.zeros(values.shape[:-1])
    return Attribution(values, inputs, zeros, zeros)


def ranked(values, inputs=None, *, fill=None, cell=1, n_draws=5, seed=0):
    knobs = {"fill": fill, "cell": cell, "n_draws": n_draws}
    return rank_parts(explanation(values, inputs), **knobs, generator=seeded(seed))


def test_the_highest_value_comes_first_and_the_most_negative_last():
    assert ranked([[0.5, -3, 2, 0]]).places.tolist() == [[[1, 3, 0, 2]]]


def test_a_square_is_ranked_by_the_sum_of_its_values():
    values = [[9, 0, 4, 4, 0, 0, 4, 4, *[0] * 7, -1]]
    found = ranked(values, cell=2)
    assert found.places.tolist() == [[[1, 0, 2, 3]]]
    assert sum_parts(torch.tensor(values).float(), found.part).tolist() == [[9, 16, 0, -1]]


def test_squares_are_numbered_row_by_row_from_the_top_left():
    numbers = part_of(16, 2).reshape(4, 4).tolist()
    assert numbers == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]


def test_what_is_not_kept_is_filled():
    found = ranked([[1, 2, 3]], [[4, 5, 6]], fill=torch.tensor([7.0, 8.0, 9.0]))
    assert found.kept(torch.tensor([[True, False, True]])).tolist() == [[4, 8, 6]]


def test_without_ties_one_order_is_enough():
    found = ranked([[3, 1, 2], [1, 2, 3]])
    assert len(found.places) == 1
    assert not found.tied.any()


def test_tied_parts_come_in_every_order_alike_often():
    found = ranked([[1, 5, 1, 1]], n_draws=6000)
    assert (found.places[:, 0, 1] == 0).all()
    others = found.places[:, 0][:, [0, 2, 3]]
    counts = [int((others == torch.tensor(p)).all(-1).sum()) for p in permutations((1, 2, 3))]
    assert sum(counts) == 6000
    assert max(counts) - min(counts) < 200  # the deviation of a count is 29


def test_random_orders_are_all_orders_alike_often():
    found = ranked([[3, 1, 2]], n_draws=6000)
    counts = [
        int((found.chance[:, 0] == torch.tensor(p)).all(-1).sum()) for p in permutations(range(3))
    ]
    assert sum(counts) == 6000
    assert max(counts) - min(counts) < 200


def test_where_all_is_tied_the_order_is_the_random_one():
    found = ranked(torch.full((4, 9), 1 / 3))
    assert torch.equal(found.places, found.chance)
    assert found.tied.all()


def test_the_rows_with_ties_are_marked():
    assert ranked([[1, 2, 3], [1, 2, 1]]).tied.tolist() == [False, True]


def test_ties_among_blank_parts_matter_to_nobody():
    values, inputs = [[0, 0, 1], [0, 0, 1]], [[0, 0, 1], [0, 1, 1]]
    assert ranked(values, inputs).tied.tolist() == [False, True]


def test_what_is_blank_depends_on_what_parts_are_filled_with():
    assert ranked([[0, 0, 1]], [[1, 1, 1]], fill=torch.ones(3)).tied.tolist() == [False]


def test_stacked_tasks_are_ranked_as_one_by_one():
    values = torch.randn(6, 5, generator=seeded(1))
    flat, stacked = ranked(values), ranked(values.reshape(2, 3, 5))
    assert torch.equal(stacked.places.reshape(flat.places.shape), flat.places)


def test_the_draws_come_from_the_generator():
    one, same, other = (ranked([[1, 1, 1, 1, 1]], seed=seed).places for seed in (3, 3, 4))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_values_of_another_shape_are_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=r"each column of \(1, 4\) inputs; its values are \(1, 3"):
        ranked([[1, 2, 3]], [[1, 1, 1, 1]])


def test_a_lone_row_is_refused():
    with pytest.raises(ValueError, match=r"\(row, feature\) or stacked: .* \(3,\) inputs"):
        ranked([1, 2, 3])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_values_that_are_not_finite_are_refused(bad):
    with pytest.raises(ValueError, match="needs finite values; 1 of 2 rows have others"):
        ranked([[bad, 0], [0, 1]])


@pytest.mark.parametrize("cell", [3, 0, -2])
def test_squares_that_do_not_tile_the_picture_are_refused(cell):
    with pytest.raises(ValueError, match=rf"take cells of \[1, 2, 4\]; found {cell}"):
        part_of(16, cell)


def test_a_fill_of_other_columns_is_refused():
    with pytest.raises(ValueError, match="with 3 columns; it has 2"):
        ranked([[1, 2, 3]], fill=torch.zeros(2))


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="found 0"):
        ranked([[1, 2, 3]], n_draws=0)
