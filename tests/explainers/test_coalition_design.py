"""Questions chosen by greed: pairs that leave the least doubt."""

import torch

from metaxai_lab.core import seeded
from metaxai_lab.explainers.coalition_design import paired_design
from metaxai_lab.explainers.coalition_prior import fit_prior, hand_prior
from metaxai_lab.explainers.coalitions import all_coalitions
from metaxai_lab.explainers.played_games import play_random_models


def doubt(prior, masks):
    return float(prior.joint(masks).doubt().sum())


def test_the_first_pair_is_the_best_of_all_pairs():
    prior = hand_prior(5, 0.5)
    everyone = all_coalitions(5)
    doubts = [doubt(prior, everyone[[31, i, 31 - i]]) for i in range(1, 16)]
    assert doubt(prior, prior.design(4)) <= min(doubts) + 1e-9
    assert max(doubts) > min(doubts) * 1.002


def learned():
    return fit_prior(play_random_models(30, n_features=5, n_rows=3, generator=seeded(0)))


def test_each_step_of_greed_is_the_best_that_is_left():
    prior, everyone = learned(), all_coalitions(5)
    chosen = paired_design(prior.everything, 3, passes=0)
    for n in (3, 5):
        known = chosen[:n]
        free = [i for i in range(1, 16) if not (known == everyone[i]).all(-1).any()]
        best = min(doubt(prior, torch.cat([known, everyone[[i, 31 - i]]])) for i in free)
        assert doubt(prior, chosen[: n + 2]) <= best * (1 + 1e-3)


def test_no_exchange_of_one_pair_leaves_less_doubt():
    prior, everyone = learned(), all_coalitions(5)
    chosen = prior.design(12)
    assert doubt(prior, chosen) < 0.999 * doubt(prior, paired_design(prior.everything, 5, passes=0))
    for place in range(1, 11, 2):
        kept = torch.cat([chosen[:place], chosen[place + 2 :]])
        free = [i for i in range(1, 16) if not (kept == everyone[i]).all(-1).any()]
        best = min(doubt(prior, torch.cat([kept, everyone[[i, 31 - i]]])) for i in free)
        assert doubt(prior, chosen) <= best * (1 + 1e-3)


def test_all_columns_come_first_then_pairs_and_none_twice():
    masks = paired_design(hand_prior(6).everything, 10)
    assert bool(masks[0].all())
    assert torch.equal(masks[1::2], ~masks[2::2])
    assert len(masks.unique(dim=0)) == 21
