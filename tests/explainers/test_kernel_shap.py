"""KernelSHAP and leverage sampling: exact where they must be, close where they can be."""

import pytest
import torch

from metaxai_lab.core import Explainer, seeded
from metaxai_lab.explainers import (
    Game,
    ModelFailedError,
    all_coalitions,
    exact_shapley,
    explainer_of,
    kernel_shap,
    leverage_shap,
    shapley_of,
)
from metaxai_lab.explainers.coalitions import kernel_mass, paired_coalitions
from metaxai_lab.explainers.kernel_shap import kernel_weight, shapley_map

DOUBLE = torch.float64
both = pytest.mark.parametrize("estimate", [kernel_shap, leverage_shap])


def table(n_rows, n_columns, seed):
    return torch.randn(n_rows, n_columns, generator=seeded(seed), dtype=DOUBLE)


def network(n_columns, n_outputs=2, seed=0):
    first, last = table(n_columns, 16, seed), table(16, n_outputs, seed + 1)
    return lambda x: (x @ first).tanh() @ last


def in_pairs(n_columns):
    """Return a model in which columns act alone and in pairs, no more."""
    alone, pairs = table(n_columns, 1, 0), table(n_columns, n_columns, 1)
    return lambda x: x @ alone + ((x @ pairs) * x).sum(-1, keepdim=True)


def errors(found, exact):
    return (found.values - exact.values).norm(dim=-1) / exact.values.norm(dim=-1)


@both
@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_with_all_coalitions_it_is_exact(estimate, n):
    game, rows = Game(network(n), table(5, n, 2)), table(4, n, 3)
    found = estimate(game, rows, n_queries=2**n + 2 * n, generator=seeded(0))
    assert game.n_queries == 4 * 2**n
    torch.testing.assert_close(found.values, exact_shapley(game, rows).values, atol=1e-6, rtol=0)


@both
def test_a_model_worked_by_hand_on_three_columns(estimate):
    # f = 2 x0 + x1 x2 at (1, 2, 3) against zeros: the product of 6 is shared evenly
    model = lambda x: (2 * x[..., 0] + x[..., 1] * x[..., 2]).unsqueeze(-1)  # noqa: E731
    game, row = Game(model, torch.zeros(1, 3)), torch.tensor([[1.0, 2.0, 3.0]])
    found = estimate(game, row, n_queries=8, generator=seeded(0)).values
    torch.testing.assert_close(found, torch.tensor([[2.0, 3.0, 3.0]]), atol=1e-6, rtol=0)


def test_the_map_of_all_coalitions_is_the_formula_of_shapley():
    values = torch.randn(3, 64, generator=seeded(0), dtype=DOUBLE)
    inner = all_coalitions(6)[1:-1]
    found = values @ shapley_map(inner, kernel_weight(inner))
    torch.testing.assert_close(found, shapley_of(values), atol=1e-10, rtol=0)


def test_the_kernel_worked_by_hand():
    # n = 4: 3 / (ways * s * (4 - s)) is 1/4, 1/8, 1/4 for sizes 1, 2, 3
    weight = kernel_weight(torch.tensor([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 1]]).bool())
    torch.testing.assert_close(weight / weight[0], torch.tensor([1.0, 0.5, 1.0], dtype=DOUBLE))


@both
@pytest.mark.parametrize("n_queries", [20, 21, 57, 300])
def test_the_values_add_up_whatever_the_budget(estimate, n_queries):
    model, background = network(10), table(16, 10, 2).float()
    single = lambda x: model(x.double()).float()  # noqa: E731
    game = Game(single, background)
    found = estimate(game, table(6, 10, 3).float(), n_queries=n_queries, generator=seeded(0))
    assert float(found.gap.abs().max()) < 1e-4


