"""Permutation sampling: unbiased, exact for pairs, and honest about its spread."""

import itertools

import pytest
import torch

from metaxai_lab.core import Explainer, seeded
from metaxai_lab.explainers import Game, exact_shapley, explainer_of, permutation_shapley
from metaxai_lab.explainers.permutation import _added, _on_the_way

DOUBLE = torch.float64


def table(n_rows, n_columns, seed):
    return torch.randn(n_rows, n_columns, generator=seeded(seed), dtype=DOUBLE)


def network(n_columns, seed=0):
    first, last = table(n_columns, 16, seed), table(16, 2, seed + 1)
    return lambda x: (x @ first).tanh() @ last


def test_coalitions_on_the_way_worked_by_hand():
    # the order 2, 0, 1: column 0 comes second, 1 third, 2 first
    masks = _on_the_way(torch.tensor([[1, 2, 0]]))
    worked = [[0, 0, 0], [0, 0, 1], [1, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 1]]
    assert masks.long().tolist() == worked


def test_what_columns_add_worked_by_hand():
    # the same order: column 2 adds 1 - 0, column 0 adds 3 - 1, column 1 adds 10 - 3;
    # its reverse 1, 0, 2 has v({1}) = 4 and v({0, 1}) = 6: they add 4, 2 and 4
    values = torch.tensor([[0.0, 1, 3, 6, 4, 10]])
    found = _added(values, torch.tensor([[1, 2, 0]]))
    torch.testing.assert_close(found, torch.tensor([[[2.0, 5.5, 2.5]]]))


def test_a_model_worked_by_hand_on_three_columns():
    # f = 2 x0 + x1 x2 at (1, 2, 3) against zeros: the product of 6 is shared evenly
    model = lambda x: (2 * x[..., 0] + x[..., 1] * x[..., 2]).unsqueeze(-1)  # noqa: E731
    game, row = Game(model, torch.zeros(1, 3)), torch.tensor([[1.0, 2.0, 3.0]])
    found = permutation_shapley(game, row, n_queries=6, generator=seeded(0)).values
    torch.testing.assert_close(found, torch.tensor([[2.0, 3.0, 3.0]]), atol=1e-6, rtol=0)


def test_the_mean_over_all_orders_is_exact():
    game, rows = Game(network(4), table(5, 4, 2)), table(3, 4, 3)
    orders = torch.tensor(list(itertools.permutations(range(4))))
    found = _added(game.values(rows, _on_the_way(orders)), orders).mean(-2)
    torch.testing.assert_close(found, exact_shapley(game, rows).values, atol=1e-10, rtol=0)


def test_one_order_and_its_reverse_are_exact_where_columns_act_in_pairs_at_most():
    alone, pairs = table(6, 1, 0), table(6, 6, 1)
    model = lambda x: x @ alone + ((x @ pairs) * x).sum(-1, keepdim=True)  # noqa: E731
    game, rows = Game(model, table(5, 6, 2)), table(4, 6, 3)
    found = permutation_shapley(game, rows, n_queries=12, generator=seeded(0))
    torch.testing.assert_close(found.values, exact_shapley(game, rows).values, atol=1e-8, rtol=0)
    assert found.spread is None


@pytest.mark.parametrize("n_queries", [20, 37, 38, 200])
def test_the_values_add_up_and_the_budget_is_kept(n_queries):
    model, background = network(10), table(16, 10, 2).float()
    game = Game(lambda x: model(x.double()).float(), background)
    found = permutation_shapley(
        game, table(6, 10, 3).float(), n_queries=n_queries, generator=seeded(0)
    )
    assert float(found.gap.abs().max()) < 1e-4
    assert game.n_queries == 6 * (2 + (n_queries - 2) // 18 * 18)


def test_the_stated_spread_is_that_of_repeated_draws():
    game, rows = Game(network(8), table(6, 8, 2)), table(2, 8, 3)
    g = seeded(0)
    drawn = [permutation_shapley(game, rows, n_queries=142, generator=g) for _ in range(300)]
    truly = torch.stack([found.values for found in drawn]).std(0)
    stated = torch.stack([found.spread for found in drawn]).square().mean(0).sqrt()
    torch.testing.assert_close(stated, truly, rtol=0.15, atol=0.0)


def test_the_mean_of_many_draws_is_the_exact_value():
    game, rows = Game(network(8), table(6, 8, 2)), table(3, 8, 3)
    found = permutation_shapley(game, rows, n_queries=2 + 14 * 3000, generator=seeded(0))
    exact = exact_shapley(game, rows).values
    assert float((found.values - exact).abs().max()) < 4 * float(found.spread.max()) < 0.05


def test_one_column_gets_everything():
    game, rows = Game(network(1), table(5, 1, 2)), table(3, 1, 3)
    found = permutation_shapley(game, rows, n_queries=9, generator=seeded(0))
    torch.testing.assert_close(found.values[:, 0], found.output - found.reference)


def test_stacked_tasks_are_explained_as_one_by_one():
    first = torch.randn(2, 6, 3, generator=seeded(0), dtype=DOUBLE)
    background, rows = table(10, 6, 2).view(2, 5, 6), table(6, 6, 3).view(2, 3, 6)
    game = Game(lambda x: (x @ first).tanh(), background)
    stacked = permutation_shapley(game, rows, n_queries=30, generator=seeded(1))
    for task in range(2):
        alone = Game(lambda x, w=first[task]: (x @ w).tanh(), background[task])
        one = permutation_shapley(alone, rows[task], n_queries=30, generator=seeded(1))
        torch.testing.assert_close(stacked.values[task], one.values)
        torch.testing.assert_close(stacked.spread[task], one.spread)


def test_fewer_queries_than_two_a_column_are_refused_with_what_is_needed():
    game = Game(network(6), table(5, 6, 2))
    with pytest.raises(ValueError, match=r"at least 12: .* found 11"):
        permutation_shapley(game, table(2, 6, 3), n_queries=11, generator=seeded(0))


def test_with_its_knobs_bound_it_is_an_explainer():
    knobs = {"n_queries": 20, "generator": seeded(0)}
    assert isinstance(explainer_of(permutation_shapley, table(5, 4, 2), **knobs), Explainer)
