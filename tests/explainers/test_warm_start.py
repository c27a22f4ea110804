"""A learned start is judged by a model it has not seen, beside a start that knows nothing."""

import pytest
import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers import Game, exact_shapley
from metaxai_lab.explainers.amortized import Training, learned
from metaxai_lab.explainers.amortized_net import AmortizedNet
from metaxai_lab.explainers.stored_values import store_coalitions
from metaxai_lab.explainers.warm_start import reptile_start

DATA = torch.randn(200, 3, generator=seeded(0))


def game_of(seed):
    slopes = torch.tensor([3.0, -2, 1]) + 0.3 * torch.randn(3, generator=seeded(seed))

    def model(x):
        return (x @ slopes).unsqueeze(-1) + x[..., :1] * x[..., 1:2]

    return Game(model, DATA[:8])


def store(seed, n_rows=200):
    return store_coalitions(game_of(seed), DATA[:n_rows], n_coalitions=4, generator=seeded(seed))


def start_of(stores, **knobs):
    return reptile_start(stores, **{"width": 16, "inner_lr": 0.03} | knobs, generator=seeded(0))


def error_of(start):
    game, few = game_of(99), store(99, 20)
    how = Training(width=16, steps=20, batch=20, outer_lr=0.002)
    explain = learned(game, few, training=how, start=start, generator=seeded(1))
    exact = exact_shapley(game, DATA[100:150]).values
    return float((explain(game.model, DATA[100:150], target=0).values - exact).norm())


def test_an_unseen_model_is_explained_better_from_a_start_that_was_learned():
    start = start_of([store(seed) for seed in range(4)], rounds=10)
    assert error_of(start) < 0.5 * error_of(AmortizedNet(DATA, width=16, generator=seeded(0)))


def test_the_start_is_one_network():
    assert start_of([store(0), store(1)], rounds=1).n_members == 1


def test_explainers_that_do_not_move_leave_the_start_where_it_was():
    stores = [store(0), store(1)]
    generator = seeded(0)
    first = AmortizedNet(torch.cat([s.rows for s in stores]), width=16, generator=generator)
    moved = start_of(stores, rounds=1, inner_lr=1e-12)
    for one, other in zip(first.parameters(), moved.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=0)


def test_models_of_other_tables_are_refused():
    wide = store_coalitions(Game(lambda x: x, torch.eye(4)), torch.eye(4), generator=seeded(0))
    with pytest.raises(ValueError, match=r"2 stores of \[3, 4\] columns"):
        start_of([store(0), wide])
    with pytest.raises(ValueError, match="0 stores"):
        start_of([])
