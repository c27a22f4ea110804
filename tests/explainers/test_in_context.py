"""The network in context begins as the closed form, adds up, and knows no column by name."""

import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_prior import fit_prior
from metaxai_lab.explainers.in_context import InContext, train_in_context
from metaxai_lab.explainers.played_games import play_random_models
from metaxai_lab.explainers.process_training import error_share

GAMES = play_random_models(10, n_features=5, n_rows=3, generator=seeded(0))
PRIOR = fit_prior(GAMES)
MASKS = PRIOR.design(10)
ANSWERS = GAMES.asked(MASKS)
PILOT = PRIOR.joint(MASKS).shapley(ANSWERS)[0]


def moved():
    """A network whose last layer says something."""
    net = InContext(width=8, generator=seeded(0))
    torch.nn.init.normal_(net.last.weight, generator=seeded(1))
    return net.requires_grad_(False)


def test_before_training_it_is_the_closed_form():
    with torch.no_grad():
        found = InContext(width=8, generator=seeded(0))(ANSWERS, MASKS, PILOT)
    torch.testing.assert_close(found, PILOT)


def test_corrected_values_add_up_to_the_same():
    found = moved()(ANSWERS, MASKS, PILOT)
    assert (found - PILOT).abs().max() > 1e-3
    torch.testing.assert_close(found.sum(-1), PILOT.sum(-1))


def test_columns_in_another_order_get_the_same_values_in_that_order():
    order = torch.tensor([2, 0, 4, 1, 3])
    found = moved()(ANSWERS, MASKS, PILOT)[..., order]
    turned = moved()(ANSWERS, MASKS[:, order], PILOT[..., order])
    torch.testing.assert_close(turned, found, rtol=1e-4, atol=1e-5)


def test_questions_in_another_order_change_nothing():
    order = torch.arange(len(MASKS)).flip(0)
    turned = moved()(ANSWERS[..., order], MASKS[order], PILOT)
    torch.testing.assert_close(turned, moved()(ANSWERS, MASKS, PILOT), rtol=1e-4, atol=1e-5)


def test_a_game_ten_times_as_large_gets_values_ten_times_as_large():
    found = moved()(10 * ANSWERS, MASKS, 10 * PILOT)
    torch.testing.assert_close(found, 10 * moved()(ANSWERS, MASKS, PILOT), rtol=1e-4, atol=1e-5)


def test_training_lowers_the_closed_form_s_error_on_the_games_it_sees():
    games = play_random_models(10, n_features=5, n_rows=3, families=("trees",), generator=seeded(0))
    prior, net = fit_prior(games), InContext(width=16, generator=seeded(0))
    train_in_context(net, games, prior, queries=(10,), steps=300, generator=seeded(0))
    masks = prior.design(10)
    answers = games.asked(masks)
    pilot = prior.joint(masks).shapley(answers)[0]
    with torch.no_grad():
        found = net(answers, masks, pilot)
    assert error_share(found, games.exact) < 0.9 * error_share(pilot, games.exact)
