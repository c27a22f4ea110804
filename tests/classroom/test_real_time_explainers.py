"""Kept explainers say what their rooms say, item by item; adapted ones still add up."""

import pytest
import torch

from metaxai_lab.classroom import real_time_explainers as room
from metaxai_lab.classroom.travelling_study import Traveller
from metaxai_lab.core import seeded
from metaxai_lab.explainers import (
    CoalitionProcess,
    Game,
    exact_shapley,
    hand_prior,
    kernel_shap,
    travelling,
)

ROWS = torch.randn(4, 10, generator=seeded(0))


def model(x):
    return (x[..., :1] * x[..., 1:2] + torch.sin(2 * x[..., 2:3]) + x[..., 3:4]).contiguous()


@pytest.fixture
def game():
    return Game(model, torch.randn(6, 10, generator=seeded(1)))


@pytest.fixture
def traveller():
    return Traveller(hand_prior(10), CoalitionProcess(), 0.0, 0.0)


def test_the_kept_exact_one_is_exact(game):
    found, wanted = room.exact(game)(ROWS), exact_shapley(game, ROWS).values
    assert torch.allclose(found, wanted, atol=1e-5)
    assert room.error_of(found, wanted) < 1e-5


def test_kept_kernel_shap_is_kernel_shap_with_one_draw(game):
    found = room.kept_kernel(game, 38, seed=4)(ROWS)
    wanted = kernel_shap(game, ROWS, n_queries=38, generator=seeded(4)).values
    assert torch.allclose(found, wanted, atol=1e-5)


def test_what_is_drawn_anew_differs_from_row_to_row_and_still_adds_up():
    # a coalition beside its rest is exact for two columns that act together, so three do here
    game = Game(lambda x: x[..., :3].prod(-1, keepdim=True), ROWS)
    explain = room.drawn_anew(game, 20)
    twice = explain(ROWS[:1].expand(2, -1))
    assert float((twice[0] - twice[1]).abs().max()) > 1e-4
    empty, whole = game.ends(ROWS[:1])
    assert torch.allclose(twice.sum(-1), (whole - empty).expand(2), atol=1e-4)


def test_the_kept_traveller_is_the_traveller(game, traveller):
    found = room.kept_traveller(game, traveller, 38)(ROWS)
    wanted = travelling(game, ROWS, prior=traveller.prior, n_queries=38).values
    assert torch.allclose(found, wanted, atol=1e-4)


def test_an_adapted_one_is_the_adapted_room_on_the_rows_it_adapted_to(game, traveller):
    found = room.kept_traveller(game, traveller, 38, seen=ROWS)(ROWS)
    how = {"prior": traveller.prior, "process": traveller.process, "steps": room.STEPS}
    wanted = travelling(game, ROWS, n_queries=38, **how).values
    assert torch.allclose(found, wanted, atol=1e-4)


@pytest.mark.parametrize("name", ["KernelSHAP, kept", "travelling", "travelling, adapted"])
def test_values_add_up_and_a_row_costs_its_queries(name, game, traveller):
    one = room.Mill(model, game, torch.randn(60, 10, generator=seeded(2)), ROWS)
    explain = room.all_of(one, traveller, lambda rows: rows, budgets=(20,))[name][20]
    empty, whole = game.ends(ROWS)
    before = game.n_queries
    assert torch.allclose(explain(ROWS).sum(-1), whole - empty, atol=1e-4)
    assert game.n_queries - before == 20 * len(ROWS)


def test_rows_one_by_one_are_explained_as_together(game, traveller):
    explain = room.kept_traveller(game, traveller, 20)
    alone = torch.cat([explain(row) for row in ROWS.split(1)])
    assert torch.allclose(alone, explain(ROWS), atol=1e-5)


def test_a_curve_has_a_point_for_each_budget(game):
    tried = {"exact": {1024: room.exact(game)}}
    found = room.anytime(tried, ROWS, exact_shapley(game, ROWS).values, n_timed=2)
    assert found["exact"][1024].error < 1e-5
    assert len(found["exact"][1024].latency.cpu) == 2


def test_the_mill_learned_its_world():
    one = room.mill(0, n_items=8)
    assert one.items.shape == (8, 10)
    assert one.game.background.shape == (room.N_BACKGROUND, 10)
    assert float(one.model(one.seen).std()) > 0.5
