"""The process that adapts: relevances follow the answers, and values still add up."""

import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_prior import fit_prior
from metaxai_lab.explainers.coalition_process import CoalitionProcess
from metaxai_lab.explainers.played_games import play_random_models


def asked(n_queries=20, n_features=6):
    games = play_random_models(20, n_features=n_features, n_rows=4, generator=seeded(0))
    prior = fit_prior(games)
    masks = prior.design(n_queries)
    answers = games.asked(masks)
    return games, masks, answers, prior.joint(masks).shapley(answers)[0]


def test_values_add_up_before_and_after_adaptation():
    _, masks, answers, pilot = asked()
    for steps in (0, 5):
        found, spread = CoalitionProcess().shapley(answers, masks, pilot, steps)
        assert torch.allclose(found.sum(-1), answers[..., 0], atol=1e-9)
        assert bool((spread >= 0).all())
        assert found.isfinite().all()


def test_steps_make_the_answers_more_likely():
    _, masks, answers, pilot = asked()
    size = answers.square().mean(-1, keepdim=True).sqrt()
    process, surprise = CoalitionProcess(), []
    start = process.start(pilot / size)
    for steps in (0, 3, 12):
        with torch.no_grad():
            adapted = process.adapt(answers / size, masks, pilot / size, steps)
            left = process._surprise(adapted, start, answers / size, masks)
        surprise.append(float(left.sum()))
    assert surprise[0] > surprise[1] > surprise[2]


def test_columns_that_do_nothing_lose_their_relevance():
    n = 6
    masks = fit_prior(play_random_models(20, n_features=n, generator=seeded(0))).design(24)
    z = masks.double()
    u = z[:, 0] + 2 * z[:, 1] * z[:, 2]  # columns 3 to 5 are idle
    answers = u.expand(1, 1, -1)
    pilot = torch.ones(1, 1, n, dtype=torch.float64)  # a start that knows nothing
    with torch.no_grad():
        adapted = CoalitionProcess().adapt(answers, masks, pilot, 15)
    assert float(adapted.relevance[0, :3].min()) > 3 * float(adapted.relevance[0, 3:].max())


def test_models_of_a_stack_adapt_alone():
    _, masks, answers, pilot = asked()
    together = CoalitionProcess().shapley(answers, masks, pilot, 4)[0]
    alone = CoalitionProcess().shapley(answers[3:4], masks, pilot[3:4], 4)[0]
    assert torch.allclose(together[3], alone[0], atol=1e-8)


def test_the_gradient_reaches_the_start_through_the_steps():
    games, masks, answers, pilot = asked()
    process = CoalitionProcess()
    found, _ = process.shapley(answers, masks, pilot, 3)
    (found - games.exact).square().sum().backward()
    slopes = {name: p.grad for name, p in process.shared.items()}
    assert all(slope is not None and bool((slope != 0).any()) for slope in slopes.values())
