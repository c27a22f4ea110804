"""The search for any model: as cheap as the exact one, turned when asked again, better than lot."""

import torch

from metaxai_lab.core import initialised_with, seeded
from metaxai_lab.explainers.counterfactual import Allowed, linear_counterfactual
from metaxai_lab.explainers.counterfactual_search import random_change, search_counterfactual

RULES = Allowed(
    torch.zeros(4),
    torch.full((4,), 12.0),
    torch.tensor([1.0, 0.5, 1.0, 1.0]),
    torch.tensor([1.0, 0.4, 2.0, 1.0]),
    ("both", "down", "up", "never"),
)
WEIGHTS = torch.tensor([1.0, -2.0, 3.0, 9.0])


def rows(n=30, seed=0):
    return torch.randint(0, 13, (n, 4), generator=seeded(seed)).float()


def line(x):
    return x @ WEIGHTS[:, None] - 100


def net(seed=1):
    with initialised_with(seeded(seed)):
        return torch.nn.Sequential(
            torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)
        ).eval()


def test_with_every_step_asked_about_it_is_as_cheap_as_the_exact_answer():
    exact = linear_counterfactual(WEIGHTS, -100.0, rows(), RULES, bound=0.0, margin=0.0, most=2)
    found = search_counterfactual(line, rows(), RULES, bound=0.0, levels=100)
    assert torch.equal(found.found, exact.found)
    assert torch.allclose(found.cost, exact.cost, atol=1e-4)


def test_a_net_that_is_asked_again_says_yes_to_every_change_that_was_found():
    model, asked = net(), rows(60)
    low = asked[model(asked)[:, 0] < 0.1]
    found = search_counterfactual(model, low, RULES, bound=0.1, levels=6)
    assert int(found.found.sum()) > 5
    assert bool((model(found.changed[found.found])[:, 0] >= 0.1).all())


def test_walking_back_leaves_no_step_that_was_not_needed():
    found = search_counterfactual(line, rows(), RULES, bound=0.0, levels=3)
    for column in range(3):
        back = found.steps.clone()
        back[:, column] -= back[:, column].sign()
        moved = found.found & (found.steps[:, column] != 0)
        still = line(found.rows + back * RULES.step)[:, 0] >= 0
        assert not bool((still & moved).any())


def test_what_may_never_change_stays():
    found = search_counterfactual(net(), rows(), RULES, bound=0.0)
    assert torch.equal(found.changed[:, 3], rows()[:, 3])


def test_lot_moves_as_many_allowed_columns_within_their_ranges():
    exact = linear_counterfactual(WEIGHTS, -100.0, rows(200), RULES, bound=0.0, most=2)
    moved = random_change(exact, RULES, generator=seeded(0))
    changed = (moved != exact.rows).sum(1)
    assert bool((changed <= (exact.steps != 0).sum(1)).all())
    assert float((changed[exact.found] > 0).float().mean()) > 0.5
    assert torch.equal(moved[:, 3], exact.rows[:, 3])
    assert bool(((moved >= 0) & (moved <= 12)).all())


def test_lot_turns_fewer_answers_than_the_exact_change():
    asked = rows(200)
    exact = linear_counterfactual(WEIGHTS, -100.0, asked[line(asked)[:, 0] < 0], RULES, bound=0.0)
    moved = random_change(exact, RULES, generator=seeded(0))
    turned = (line(moved)[:, 0] >= 0)[exact.found].float().mean()
    assert bool((line(exact.changed)[:, 0] >= 0)[exact.found].all())
    assert float(turned) < 0.6
