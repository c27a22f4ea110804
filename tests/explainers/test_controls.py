"""Explanations that know nothing, and what they keep."""

from functools import partial

import pytest
import torch

from metaxai_lab.core import Explainer, seeded
from metaxai_lab.evaluation import mass_in_mask, pointing_game
from metaxai_lab.explainers import integrated_gradients, of_another_row, shuffled, uniform

WEIGHTS = torch.randn(16, 2, generator=seeded(0))
X = torch.rand(6, 16, generator=seeded(1))
TRUTH = torch.rand(6, 16, generator=seeded(2)) > 0.6


def linear(x):
    return x @ WEIGHTS + 1


def plain(**knobs):
    return integrated_gradients(linear, X, target=0, **knobs)


def mixed(x=X, target=0, **knobs):
    knobs = {"explain": integrated_gradients, "generator": seeded(3), **knobs}
    return shuffled(linear, x, target=target, **knobs)


def test_uniform_gives_every_column_the_same():
    values = uniform(linear, X, target=0).values
    assert torch.equal(values, values[:, :1].expand_as(values))


def test_uniform_explains_all_of_the_output():
    torch.testing.assert_close(uniform(linear, X, target=1).gap, torch.zeros(6), atol=1e-5, rtol=0)


@pytest.mark.parametrize("judge", [pointing_game, mass_in_mask])
@pytest.mark.parametrize("cell", [1, 2])
def test_uniform_scores_chance_with_every_judge_of_place(judge, cell):
    score = judge(uniform(linear, X, target=0), TRUTH, cell=cell)
    torch.testing.assert_close(score.values, score.chance)


def test_shuffled_keeps_the_values_of_each_row():
    torch.testing.assert_close(mixed().values.sort(-1).values, plain().values.sort(-1).values)


def test_shuffled_moves_them_and_each_row_in_its_own_order():
    values = torch.arange(16.0).expand(6, 16)

    def counting(model, x, *, target):
        return plain().__class__(values, x, *plain().output.expand(2, 6))

    moved = mixed(explain=counting).values
    assert len({tuple(row) for row in moved.tolist()} | {tuple(values[0].tolist())}) == 7


def test_shuffled_by_cells_keeps_each_cell_whole():
    moved = mixed(cell=2).values
    cells = {frozenset(cell) for cell in squares(moved)}
    assert cells == {frozenset(cell) for cell in squares(plain().values)}
    assert not torch.equal(moved, plain().values)


def squares(values):
    """Return the values of each 2 x 2 square, in reading order."""
    pictures = values.reshape(-1, 4, 4)
    corners = [(i, j) for i in (0, 2) for j in (0, 2)]
    return [
        tuple(picture[i : i + 2, j : j + 2].flatten().tolist())
        for picture in pictures
        for i, j in corners
    ]


def test_a_cell_that_moves_is_not_turned():
    cells = set(squares(plain().values))
    assert set(squares(mixed(cell=2).values)) == cells


def test_shuffled_draws_from_its_generator():
    assert torch.equal(mixed().values, mixed().values)
    assert not torch.equal(mixed().values, mixed(generator=seeded(4)).values)


def test_shuffled_any_place_is_as_likely_as_another():
    values = torch.eye(4)[:1].expand(4000, 4)

    def one(model, x, *, target):
        zeros = x.new_zeros(len(x))
        return plain().__class__(values, x, zeros, zeros)

    moved = shuffled(linear, values, target=0, explain=one, generator=seeded(0)).values
    torch.testing.assert_close(moved.mean(0), torch.full((4,), 0.25), atol=0.03, rtol=0)


def test_another_row_has_the_values_of_the_next():
    moved = of_another_row(linear, X, target=0, explain=integrated_gradients)
    assert torch.equal(moved.values[0], plain().values[1])
    assert torch.equal(moved.values[-1], plain().values[0])


def test_another_row_keeps_the_inputs_and_outputs_of_this_one():
    moved = of_another_row(linear, X, target=0, explain=integrated_gradients)
    assert torch.equal(moved.inputs, X)
    assert torch.equal(moved.output, plain().output)


def test_a_single_row_has_no_other():
    with pytest.raises(ValueError, match="two rows or more to swap; found 1"):
        of_another_row(linear, X[:1], target=0, explain=integrated_gradients)


def test_cells_that_do_not_tile_are_refused():
    with pytest.raises(ValueError, match="3 does not divide the side 4"):
        mixed(cell=3)


def test_with_their_knobs_bound_they_are_explainers():
    assert isinstance(uniform, Explainer)
    bound = partial(shuffled, explain=integrated_gradients, generator=seeded(0))
    assert torch.equal(bound(linear, X, target=0).inputs, X)


# Stacked tasks


@pytest.mark.parametrize("cell", [1, 2])
def test_stacked_tasks_are_shuffled_as_one_by_one(cell):
    each = torch.tensor([0, 1, 1, 0, 1, 0])
    one, many = (
        mixed(x=X.reshape(*shape, 16), target=each.reshape(shape), cell=cell)
        for shape in ((6,), (2, 3))
    )
    assert torch.equal(many.values, one.values.reshape(2, 3, 16))
    assert not torch.equal(one.values, mixed(cell=cell).values)


def test_stacked_tasks_are_all_uniform():
    each = torch.tensor([[0, 1, 1], [0, 1, 0]])
    found = uniform(linear, X.reshape(2, 3, 16), target=each)
    torch.testing.assert_close(found.gap, torch.zeros(2, 3), atol=1e-5, rtol=0)


def test_of_stacked_tasks_rows_swap_within_their_task():
    explain, x = partial(of_another_row, explain=integrated_gradients), X.reshape(2, 3, 16)
    many = explain(linear, x, target=0).values
    for task in range(2):
        torch.testing.assert_close(many[task], explain(linear, x[task], target=0).values)
