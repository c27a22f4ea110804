"""Exact Shapley values are judged by hand-worked games, by their axioms and by shap."""

import itertools
import math

import jaxtyping
import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, all_coalitions, exact_shapley, explainer_of, shapley_of

DOUBLE = torch.float64


def table(n_rows, n_columns, seed):
    return torch.randn(n_rows, n_columns, generator=seeded(seed), dtype=DOUBLE)


def network(n_columns, n_outputs=2, seed=0):
    first, last = table(n_columns, 16, seed), table(16, n_outputs, seed + 1)
    return lambda x: (x @ first).tanh() @ last


def by_orders(values, n):
    """Average over all orders what each column adds when it comes."""
    found = torch.zeros(n, dtype=DOUBLE)
    for order in itertools.permutations(range(n)):
        known = 0
        for column in order:
            found[column] += values[known | 1 << column] - values[known]
            known |= 1 << column
    return found / math.factorial(n)


def test_the_glove_game_gives_two_thirds_to_the_one_left_glove():
    # Shapley's example: column 0 holds a left glove, 1 and 2 a right one; a pair is worth 1
    pair = all_coalitions(3)
    worth = (pair[:, 0] & (pair[:, 1] | pair[:, 2])).double()
    worked = torch.tensor([2 / 3, 1 / 6, 1 / 6], dtype=DOUBLE)
    torch.testing.assert_close(shapley_of(worth), worked, atol=1e-12, rtol=0)


def test_a_model_worked_by_hand_on_three_columns():
    # f = 2 x0 + x1 x2 at (1, 2, 3) against zeros: the product of 6 is shared evenly
    model = lambda x: (2 * x[..., 0] + x[..., 1] * x[..., 2]).unsqueeze(-1)  # noqa: E731
    found = exact_shapley(Game(model, torch.zeros(1, 3)), torch.tensor([[1.0, 2.0, 3.0]]))
    torch.testing.assert_close(found.values, torch.tensor([[2.0, 3.0, 3.0]]), atol=1e-6, rtol=0)
    assert float(found.output) == 8
    assert float(found.reference) == 0


@pytest.mark.parametrize("n", [1, 2, 5])
def test_it_is_the_mean_over_all_orders(n):
    values = torch.randn(2**n, generator=seeded(n), dtype=DOUBLE)
    torch.testing.assert_close(shapley_of(values), by_orders(values, n), atol=1e-12, rtol=0)


@pytest.mark.filterwarnings("ignore")  # what shap imports warns of its own future
def test_it_agrees_with_the_exact_explainer_of_shap():
    import shap

    model, background, rows = network(6), table(8, 6, 2), table(4, 6, 3)
    found = exact_shapley(Game(model, background, target=1), rows)
    masker = shap.maskers.Independent(background.numpy(), 8)
    library = shap.ExactExplainer(lambda x: model(torch.tensor(x))[:, 1].numpy(), masker)
    theirs = torch.tensor(library(rows.numpy(), silent=True).values)
    torch.testing.assert_close(found.values, theirs, atol=1e-6, rtol=0)


def test_the_values_add_up_to_the_output_less_the_mean_output_of_the_background():
    model, background, rows = network(7), table(5, 7, 2), table(3, 7, 3)
    found = exact_shapley(Game(model, background), rows)
    torch.testing.assert_close(found.output, model(rows)[:, 0])
    torch.testing.assert_close(found.reference, model(background)[:, 0].mean().expand(3))
    assert float(found.gap.abs().max()) < 1e-10


def test_single_precision_leaves_a_gap_below_the_bound():
    model, background = network(10), table(16, 10, 2).float()
    single = lambda x: model(x.double()).float()  # noqa: E731
    found = exact_shapley(Game(single, background), table(4, 10, 3).float())
    assert float(found.gap.abs().max()) < 1e-4


def test_twins_get_equal_values_and_a_column_that_is_not_used_gets_none():
    inner = network(3)
    model = lambda x: inner(torch.stack([x[..., 0] + x[..., 1], x[..., 2], x[..., 3]], -1))  # noqa: E731
    background, rows = table(6, 5, 2), table(4, 5, 3)
    background[:, 1], rows[:, 1] = background[:, 0], rows[:, 0]
    found = exact_shapley(Game(model, background), rows).values
    torch.testing.assert_close(found[:, 0], found[:, 1], atol=1e-12, rtol=0)
    assert float(found[:, 4].abs().max()) < 1e-12
    assert float(found[:, :4].abs().min()) > 1e-3


def test_one_column_gets_everything():
    model, background, rows = network(1), table(6, 1, 2), table(4, 1, 3)
    found = exact_shapley(Game(model, background), rows)
    torch.testing.assert_close(found.values[:, 0], found.output - found.reference)


def test_stacked_tasks_are_explained_as_one_by_one():
    first = torch.randn(2, 4, 3, generator=seeded(0), dtype=DOUBLE)
    background, rows = table(10, 4, 2).view(2, 5, 4), table(6, 4, 3).view(2, 3, 4)
    stacked = exact_shapley(Game(lambda x: (x @ first).tanh(), background, target=2), rows).values
    for task in range(2):
        alone = lambda x, w=first[task]: (x @ w).tanh()  # noqa: E731
        one = exact_shapley(Game(alone, background[task], target=2), rows[task]).values
        torch.testing.assert_close(stacked[task], one)


def test_as_an_explainer_it_takes_a_target_for_each_row():
    model, background, rows = network(4), table(6, 4, 2), table(3, 4, 3)
    explain = explainer_of(exact_shapley, background)
    each = explain(model, rows, target=torch.tensor([1, 0, 1])).values
    torch.testing.assert_close(each[::2], explain(model, rows, target=1).values[::2])
    torch.testing.assert_close(each[1], explain(model, rows, target=0).values[1])


def test_too_many_columns_are_refused_with_their_price_and_another_way():
    game = Game(network(30), table(32, 30, 2))
    with pytest.raises(ValueError, match=r"2\^30 = 1,073,741,824 coalitions.*kernel_shap"):
        exact_shapley(game, table(1, 30, 3))
    assert game.n_queries == 0


@pytest.mark.parametrize("count", [0, 1, 3, 12])
def test_values_that_are_no_whole_game_are_refused(count, monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match=rf"2\^n values; found {count}"):
        shapley_of(torch.zeros(count))
