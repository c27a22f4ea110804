"""The outer loop: adaptation learned across models errs less on models it has not met."""

import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_prior import fit_prior
from metaxai_lab.explainers.coalition_process import CoalitionProcess
from metaxai_lab.explainers.played_games import play_random_models
from metaxai_lab.explainers.process_training import adapted_shapley, train_process

HOW = {"n_features": 6, "n_rows": 4}


def test_trained_it_errs_less_and_its_intervals_hold_what_they_promise():
    games = play_random_models(140, **HOW, generator=seeded(0))
    unseen = play_random_models(70, **HOW, generator=seeded(5))
    prior, process = fit_prior(games), CoalitionProcess()
    how = {"queries": (14, 24), "outer_steps": 30, "inner_steps": 4, "generator": seeded(1)}

    def judged():
        with torch.no_grad():
            found, spread = adapted_shapley(process, unseen, prior, 14, 4)
        off = (found - unseen.exact).abs()
        return float(off.mean()), float((off <= 1.6449 * spread + 1e-9).double().mean())

    before, _ = judged()
    losses = train_process(process, games, prior, **how)
    after, held = judged()
    assert after < 0.9 * before
    assert sum(losses[-6:]) < sum(losses[:6])
    assert 0.82 < held < 0.97


def test_the_same_seed_trains_the_same_process():
    games = play_random_models(20, **HOW, generator=seeded(0))
    prior, made = fit_prior(games), []
    for _ in range(2):
        process = CoalitionProcess()
        how = {"queries": (14, 24), "outer_steps": 2, "inner_steps": 2}
        train_process(process, games, prior, **how, generator=seeded(1))
        made.append(process.shared["log_scales"].detach().clone())
    assert torch.equal(*made)