@both
@pytest.mark.parametrize("n_queries", [16, 17, 40, 101])
def test_it_spends_what_it_may_and_not_more(estimate, n_queries):
    game = Game(network(8), table(4, 8, 2))
    estimate(game, table(3, 8, 3), n_queries=n_queries, generator=seeded(0))
    assert game.n_queries == 3 * (n_queries // 2 * 2)


def test_two_queries_for_each_column_are_exact_where_columns_act_in_pairs_at_most():
    game, rows = Game(in_pairs(7), table(5, 7, 2)), table(4, 7, 3)
    found = kernel_shap(game, rows, n_queries=14, generator=seeded(0))
    torch.testing.assert_close(found.values, exact_shapley(game, rows).values, atol=1e-8, rtol=0)


@pytest.mark.parametrize("n_queries", [16, 18, 30])
def test_single_columns_and_their_complements_are_asked_first(n_queries, monkeypatch):
    game, asked = Game(network(8), table(4, 8, 2)), []
    answer = game.values
    monkeypatch.setattr(game, "values", lambda x, masks: asked.append(masks) or answer(x, masks))
    kernel_shap(game, table(3, 8, 3), n_queries=n_queries, generator=seeded(0))
    count = asked[0].sum(1).bincount(minlength=9).tolist()
    assert count[1] == count[7] == min(8, (n_queries - 2) // 2)


def test_leverage_sampling_asks_as_many_of_each_size(monkeypatch):
    game, asked = Game(network(8), table(4, 8, 2)), []
    answer = game.values
    monkeypatch.setattr(game, "values", lambda x, masks: asked.append(masks) or answer(x, masks))
    leverage_shap(game, table(3, 8, 3), n_queries=30, generator=seeded(0))
    assert asked[0].sum(1).bincount().tolist() == [1, 4, 4, 4, 4, 4, 4, 4, 1]


@both
def test_more_queries_bring_it_closer(estimate):
    game, rows = Game(network(10), table(8, 10, 2)), table(16, 10, 3)
    exact = exact_shapley(game, rows)
    few, more, many = (
        float(errors(estimate(game, rows, n_queries=k, generator=seeded(0)), exact).mean())
        for k in (40, 160, 640)
    )
    assert many < 0.6 * more < 0.6 * 0.6 * few


def test_pairs_are_closer_than_the_same_number_drawn_alone():
    game, rows = Game(network(10), table(8, 10, 2)), table(16, 10, 3)
    exact, values = exact_shapley(game, rows), game.values(rows, all_coalitions(10))
    paired, single = [], []
    for seed in range(5):
        found = kernel_shap(game, rows, n_queries=102, generator=seeded(seed))
        paired.append(float(errors(found, exact).mean()))
        inner = all_coalitions(10)[1:-1]
        weight = kernel_weight(inner)
        drawn = torch.multinomial(weight, 100, replacement=True, generator=seeded(seed))
        lead = shapley_map(inner[drawn], torch.ones(100, dtype=DOUBLE))
        some = torch.cat([values[:, :1], values[:, 1 + drawn], values[:, -1:]], 1) @ lead
        single.append(float(((some - exact.values).norm(dim=1) / exact.values.norm(dim=1)).mean()))
    assert sum(paired) < 0.6 * sum(single)


def test_columns_dealt_like_cards_bring_it_closer():
    game, rows = Game(network(12), table(8, 12, 2)), table(16, 12, 3)
    exact, values = exact_shapley(game, rows).values, game.values(rows, all_coalitions(12))
    mass, place = kernel_mass(12), 2 ** torch.arange(12)
    mass[[0, -1]] = 1e9  # single columns first, as kernel_shap does

    def error(dealt, seed):
        masks, chance = paired_coalitions(12, 48, mass, generator=seeded(seed), dealt=dealt)
        some = values[:, (masks.long() * place).sum(1)]
        whole = torch.cat([values[:, :1], some, values[:, -1:]], 1)
        found = whole @ shapley_map(masks, kernel_weight(masks) / chance)
        return float(((found - exact).norm(dim=1) / exact.norm(dim=1)).mean())

    dealt, drawn = (sum(error(how, seed) for seed in range(20)) for how in (True, False))
    assert dealt < 0.95 * drawn


@both
def test_rows_explained_together_are_explained_as_alone(estimate):
    game, rows = Game(network(9), table(8, 9, 2)), table(5, 9, 3)
    together = estimate(game, rows, n_queries=60, generator=seeded(4)).values
    alone = [estimate(game, row[None], n_queries=60, generator=seeded(4)).values for row in rows]
    torch.testing.assert_close(together, torch.cat(alone))


@both
def test_stacked_tasks_are_explained_as_one_by_one(estimate):
    first = torch.randn(2, 6, 3, generator=seeded(0), dtype=DOUBLE)
    background, rows = table(10, 6, 2).view(2, 5, 6), table(6, 6, 3).view(2, 3, 6)
    knobs = {"n_queries": 30}
    game = Game(lambda x: (x @ first).tanh(), background)
    stacked = estimate(game, rows, **knobs, generator=seeded(1))
    for task in range(2):
        alone = Game(lambda x, w=first[task]: (x @ w).tanh(), background[task])
        one = estimate(alone, rows[task], **knobs, generator=seeded(1))
        torch.testing.assert_close(stacked.values[task], one.values)


def test_twins_get_equal_values_once_the_budget_covers_all():
    inner = network(4)
    model = lambda x: inner(torch.cat([x[..., :1] + x[..., 1:2], x[..., 2:]], -1))  # noqa: E731
    background, rows = table(6, 5, 2), table(4, 5, 3)
    background[:, 1], rows[:, 1] = background[:, 0], rows[:, 0]
    found = kernel_shap(Game(model, background), rows, n_queries=32, generator=seeded(0)).values
    torch.testing.assert_close(found[:, 0], found[:, 1], atol=1e-10, rtol=0)


def test_it_draws_from_its_generator_only():
    game, rows = Game(network(8), table(4, 8, 2)), table(3, 8, 3)
    before = torch.get_rng_state()
    one, same, other = (
        kernel_shap(game, rows, n_queries=40, generator=seeded(seed)).values for seed in (0, 0, 1)
    )
    assert one.equal(same)
    assert not one.equal(other)
    assert torch.get_rng_state().equal(before)


def test_thirty_columns_are_no_trouble():
    game, rows = Game(in_pairs(30), table(4, 30, 2)), table(3, 30, 3)
    found = kernel_shap(game, rows, n_queries=200, generator=seeded(0))
    empty, whole = game.ends(rows)
    torch.testing.assert_close(found.values.sum(-1), whole - empty)


@both
@pytest.mark.parametrize(("n", "n_queries"), [(6, 11), (6, 0), (1, 1)])
def test_fewer_queries_than_two_a_column_are_refused_with_what_is_needed(estimate, n, n_queries):
    game = Game(network(n), table(5, n, 2))
    with pytest.raises(ValueError, match=f"at least {2 * n}: .* found {n_queries}"):
        estimate(game, table(2, n, 3), n_queries=n_queries, generator=seeded(0))


def test_what_was_paid_for_is_kept_if_the_model_fails():
    model, calls = network(8), []

    def flaky(x):
        calls.append(len(x))
        if len(calls) == 3:
            raise TimeoutError
        return model(x)

    game, rows = Game(flaky, table(4, 8, 2), tile=40), table(3, 8, 3)
    with pytest.raises(ModelFailedError):
        kernel_shap(game, rows, n_queries=40, generator=seeded(0))
    found = kernel_shap(game, rows, n_queries=40, generator=seeded(0))
    assert game.n_queries == 3 * 40
    calm = kernel_shap(Game(model, table(4, 8, 2)), rows, n_queries=40, generator=seeded(0))
    torch.testing.assert_close(found.values, calm.values)


@both
def test_with_its_knobs_bound_it_is_an_explainer(estimate):
    knobs = {"n_queries": 20, "generator": seeded(0)}
    explain = explainer_of(estimate, table(5, 4, 2), **knobs)
    assert isinstance(explain, Explainer)
    found = explain(network(4), table(3, 4, 3), target=torch.tensor([0, 1, 0]))
    assert found.values.shape == (3, 4)
